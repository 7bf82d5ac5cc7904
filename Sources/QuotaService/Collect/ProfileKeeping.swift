import FoundationEssentials
import QuotaCore

/// Keeps the usage profiles of the organizations of a batch up to date, if some rule looks at them.
struct ProfileKeeping {
  private let isNeeded: Bool
  private let zone: TimeZone
  private var offsets: ZoneOffsets
  private var periods: [BillingMonth: Range<Date>] = [:]

  init(_ rules: [Rule], zone: TimeZone) {
    isNeeded = rules.contains { $0.isEnabled && $0.kind.needsProfile }
    self.zone = zone
    offsets = ZoneOffsets(zone)
  }

  /// The usage profile after the readings of this run, which are stored already; empty where nobody needs it.
  ///
  /// What is stored goes on from the reading before. Where it does not, since no rule looked at it for a while, an older
  /// month was filled in or a clock was ahead, it is made anew from the snapshots up to now.
  mutating func profile(
    _ state: OrganizationState, _ months: [ObservedMonth], of organization: OrganizationID,
    in writer: any StoreWriter, now: Date
  ) throws -> UsageProfile {
    guard isNeeded else { return UsageProfile() }
    var profile = UsageProfile(stored: state.profile)
    guard !months.isEmpty else { return profile }
    if isUpToDate(profile, state, months) {
      for month in months {
        profile.record(
          before: month.before, after: month.snapshot, observedAt: month.snapshot.lastSeenAt, period: month.period,
          zone: &offsets)
      }
    } else {
      let snapshots = try writer.snapshots(of: organization, seenIn: (now - UsageProfile.memory)...now)
        .inOrderOfTime
      var known = periods
      profile = UsageProfile(snapshots, zone: &offsets) { [zone] month in
        let period = known[month] ?? month.period(in: zone)
        known[month] = period
        return period
      }
      periods = known
    }
    try writer.save(profile: profile.bytes, of: organization)
    return profile
  }

  /// Whether the reading before this run's is the last that a stored usage profile knows.
  private func isUpToDate(
    _ profile: borrowing UsageProfile, _ state: OrganizationState, _ months: [ObservedMonth]
  ) -> Bool {
    guard let last = profile.lastObservedAt,
      let latest = state.months.values.max(by: { $0.snapshot.month < $1.snapshot.month })
    else { return false }
    // Stored to the second.
    return last <= months.first?.snapshot.lastSeenAt ?? last && last + .seconds(1) >= latest.snapshot.lastSeenAt
  }
}
