import QuotaCore

/// How many requests the vendor takes before it answers 429.
package struct RateLimit: Hashable, Sendable {
  /// At least 1.
  package let requests: Int
  /// At least 1. The time is the machine's, not the vendor's clock's; it begins with the first request.
  package let seconds: Int

  /// Values below 1 are taken as 1.
  package init(requests: Int, perSeconds seconds: Int = 1) {
    self.requests = max(1, requests)
    self.seconds = max(1, seconds)
  }
}

/// Counts requests in fixed windows of time.
struct RateLimiter {
  private struct Window {
    let limit: RateLimit
    var start: ContinuousClock.Instant
    var count = 0

    /// Counts a request; returns the seconds until the next window if there were too many.
    mutating func refusal(at now: ContinuousClock.Instant) -> Int? {
      if count == 0 || now >= start + .seconds(limit.seconds) {
        start = now
        count = 0
      }
      guard count >= limit.requests else {
        count += 1
        return nil
      }
      let (seconds, rest) = (start + .seconds(limit.seconds) - now).components
      return max(1, Int(seconds) + (rest > 0 ? 1 : 0))
    }
  }

  /// A request that was one too many.
  struct Refusal {
    let limit: RateLimit
    /// Whole seconds, at least 1.
    let retryAfter: Int
  }

  private var everyone: Window?
  private var single: [OrganizationID: Window] = [:]

  /// Limits one organization, or all of them together; nil lifts the limit.
  mutating func set(_ limit: RateLimit?, for organization: OrganizationID?, at now: ContinuousClock.Instant) {
    let window = limit.map { Window(limit: $0, start: now) }
    if let organization { single[organization] = window } else { everyone = window }
  }

  mutating func refusal(of organization: OrganizationID) -> Refusal? {
    guard everyone != nil || !single.isEmpty else { return nil }
    let now = ContinuousClock.now
    if let retryAfter = single[organization]?.refusal(at: now), let limit = single[organization]?.limit {
      return Refusal(limit: limit, retryAfter: retryAfter)
    }
    if let retryAfter = everyone?.refusal(at: now), let limit = everyone?.limit {
      return Refusal(limit: limit, retryAfter: retryAfter)
    }
    return nil
  }
}
