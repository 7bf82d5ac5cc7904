import FoundationEssentials
import QuotaCore

/// Who asks, and what stands in the way: the part that all of the vendor's endpoints share.
struct Admission {
  let now: Date
  let keyHash: String?
  /// Nil if the key belongs to nobody.
  let organization: SimulatedOrganization?
  let fault: Fault?
  /// The answer, where it does not depend on the endpoint.
  let reply: Reply?
}

extension SimulatedVendor.State {
  /// Looks at a request's key, then for a fault, then at the key's validity and the rate limit.
  ///
  /// - Parameter authorization: the header's value.
  mutating func admit(authorization: String?, at endpoint: VendorEndpoint) -> Admission {
    let now = clock.now
    countExecutions()
    let scheme = "Bearer "
    let key = authorization.flatMap { $0.hasPrefix(scheme) ? String($0.dropFirst(scheme.utf8.count)) : nil }
    let organization = key.flatMap { ownerOfKey[$0] }.flatMap { organizations[$0] }
    let fault = faults.next(for: organization?.id, at: endpoint)
    var reply = fault?.replacement(at: endpoint)
    if let organization {
      requestCounts[organization.id, default: 0] += 1
      if reply == nil { reply = limiter.refusal(of: organization.id).map { .rateLimited($0, at: now) } }
    } else if reply == nil {
      // Both texts are documented for the executions' endpoints.
      reply = key == nil ? .error(401, "Unauthorized") : .documented(401, at: endpoint)
    }
    return Admission(
      now: now, keyHash: key.map(VendorRequest.hash(ofKey:)), organization: organization, fault: fault, reply: reply)
  }
}

extension Fault {
  /// The answer that this fault puts in place of the endpoint's own; nil for faults that change that one.
  fileprivate func replacement(at endpoint: VendorEndpoint) -> Reply? {
    switch self {
    case .status(let status, let body, let retryAfter):
      var reply = Reply.documented(status, at: endpoint)
      reply.body = body ?? reply.body
      reply.retryAfter = retryAfter ?? reply.retryAfter
      return reply
    case .disconnect:
      return Reply(status: 200, body: "", extent: .nothing)
    case .html:
      return Reply(
        status: 200, contentType: "text/html; charset=utf-8",
        body: "<!doctype html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>\n")
    case .garbage:
      return Reply(status: 200, body: "}{ this is no JSON \u{1}\u{2}")
    case .hang, .delay, .brokenBody, .truncated, .counters, .wrongMonth:
      return nil
    }
  }

  /// The endpoint's own answer as this fault leaves it.
  ///
  /// - Parameter gate: what holds an answer back that hangs.
  func damage(_ reply: Reply, gate: Gate) -> Reply {
    var damaged = reply
    switch self {
    case .hang: damaged.pause = .gate(gate.ticket())
    case .delay(let milliseconds): damaged.pause = .milliseconds(milliseconds)
    case .brokenBody: damaged.extent = .halfBody
    case .truncated: damaged.body = String(reply.body.prefix(reply.body.count / 2))
    case .status, .disconnect, .html, .garbage, .counters, .wrongMonth: break
    }
    return damaged
  }
}
