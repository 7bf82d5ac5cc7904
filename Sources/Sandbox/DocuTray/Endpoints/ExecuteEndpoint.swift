import FoundationEssentials
import Hummingbird
import QuotaCore
import Synchronization

/// What the vendor can be asked to do with a document.
struct Operation: Hashable, Sendable {
  let kind: ExecutionKind
  /// Whether the answer is the result; otherwise it says where to ask for it.
  let isSynchronous: Bool

  /// A step is executed in one way only.
  static let all = [
    Operation(kind: .step, isSynchronous: false), Operation(kind: .conversion, isSynchronous: false),
    Operation(kind: .identification, isSynchronous: false), Operation(kind: .conversion, isSynchronous: true),
    Operation(kind: .identification, isSynchronous: true),
  ]

  var path: String {
    switch kind {
    case .step: "/api/steps-async"
    case .conversion: isSynchronous ? "/api/convert" : "/api/convert-async"
    case .identification: isSynchronous ? "/api/identify" : "/api/identify-async"
    }
  }

  var endpoint: VendorEndpoint {
    switch kind {
    case .step: .steps
    case .conversion: .convert
    case .identification: .identify
    }
  }
}

/// `POST /api/steps-async/{stepId}`, `/api/convert-async`, `/api/identify-async`, `/api/convert` and `/api/identify`: take a
/// document in one of the three ways and start an execution, which has ended at once where the answer is the result.
///
/// The texts of the errors about a document are not documented, nor how a document that cannot be processed is answered
/// where nobody asks for a status. An address whose host is `slow.invalid` is one that the vendor cannot download in time.
struct ExecuteEndpoint: Sendable {
  let vendor: SimulatedVendor

  func register(on router: Router<SandboxContext>) {
    for operation in Operation.all {
      let path = operation.kind == .step ? operation.path + "/:id" : operation.path
      router.post(RouterPath(path)) { request, context in
        let body = try await DocumentRequest.read(request)
        let step = context.parameters.get("id")
        return try await answer(operation, step, body, authorization: request.headers[.authorization])
          .response(on: context)
      }
    }
  }

  private func answer(
    _ operation: Operation, _ step: String?, _ body: Result<DocumentRequest, DocumentRequest.Refusal>,
    authorization: String?
  ) -> Reply {
    let (reply, request) = vendor.state.withLock { state in
      let admission = state.admit(authorization: authorization, at: operation.endpoint)
      let reply = admission.reply ?? Self.reply(operation, step, body, for: admission, in: &state)
      let path = ([operation.path] + (step.map { [$0] } ?? [])).joined(separator: "/")
      return admission.outcome(reply, "POST \(path)", gate: vendor.gate)
    }
    vendor.requests.append(request)
    return reply
  }

  private static func reply(
    _ operation: Operation, _ step: String?, _ body: Result<DocumentRequest, DocumentRequest.Refusal>,
    for admission: Admission, in state: inout SimulatedVendor.State
  ) -> Reply {
    let step = step.map { ExecutionID(rawValue: $0) }
    if case .some(nil) = step { return .documented(400, at: operation.endpoint) }
    let document: DocumentRequest
    switch body {
    case .success(let read): document = read
    case .failure(let refusal): return refusal.reply
    }
    if operation.kind == .conversion, document.type == nil {
      return DocumentRequest.Refusal.invalid("document_type_code is required").reply
    }
    let plan = operation.isSynchronous ? state.executionPlan.atOnce : state.executionPlan
    guard let organization = admission.organization,
      let execution = state.addExecution(
        of: organization.id, operation.kind, step: step ?? nil, document: document, plan: plan)
    else { return .documented(500, at: operation.endpoint) }
    guard operation.isSynchronous else { return Reply(status: 202, body: execution.beginning) }
    guard let result = execution.result else { return .message(400, SimulatedExecution.problem) }
    return Reply(status: 200, body: "{\(result)}")
  }
}
