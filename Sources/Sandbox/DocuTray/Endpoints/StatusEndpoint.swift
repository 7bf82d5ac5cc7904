import FoundationEssentials
import Hummingbird
import QuotaCore
import Synchronization

/// The three endpoints that say how far an execution is, one a kind.
struct StatusEndpoint: Sendable {
  let vendor: SimulatedVendor

  static func path(_ kind: ExecutionKind) -> String {
    switch kind {
    case .step: "/api/steps-async/status"
    case .conversion: "/api/convert-async/status"
    case .identification: "/api/identify-async/status"
    }
  }

  func register(on router: Router<SandboxContext>) {
    for kind in ExecutionKind.allCases {
      router.get(RouterPath(Self.path(kind) + "/:id")) { request, context in
        try await answer(
          kind, id: context.parameters.get("id") ?? "", authorization: request.headers[.authorization]
        ).response(on: context)
      }
    }
  }

  private func answer(_ kind: ExecutionKind, id: String, authorization: String?) -> Reply {
    let (reply, request) = vendor.state.withLock { state in
      let admission = state.admit(authorization: authorization, at: .status)
      let reply = admission.reply ?? Self.reply(kind, id: id, for: admission, in: state)
      return admission.outcome(reply, "GET \(Self.path(kind))/\(id)", gate: vendor.gate)
    }
    vendor.requests.append(request)
    return reply
  }

  private static func reply(
    _ kind: ExecutionKind, id: String, for admission: Admission, in state: SimulatedVendor.State
  ) -> Reply {
    guard let id = ExecutionID(rawValue: id) else { return .documented(400, at: .status) }
    guard let execution = state.executions[id], execution.kind == kind else { return .documented(404, at: .status) }
    guard execution.organization == admission.organization?.id else { return .documented(403, at: .status) }
    return Reply(status: 200, body: execution.answer(at: admission.now))
  }
}

extension Admission {
  /// The answer as the fault leaves it, and the record of the request.
  func outcome(_ reply: Reply, _ endpoint: String, gate: Gate) -> (Reply, VendorRequest) {
    let damaged = fault.map { $0.damage(reply, gate: gate) } ?? reply
    let request = VendorRequest(
      endpoint: endpoint, query: nil, organization: organization?.id, keyHash: keyHash, vendorTime: now,
      receivedAt: Date(), outcome: fault.map { .fault($0.name) } ?? .status(reply.status))
    return (damaged, request)
  }
}
