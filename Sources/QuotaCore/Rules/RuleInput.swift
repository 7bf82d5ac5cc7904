package import FoundationEssentials

/// Everything that rules may know of one organization at one moment.
package struct RuleInput: Sendable {
  package let organization: Organization
  /// The moment of judging.
  package let now: Date
  /// The months that this run has read, the current one first. A month that could not be read is not among them:
  /// missing data is neither zero nor a recovery.
  package let months: [ObservedMonth]
  /// The month that the vendor takes for the current one; nil where it was not asked for that.
  package let vendorMonth: BillingMonth?
  /// Months that were read and whose figures are not believed yet; they say as little as those that were not read.
  package let doubted: Set<BillingMonth>
  /// How reading has gone, this run included.
  package let history: PollHistory
  /// Set if nothing is known of the time before this run, since a backup was restored: what fires may have been told then.
  package let gap: Gap?
  /// The vendor's billing time zone.
  package let zone: TimeZone
  /// How the organization's use was spread over the last weeks, this run's readings included; empty where nothing is known.
  package let profile: UsageProfile
  /// Whose counters are the same, and whose are not; nil if it was not looked for.
  package let duplicateKeys: DuplicateKeys?

  package init(
    organization: Organization, now: Date, months: [ObservedMonth], vendorMonth: BillingMonth? = nil,
    doubted: Set<BillingMonth> = [], history: PollHistory, gap: Gap? = nil, zone: TimeZone = .gmt,
    profile: UsageProfile = UsageProfile(),
    duplicateKeys: DuplicateKeys? = nil
  ) {
    self.organization = organization
    self.now = now
    self.months = months
    self.vendorMonth = vendorMonth
    self.doubted = doubted
    self.history = history
    self.gap = gap
    self.zone = zone
    self.profile = profile
    self.duplicateKeys = duplicateKeys
  }

  /// The month that has not ended, if this run has read it.
  package var currentMonth: ObservedMonth? {
    months.first.flatMap { $0.snapshot.lastSeenAt < $0.period.upperBound ? $0 : nil }
  }

  /// The latest month that this run has read.
  var latestMonth: BillingMonth? {
    var latest: BillingMonth?
    for index in months.indices { latest = max(latest ?? months[index].snapshot.month, months[index].snapshot.month) }
    return latest
  }

  /// The usage profile, if it knows of this run's reading of the current month; without one there is nothing new to judge.
  var currentProfile: UsageProfile? {
    guard let month = currentMonth, let last = profile.lastObservedAt, last >= month.snapshot.lastSeenAt else {
      return nil
    }
    return profile
  }

  /// Whether a month was over before anybody watched this organization, also for a vendor in the west: what happened in it is no
  /// news, by whichever command it is read.
  package func isBeforeWatching(_ month: BillingMonth?) -> Bool {
    guard let observed = months.first(where: { $0.snapshot.month == month }), month != vendorMonth else { return false }
    return history.firstAttemptAt.map { $0 >= observed.period.upperBound } ?? false
  }

  /// As if a month alone had been read, and showed what the reading before showed; nil if there is none.
  func before(_ month: BillingMonth?) -> RuleInput? {
    guard let observed = months.first(where: { $0.snapshot.month == month }), let before = observed.before else {
      return nil
    }
    return RuleInput(
      organization: organization, now: now,
      months: [ObservedMonth(snapshot: before, before: nil, quota: observed.quota, period: observed.period)],
      history: history, zone: zone)
  }
}

/// A month that was just read.
package struct ObservedMonth: Sendable {
  /// The snapshot that the reading made or extended; its `lastSeenAt` is when it was read.
  package let snapshot: Snapshot
  /// The snapshot that was the latest before; nil for the first reading of this month.
  package let before: Snapshot?
  package let quota: Quota
  /// What the quota was at the reading before; nil where that is not known.
  package let quotaBefore: Quota?
  /// From the month's first moment to the next month's.
  package let period: Range<Date>

  /// When the snapshot before was seen last; nil if there is none, or a clock was ahead then.
  package var seenBefore: Date? { before.flatMap { $0.lastSeenAt <= snapshot.lastSeenAt ? $0.lastSeenAt : nil } }

  /// Of the snapshot before and of this reading's, each once.
  var snapshotIDs: [Int64] { (before.flatMap { $0.id == snapshot.id ? nil : [$0.id] } ?? []) + [snapshot.id] }

  /// The figures that the month is closed with; nil for one that is not closed, and for the current one.
  package let closed: ClosedMonth?

  package init(
    snapshot: Snapshot, before: Snapshot?, quota: Quota, quotaBefore: Quota? = nil, period: Range<Date>,
    closed: ClosedMonth? = nil
  ) {
    self.snapshot = snapshot
    self.before = before
    self.quota = quota
    self.quotaBefore = quotaBefore
    self.period = period
    self.closed = closed
  }
}
