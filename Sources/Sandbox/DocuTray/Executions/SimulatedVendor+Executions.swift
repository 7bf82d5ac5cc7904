import FoundationEssentials
package import QuotaCore
import Synchronization

/// Executions
extension SimulatedVendor {
  /// How executions go that are requested from now on.
  package var executionPlan: ExecutionPlan {
    get { state.withLock { $0.executionPlan } }
    set { state.withLock { $0.executionPlan = newValue } }
  }

  /// In the order in which they were requested.
  package var executions: [SimulatedExecution] { state.withLock { $0.executions.all } }

  /// Requests an execution as an organization's own software would; nil if there is no such organization.
  @discardableResult
  package func addExecution(
    of organization: OrganizationID, kind: ExecutionKind, plan: ExecutionPlan? = nil, id: ExecutionID? = nil
  ) -> SimulatedExecution? {
    state.withLock { state in
      guard state.organizations[organization] != nil else { return nil }
      let step = kind == .step ? ExecutionID(rawValue: "step-1") : nil
      return state.addExecution(of: organization, kind, step: step, plan: plan, id: id)
    }
  }
}

extension SimulatedVendor.State {
  mutating func addExecution(
    of organization: OrganizationID, _ kind: ExecutionKind, step: ExecutionID?,
    document: DocumentRequest = DocumentRequest(), plan: ExecutionPlan? = nil, id: ExecutionID? = nil
  ) -> SimulatedExecution? {
    guard let id = id ?? executions.nextID() else { return nil }
    let execution = SimulatedExecution(
      id: id, organization: organization, kind: kind, step: step, documentType: document.type ?? "invoice",
      metadata: document.metadata, filename: document.filename, requestedAt: clock.now.wholeMilliseconds,
      plan: plan ?? executionPlan)
    executions.add(execution)
    return execution
  }

  /// Adds what has ended well since the last time to the counters of the month of its end: one conversion, whatever the
  /// kind, and its pages.
  mutating func countExecutions() {
    for execution in executions.takeCompleted(at: clock.now) {
      guard let month = calendar.shape(containing: execution.endsAt)?.month else { continue }
      book.add(Counters(pages: execution.plan.pages, conversions: 1), to: execution.organization, in: month)
    }
  }
}

extension Date {
  /// This moment to the millisecond, and not after it: nothing is requested in the future.
  fileprivate var wholeMilliseconds: Date {
    Date(timeIntervalSince1970: (timeIntervalSince1970 * 1_000).rounded(.down) / 1_000)
  }
}
