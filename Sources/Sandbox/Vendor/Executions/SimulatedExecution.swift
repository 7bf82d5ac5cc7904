package import FoundationEssentials
package import QuotaCore

/// How an execution goes.
package struct ExecutionPlan: Hashable, Sendable {
  package enum Outcome: String, CaseIterable, Sendable {
    case success
    case error
  }

  /// How an error is told: the vendor documents both.
  package enum ErrorForm: String, CaseIterable, Sendable {
    case object
    case text
  }

  /// How long it waits, in seconds of the vendor's clock.
  package let enqueued: Int64
  /// How long it is processed afterwards.
  package let processing: Int64
  package let outcome: Outcome
  /// How many pages it counts if it succeeds.
  package let pages: Int64
  package let errorForm: ErrorForm

  package init(
    enqueued: Int64 = 1, processing: Int64 = 2, outcome: Outcome = .success, pages: Int64 = 1,
    errorForm: ErrorForm = .object
  ) {
    self.enqueued = enqueued
    self.processing = processing
    self.outcome = outcome
    self.pages = pages
    self.errorForm = errorForm
  }
}

/// An operation that the vendor was asked for.
package struct SimulatedExecution: Hashable, Sendable {
  package let id: ExecutionID
  package let organization: OrganizationID
  package let kind: ExecutionKind
  /// The step's id; nil for other kinds.
  package let step: ExecutionID?
  /// The metadata that came with the document, as JSON text.
  package let metadata: String?
  /// What an uploaded file was called.
  package let filename: String?
  package let requestedAt: Date
  package let plan: ExecutionPlan

  package var endsAt: Date { requestedAt.addingTimeInterval(TimeInterval(plan.enqueued + plan.processing)) }

  package func status(at now: Date) -> ExecutionStatus {
    if now >= endsAt { return plan.outcome == .success ? .success : .error }
    return now >= requestedAt.addingTimeInterval(TimeInterval(plan.enqueued)) ? .processing : .enqueued
  }

  /// The answer of the status endpoint of its kind. What is in `data` stands for a document's content.
  func answer(at now: Date) -> String {
    let name = kind == .identification ? "identification_id" : "conversion_id"
    return "{" + #""\#(name)":"\#(id)","status":"\#(status(at: now).rawValue.uppercased())""# + common(at: now) + "}"
  }

  /// The body of the vendor's webhook. A completed step is `completed`, where everything else is `SUCCESS`.
  func event(at now: Date) -> String {
    let name =
      switch kind {
      case .step: "step_execution_id"
      case .conversion: "conversion_id"
      case .identification: "identification_id"
      }
    let status = status(at: now)
    let word = kind == .step && status == .success ? "completed" : status.rawValue.uppercased()
    return "{" + #""\#(name)":"\#(id)","status":"\#(word)""# + common(at: now) + "}"
  }

  /// Stands where a document's content would.
  package static let content = "CONTENT-OF-A-DOCUMENT"

  private func common(at now: Date) -> String {
    var text = #","request_timestamp":"\#(requestedAt.iso8601)""#
    if let step { text += #","step_id":"\#(step)","step_name":"Simulated step""# }
    if kind == .conversion { text += #","document_type_code":"invoice""# }
    if let filename { text += #","original_filename":\#(JSONText.quoted(filename))"# }
    if let metadata { text += #","document_metadata":\#(metadata)"# }
    guard now >= endsAt else { return text }
    text += #","response_timestamp":"\#(endsAt.iso8601)""#
    switch plan.outcome {
    case .success: text += #","data":{"text":"\#(Self.content)"}"#
    case .error:
      let problem = #""The document cannot be read""#
      text += #","error":\#(plan.errorForm == .text ? problem : #"{"message":\#(problem)}"#)"#
    }
    return text
  }
}

/// Every execution.
struct ExecutionBook {
  private var executions: [ExecutionID: SimulatedExecution] = [:]
  /// Those whose end is not in the counters yet.
  private var uncounted: [SimulatedExecution] = []

  var all: [SimulatedExecution] { executions.values.sorted { ($0.requestedAt, $0.id) < ($1.requestedAt, $1.id) } }

  subscript(id: ExecutionID) -> SimulatedExecution? { executions[id] }

  /// The next id: ids look like the vendor's, and are the same in every run.
  func nextID() -> ExecutionID? {
    let digits = String(executions.count + 1, radix: 36)
    return ExecutionID(rawValue: "cm5v" + String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits)
  }

  mutating func add(_ execution: SimulatedExecution) {
    executions[execution.id] = execution
    uncounted.append(execution)
  }

  /// The executions that have ended well and were not given out here before.
  mutating func takeCompleted(at now: Date) -> [SimulatedExecution] {
    guard !uncounted.isEmpty else { return [] }
    let ended = uncounted.filter { $0.endsAt <= now }
    if !ended.isEmpty { uncounted.removeAll { $0.endsAt <= now } }
    return ended.filter { $0.plan.outcome == .success }
  }
}
