package import FoundationEssentials
package import QuotaCore

/// How an execution goes.
package struct ExecutionPlan: Hashable, Sendable {
  package enum Outcome: String, CaseIterable, Sendable {
    case success
    case error
  }

  /// How a step's error is told: the vendor documents both. Its client takes other errors as a text only.
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

  /// The same for who waits for the result.
  var atOnce: ExecutionPlan {
    ExecutionPlan(enqueued: 0, processing: 0, outcome: outcome, pages: pages, errorForm: errorForm)
  }
}

/// An operation that the vendor was asked for.
package struct SimulatedExecution: Hashable, Sendable {
  package let id: ExecutionID
  package let organization: OrganizationID
  package let kind: ExecutionKind
  /// The step's id; nil for other kinds.
  package let step: ExecutionID?
  /// The code of the type that a conversion was asked for and that an identification finds.
  package let documentType: String
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

  /// The answer to the request, where its result is asked for afterwards.
  var beginning: String {
    let name = kind == .step ? "id" : idName
    var text = #"{"\#(name)":"\#(id)","status":"ENQUEUED""#
    if let step {
      text += #","step_id":"\#(step)","step_name":"Simulated step""#
    } else {
      text += #","status_url":"\#(StatusEndpoint.path(kind))/\#(id)","request_timestamp":"\#(requestedAt.iso8601)""#
    }
    return text + "}"
  }

  /// The result, as members of a JSON object; nil of one that does not succeed.
  var result: String? {
    guard plan.outcome == .success else { return nil }
    let data = #""data":{"text":"\#(Self.content)"}"#
    guard kind == .identification else { return data }
    return #""document_type":{"code":\#(RawJSON.quoted(documentType)),"name":"Simulated type","confidence":0.97},"#
      + #""alternatives":[],\#(data)"#
  }

  private var idName: String { kind == .identification ? "identification_id" : "conversion_id" }

  /// The answer of the status endpoint of its kind. What is in `data` stands for a document's content.
  func answer(at now: Date) -> String {
    "{" + #""\#(idName)":"\#(id)","status":"\#(status(at: now).rawValue.uppercased())""# + common(at: now) + "}"
  }

  /// The body of the vendor's webhook. A completed step is `completed`, where everything else is `SUCCESS`.
  func event(at now: Date) -> String {
    let name = kind == .step ? "step_execution_id" : idName
    let status = status(at: now)
    let word = kind == .step && status == .success ? "completed" : status.rawValue.uppercased()
    return "{" + #""\#(name)":"\#(id)","status":"\#(word)""# + common(at: now) + "}"
  }

  /// Stands where a document's content would.
  package static let content = "CONTENT-OF-A-DOCUMENT"

  /// What is said of one that fails.
  static let problem = "The document cannot be read"

  private func common(at now: Date) -> String {
    var text = #","request_timestamp":"\#(requestedAt.iso8601)""#
    if let step { text += #","step_id":"\#(step)","step_name":"Simulated step""# }
    if kind == .conversion { text += #","document_type_code":\#(RawJSON.quoted(documentType))"# }
    if let filename { text += #","original_filename":\#(RawJSON.quoted(filename))"# }
    if let metadata { text += #","document_metadata":\#(metadata)"# }
    guard now >= endsAt else { return text }
    text += #","response_timestamp":"\#(endsAt.iso8601)""#
    if let result { return text + ",\(result)" }
    let isText = plan.errorForm == .text || kind != .step
    return text + #","error":\#(isText ? #""\#(Self.problem)""# : #"{"message":"\#(Self.problem)"}"#)"#
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
