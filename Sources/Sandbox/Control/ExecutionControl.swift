import FoundationEssentials
import Hummingbird
import QuotaCore

/// `/sandbox/executions`: what the vendor was asked for, and how that goes.
extension Control {
  private struct Listing: Encodable {
    let total: Int
    /// The latest, newest last.
    let executions: [Entry]
  }

  private struct Entry: Encodable {
    let id: String
    let organization: String
    let kind: ExecutionKind
    let status: ExecutionStatus
    let requestedAt: Date
    let endsAt: Date
    let outcome: String
    let pages: Int64

    init(_ execution: SimulatedExecution, at now: Date) {
      id = execution.id.rawValue
      organization = execution.organization.rawValue
      kind = execution.kind
      status = execution.status(at: now)
      requestedAt = execution.requestedAt
      endsAt = execution.endsAt
      outcome = execution.plan.outcome.rawValue
      pages = execution.plan.pages
    }
  }

  private enum Change {
    /// How coming executions go.
    case plan(ExecutionPlan)
    case add(OrganizationID, ExecutionKind, ExecutionPlan)
  }

  private enum Outcome: Encodable {
    case done(Done)
    case added(Entry?)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .done(let done): try done.encode(to: encoder)
      case .added(let entry): try entry.encode(to: encoder)
      }
    }
  }

  func registerExecutions(on router: Router<SandboxContext>) {
    router.get("/sandbox/executions") { _, _ in
      let executions = vendor.executions
      let now = vendor.now
      return try ControlExchange.answer(
        Listing(total: executions.count, executions: executions.suffix(Self.listed).map { Entry($0, at: now) }))
    }
    router.post("/sandbox/executions") { request, _ in
      try await ControlExchange.take(request, change) { change -> Outcome in
        switch change {
        case .plan(let plan):
          vendor.executionPlan = plan
          return .done(Done())
        case .add(let organization, let kind, let plan):
          let added = vendor.addExecution(of: organization, kind: kind, plan: plan)
          return .added(added.map { Entry($0, at: vendor.now) })
        }
      }
    }
  }

  private func change(_ object: inout ConfigurationObject) -> Change? {
    if let plan = object.optional("plan") {
      return plan.object { .plan(Self.plan(&$0, vendor.executionPlan)) }
    }
    let organization = object.required("organization").flatMap { self.organization($0) }
    let kind = object.required("kind")?.choice(of: ExecutionKind.self)
    let plan = Self.plan(&object, vendor.executionPlan)
    guard let organization, let kind else { return nil }
    return .add(organization, kind, plan)
  }

  private static func plan(_ object: inout ConfigurationObject, _ usual: ExecutionPlan) -> ExecutionPlan {
    let seconds: ClosedRange<Int64> = 0...31_536_000
    let enqueued = object.optional("enqueued_seconds").map { $0.integer(in: seconds) }
    let processing = object.optional("processing_seconds").map { $0.integer(in: seconds) }
    let outcome = object.optional("outcome").map { $0.choice(of: ExecutionPlan.Outcome.self) }
    let pages = object.optional("pages").map { $0.integer(in: 0...1_000_000) }
    let errorForm = object.optional("error_form").map { $0.choice(of: ExecutionPlan.ErrorForm.self) }
    return ExecutionPlan(
      enqueued: (enqueued ?? nil) ?? usual.enqueued, processing: (processing ?? nil) ?? usual.processing,
      outcome: (outcome ?? nil) ?? usual.outcome, pages: (pages ?? nil) ?? usual.pages,
      errorForm: (errorForm ?? nil) ?? usual.errorForm)
  }
}
