import Hummingbird
import QuotaCore

/// `/sandbox/rate-limit`: when the vendor answers 429.
extension Control {
  private struct LimitChange {
    let organization: OrganizationID?
    /// Nil lifts it.
    let limit: RateLimit?
  }

  func registerRateLimit(on router: Router<SandboxContext>) {
    router.post("/sandbox/rate-limit") { request, _ in
      try await ControlExchange.take(request) { object -> LimitChange? in
        let organization = object.optional("organization").map { self.organization($0) } ?? nil
        let seconds = object.optional("seconds").map { $0.integer(in: 1...86_400) } ?? 1
        guard let requests = object.required("requests")?.integer(in: 0...1_000_000_000), let seconds
        else { return nil }
        let limit = requests == 0 ? nil : RateLimit(requests: Int(requests), perSeconds: Int(seconds))
        return LimitChange(organization: organization, limit: limit)
      } then: { change in
        vendor.limitRate(change.limit, of: change.organization)
        return Done()
      }
    }
  }
}
