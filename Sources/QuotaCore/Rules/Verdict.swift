package import FoundationEssentials

/// What a rule says of an organization now, and why.
package struct Verdict: Sendable {
  /// Which alert this speaks of.
  package let key: AlertKey
  /// Whether the rule's condition holds. A rule that cannot tell returns no verdict.
  package let holds: Bool
  package let evidence: Evidence
  private let explain: @Sendable () -> String

  /// - Parameter reason: put into words only where somebody asks, since most verdicts change nothing.
  package init(
    key: AlertKey, holds: Bool, reason: @autoclosure @escaping @Sendable () -> String, evidence: Evidence
  ) {
    self.key = key
    self.holds = holds
    self.evidence = evidence
    explain = reason
  }

  /// One sentence for a person, with the values.
  package var reason: String { explain() }
}

/// The values that a verdict rests on.
package struct Evidence: Hashable, Codable, Sendable {
  /// The counter, for rules about a metric.
  package var used: Int64?
  package var quota: Int64?
  /// The count at which the level is reached.
  package var threshold: Int64?
  /// The last observation at which the level was not reached; nil if there was none in this month.
  package var observedAfter: Date?
  /// The observation that reached it.
  package var observedAt: Date?
  /// When the month ends.
  package var periodEnd: Date?
  /// The snapshots that were compared, the latest last.
  package var snapshotIDs: [Int64]

  package init(
    used: Int64? = nil, quota: Int64? = nil, threshold: Int64? = nil, observedAfter: Date? = nil,
    observedAt: Date? = nil, periodEnd: Date? = nil, snapshotIDs: [Int64] = []
  ) {
    self.used = used
    self.quota = quota
    self.threshold = threshold
    self.observedAfter = observedAfter
    self.observedAt = observedAt
    self.periodEnd = periodEnd
    self.snapshotIDs = snapshotIDs
  }

  enum CodingKeys: String, CodingKey {
    case used, quota, threshold
    case observedAfter = "observed_after"
    case observedAt = "observed_at"
    case periodEnd = "period_end"
    case snapshotIDs = "snapshot_ids"
  }
}
