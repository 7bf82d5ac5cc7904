import FoundationEssentials
import Hummingbird
import QuotaCore
import Synchronization

/// `POST /api/steps-async/{stepId}`: takes a document in one of the three ways and starts an execution of it.
///
/// The texts of the errors about a document are not documented. An address whose host is `slow.invalid` is one that the
/// vendor cannot download in time.
struct StepEndpoint: Sendable {
  let vendor: SimulatedVendor

  private static let path = "/api/steps-async"

  func register(on router: Router<SandboxContext>) {
    router.post(RouterPath(Self.path + "/:id")) { request, context in
      let body = try await StepRequest.read(request)
      let step = context.parameters.get("id") ?? ""
      return try await answer(step, body, authorization: request.headers[.authorization]).response(on: context)
    }
  }

  private func answer(_ step: String, _ body: Result<StepRequest, Refusal>, authorization: String?) -> Reply {
    let (reply, request) = vendor.state.withLock { state in
      let admission = state.admit(authorization: authorization, at: .steps)
      let reply = admission.reply ?? Self.reply(step, body, for: admission, in: &state)
      return admission.outcome(reply, "POST \(Self.path)/\(step)", gate: vendor.gate)
    }
    vendor.requests.append(request)
    return reply
  }

  /// Why a document is refused.
  struct Refusal: Error {
    let reply: Reply
  }

  private static func reply(
    _ step: String, _ body: Result<StepRequest, Refusal>, for admission: Admission,
    in state: inout SimulatedVendor.State
  ) -> Reply {
    guard let step = ExecutionID(rawValue: step) else { return .documented(400, at: .steps) }
    let document: StepRequest
    switch body {
    case .success(let read): document = read
    case .failure(let refusal): return refusal.reply
    }
    guard let organization = admission.organization,
      let execution = state.addExecution(
        of: organization.id, .step, step: step, metadata: document.metadata,
        filename: document.filename)
    else { return .documented(500, at: .steps) }
    return Reply(
      status: 202,
      body: #"{"id":"\#(execution.id)","status":"ENQUEUED","step_id":"\#(step)","step_name":"Simulated step"}"#)
  }
}
