package import FoundationEssentials

/// What a rule says of an organization now, and why.
package struct Verdict: Sendable {
  /// Which alert this speaks of.
  package let key: AlertKey
  package let holds: Bool
  package let explanation: Explanation

  package var reason: String { explanation.reason }
  package var evidence: Evidence { explanation.evidence }
}

/// The values that a verdict rests on. What does not apply to a kind of rule is nil.
package struct Evidence: Hashable, Codable, Sendable {
  /// The counter, for rules about a metric; for a spike what was used within ``windowSeconds``.
  package var used: Int64?
  package var quota: Int64?
  /// The count at which the level is reached.
  package var threshold: Int64?
  /// The last observation at which the level was not reached, or the last that was different; nil if there was none.
  package var observedAfter: Date?
  /// The observation that reached it.
  package var observedAt: Date?
  /// When the month ends.
  package var periodEnd: Date?
  /// The snapshots that were compared, the latest last.
  package var snapshotIDs: [Int64] = []

  /// What the month is expected to come to.
  package var projected: Int64?
  /// The range of that, between which the month's total lies in four of five cases.
  package var projectedLow: Int64?
  package var projectedHigh: Int64?
  /// How probable it is that the month reaches the threshold, in percent.
  package var probability: Int64?
  /// The parts of what is expected, by metric.
  package var projections: [ProjectionParts]?
  /// Between when and when the quota is expected to be used up; the later one is nil if it may last.
  package var exhaustedFrom: Date?
  package var exhaustedTo: Date?
  /// How much a day is left to stay inside of the quota.
  package var dailyAllowance: Int64?
  /// The length of time that ``used`` and ``baseline`` speak of.
  package var windowSeconds: Int64?
  /// What is usual within such a time.
  package var baseline: Int64?
  /// What the counter was before it was corrected.
  package var before: Int64?
  /// The organization that shows the same figures; only for the eyes of whoever sees all organizations.
  package var otherOrganization: OrganizationID?
  /// What the month costs or is expected to cost, before tax, as a decimal string, and its ISO 4217 code.
  package var amount: String?
  package var currency: String?
  /// The amount that ``amount`` is held against, in the same currency.
  package var limit: String?
  /// ``amount`` and ``currency`` as people read them; nil without an amount.
  package var money: String? { amount.map(money) }
  /// The same of ``limit``.
  package var limitMoney: String? { limit.map(money) }

  private func money(_ amount: String) -> String {
    guard let number = ExactDecimal(amount) else { return amount }
    return currency.flatMap(Currency.init).map { Money(number, $0).description } ?? number.grouped()
  }
  /// Of how many organizations the figures were compared, and how many are beyond reason; or how many were asked for, and
  /// how many of their keys are refused.
  package var compared: Int64?
  package var affected: Int64?
  /// What is reported and not believed yet, the most urgent first, at most twenty.
  package var doubted: [DoubtedFigure]?
  /// Why the vendor cannot be asked, for rules about keys.
  package var failure: ReadingFailure.Reason?

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
    case projected
    case projectedLow = "projected_low"
    case projectedHigh = "projected_high"
    case probability, projections
    case exhaustedFrom = "exhausted_from"
    case exhaustedTo = "exhausted_to"
    case dailyAllowance = "daily_allowance"
    case windowSeconds = "window_seconds"
    case baseline, before
    case otherOrganization = "other_organization"
    case amount, currency, limit, compared, affected, doubted, failure
  }
}
