import FoundationEssentials

/// When so many organizations move beyond reason at once that the vendor's figures are suspect rather than everybody's
/// use: the settings `breaker`.
package struct Breaker: Hashable, Sendable {
  package var isEnabled = true
  /// More than so many percent of the organizations that a run compares, 1 to 100.
  package var percent: Int64 = 20
  /// And at least so many organizations.
  package var minimum: Int64 = 5
  /// Who hears of it; empty for everybody who hears of more than one organization.
  package var notify: [NotifierID] = []

  package init() {}

  /// The rule that the events bear, and that a silence may name.
  package static let rule = RuleID("breaker")

  package init?(from node: ConfigurationNode) {
    let decoded = node.object { object -> Breaker? in
      var breaker = Breaker()
      breaker.isEnabled = object.optional("enabled")?.boolean() ?? true
      breaker.percent = object.optional("percent")?.integer(in: 1...100) ?? breaker.percent
      breaker.minimum = object.optional("minimum")?.integer(in: 1...1_000_000) ?? breaker.minimum
      breaker.notify = object.optional("notify")?.array()?.compactMap { $0.identifier() }.map { NotifierID($0) } ?? []
      return breaker
    }
    guard let decoded else { return nil }
    self = decoded
  }

  /// Whether so many suspects among so many organizations are too many.
  func trips(suspects: Int64, of compared: Int64) -> Bool {
    isEnabled && suspects >= minimum && suspects * 100 > percent * compared
  }
}

/// An organization whose counters have moved beyond reason from one reading to the next.
package struct Suspect: Hashable, Codable, Sendable {
  package enum Move: String, Hashable, Codable, Sendable {
    case jump
    case drop
  }

  package let organization: OrganizationID
  package let month: BillingMonth
  package let metric: Metric
  package let move: Move
  package let before: Int64
  package let after: Int64

  /// A counter that is eight times what its own pace lets expect, or less than half of what it was. Below twenty it
  /// says nothing.
  private static let jumpFactor = 8.0
  private static let leastCount: Int64 = 20

  /// Nil where nothing is beyond reason, or where the month was not read before.
  package init?(_ month: ObservedMonth) {
    guard let before = month.before else { return nil }
    let start = month.period.lowerBound
    let (then, now) = (before.lastSeenAt.timeIntervalSince(start), month.snapshot.lastSeenAt.timeIntervalSince(start))
    // The longer nobody has looked, the more a counter may have grown.
    let growth = then > 0 && now > then ? now / then : 1
    for metric in Metric.allCases {
      let (old, new) = (before.counters[metric], month.snapshot.counters[metric])
      guard max(old, new) >= Self.leastCount else { continue }
      let move: Move
      if new < old - old / 2 {
        move = .drop
      } else if old >= Self.leastCount, Double(new) >= Self.jumpFactor * growth * Double(old) {
        move = .jump
      } else {
        continue
      }
      self.init(
        organization: month.snapshot.organization, month: month.snapshot.month, metric: metric, move: move, before: old,
        after: new)
      return
    }
    return nil
  }

  package init(
    organization: OrganizationID, month: BillingMonth, metric: Metric, move: Move, before: Int64, after: Int64
  ) {
    self.organization = organization
    self.month = month
    self.metric = metric
    self.move = move
    self.before = before
    self.after = after
  }

  /// Whether a later count takes the move back: it is nearer to what was before than to what was suspect.
  package func isTakenBack(by count: Int64) -> Bool {
    switch move {
    case .jump: count < before + (after - before) / 2
    case .drop: count > after + (before - after) / 2
    }
  }
}
