import FoundationEssentials
import QuotaCore

/// Judges one organization's rules on its stored readings, at their own times, as the collect cycle would have.
///
/// Readings that failed are not stored, so that rules about them (`stale`, `credential`) have nothing to say, and rules
/// that compare organizations (`duplicate_key`, the breaker) are left out.
struct Replay {
  private let organization: Organization
  private let rules: [Rule]
  private let zone: TimeZone
  private let needsProfile: Bool
  private var offsets: ZoneOffsets
  private var periods: [BillingMonth: Range<Date>] = [:]
  private var profile = UsageProfile()
  private var latest: [BillingMonth: Snapshot] = [:]
  /// The latest month of which there was a reading.
  private var current: BillingMonth?
  private var alerts: [Alert] = []
  private var history = PollHistory()
  private var judgesFrom = Date.distantPast
  private(set) var readings = 0

  init(_ organization: Organization, rules: [Rule], zone: TimeZone) {
    self.organization = organization
    self.zone = zone
    self.rules = rules.filter { $0.isEnabled && $0.scope.contains(organization) && type(of: $0.kind).isReplayable }
    needsProfile = self.rules.contains { $0.kind.needsProfile }
    offsets = ZoneOffsets(zone)
  }

  /// Goes through snapshots, each at the first and at the last moment at which its values were seen.
  ///
  /// - Parameters:
  ///   - snapshots: of all months, in the order in which they were first seen.
  ///   - quotas: the quota that each month had.
  ///   - judged: from when on readings are judged; those before only tell what is usual.
  ///   - start: what happened before is judged, so that alerts are known, and not returned.
  mutating func run(
    _ snapshots: [Snapshot], quotas: [BillingMonth: Quota], judging judged: Date, from start: Date
  ) -> [Event] {
    judgesFrom = judged
    var events: [Event] = []
    var pending: [Snapshot] = []
    for snapshot in snapshots {
      settle(&pending, before: snapshot.firstSeenAt, quotas, from: start, into: &events)
      judge(snapshot, at: snapshot.firstSeenAt, quotas, from: start, into: &events)
      if snapshot.lastSeenAt > snapshot.firstSeenAt { pending.append(snapshot) }
    }
    settle(&pending, before: .distantFuture, quotas, from: start, into: &events)
    return events
  }

  /// The last readings of snapshots that were seen again, as far as they are due.
  private mutating func settle(
    _ pending: inout [Snapshot], before time: Date, _ quotas: [BillingMonth: Quota], from start: Date,
    into events: inout [Event]
  ) {
    while let next = pending.indices.min(by: { pending[$0].lastSeenAt < pending[$1].lastSeenAt }),
      pending[next].lastSeenAt < time
    {
      let snapshot = pending.remove(at: next)
      judge(snapshot, at: snapshot.lastSeenAt, quotas, from: start, into: &events)
    }
  }

  private mutating func judge(
    _ snapshot: Snapshot, at time: Date, _ quotas: [BillingMonth: Quota], from start: Date, into events: inout [Event]
  ) {
    let reading =
      time == snapshot.lastSeenAt
      ? snapshot
      : Snapshot(
        id: snapshot.id, organization: snapshot.organization, month: snapshot.month, counters: snapshot.counters,
        firstSeenAt: snapshot.firstSeenAt, lastSeenAt: time)
    let month = ObservedMonth(
      snapshot: reading, before: latest[reading.month], quota: quotas[reading.month] ?? Quota(),
      period: period(of: reading.month))
    latest[reading.month] = reading
    current = max(current ?? reading.month, reading.month)
    if needsProfile {
      profile.record(
        before: month.before, after: reading, observedAt: time, period: month.period, zone: &offsets)
    }
    guard time >= judgesFrom else { return }
    readings += 1
    history = history.adding(nil, at: time)
    let step = AlertLifecycle.step(rules, on: input(of: month, quotas, at: time), alerts: alerts)
    guard !step.isEmpty else { return }
    apply(step)
    if time >= start { events += step.events }
  }

  /// A reading of a past month stands beside the current one's latest, as in a run.
  private func input(
    of month: ObservedMonth, _ quotas: [BillingMonth: Quota], at time: Date
  ) -> RuleInput {
    var months = [month]
    if let current, current > month.snapshot.month, let snapshot = latest[current],
      let period = periods[current]
    {
      months.insert(
        ObservedMonth(snapshot: snapshot, before: snapshot, quota: quotas[current] ?? Quota(), period: period), at: 0)
    }
    return RuleInput(
      organization: organization, now: time, months: months, vendorMonth: current, history: history, zone: zone,
      profile: needsProfile ? profile : UsageProfile())
  }

  private mutating func apply(_ step: AlertLifecycle.Outcome) {
    for alert in step.changed {
      if let index = alerts.firstIndex(where: { $0.key == alert.key }) {
        alerts[index] = alert
      } else {
        alerts.append(alert)
      }
    }
    guard let current else { return }
    let forgotten = step.forgotten
    // What has ended two months ago can no longer change.
    alerts.removeAll { alert in
      forgotten.contains(alert.key)
        || (alert.key.month.map { $0.ordinal < current.ordinal - 2 } ?? false && alert.status != .firing)
    }
  }

  private mutating func period(of month: BillingMonth) -> Range<Date> {
    if let known = periods[month] { return known }
    let period = month.period(in: zone)
    periods[month] = period
    return period
  }
}
