package import FoundationEssentials

/// What is known of one organization's month.
package struct MonthUsage: Hashable, Sendable {
  /// The latest values.
  package let snapshot: Snapshot
  /// The quota of this month: the configured one while the month is current, frozen afterwards.
  package let quota: Quota
  /// When this month was last asked for by name; nil if it never was.
  package let askedAt: Date?
  /// When this month was first seen to be settled; nil if it is not.
  package let settledAt: Date?

  package init(snapshot: Snapshot, quota: Quota, askedAt: Date?, settledAt: Date?) {
    self.snapshot = snapshot
    self.quota = quota
    self.askedAt = askedAt
    self.settledAt = settledAt
  }
}

/// How far a month is, apart from its values.
package struct MonthStanding: Hashable, Sendable {
  package let month: BillingMonth
  /// When it was last asked for by name; nil if it never was.
  package let askedAt: Date?
  /// When it was first seen to be settled; nil if it is not.
  package let settledAt: Date?

  package init(_ month: BillingMonth, askedAt: Date?, settledAt: Date?) {
    self.month = month
    self.askedAt = askedAt
    self.settledAt = settledAt
  }
}

/// When a past month's figures are taken as final.
package enum Settlement {
  /// How long after the turn of the month the vendor may still add late results.
  package static let lateResults = TimeSpan.hours(72)
  /// For how long the values have to be seen unchanged.
  package static let unchanged = TimeSpan.hours(24)

  /// Whether a month's values are settled: seen after the time for late results, and either unchanged for a day, or
  /// read when even the following month was over (later than that nobody polls it regularly).
  ///
  /// - Parameters:
  ///   - snapshot: the month's latest values.
  ///   - zone: the vendor's billing time zone.
  ///   - now: what was seen later than now was seen by a clock that was ahead, and says nothing.
  package static func isSettled(_ snapshot: Snapshot, in zone: TimeZone, at now: Date) -> Bool {
    isSettled(
      snapshot, monthEnd: snapshot.month.period(in: zone).upperBound,
      followingMonthEnd: snapshot.month.advanced(by: 1)?.period(in: zone).upperBound, at: now)
  }

  /// The same for a caller that has the ends of the month and of the following one at hand, because finding them is
  /// slow when there are many snapshots to ask for.
  package static func isSettled(
    _ snapshot: Snapshot, monthEnd: Date, followingMonthEnd: Date?, at now: Date
  ) -> Bool {
    guard snapshot.lastSeenAt <= now, snapshot.lastSeenAt >= monthEnd + lateResults else { return false }
    if snapshot.lastSeenAt >= snapshot.firstSeenAt + unchanged { return true }
    guard let followingMonthEnd else { return false }
    return snapshot.lastSeenAt >= followingMonthEnd
  }
}
