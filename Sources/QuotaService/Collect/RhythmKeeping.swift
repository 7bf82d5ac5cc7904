import FoundationEssentials
import QuotaCore

/// Keeps the rhythms of the organizations of a batch up to date, if some rule looks at them.
struct RhythmKeeping {
  private let isNeeded: Bool
  private let zone: TimeZone
  private var offsets: ZoneOffsets
  private var periods: [BillingMonth: Range<Date>] = [:]

  init(_ rules: [Rule], zone: TimeZone) {
    isNeeded = rules.contains { $0.isEnabled && $0.kind.needsRhythm }
    self.zone = zone
    offsets = ZoneOffsets(zone)
  }

  /// The rhythm after the readings of this run, which are stored already; nil where nobody needs it.
  ///
  /// What is stored goes on from the reading before. Where it does not, since no rule looked at it for a while, an older
  /// month was filled in or a clock was ahead, it is made anew from the snapshots up to now.
  mutating func rhythm(
    _ state: OrganizationState, _ months: [ObservedMonth], of organization: OrganizationID,
    in writer: any StoreWriter, now: Date
  ) throws -> UsageRhythm? {
    guard isNeeded else { return nil }
    guard !months.isEmpty else { return state.rhythm.flatMap { UsageRhythm(bytes: $0) } }
    var rhythm = try upToDate(state, months)
    if rhythm != nil {
      for month in months.reversed() {
        rhythm?.record(
          before: month.before, after: month.snapshot, observedAt: month.snapshot.lastSeenAt, period: month.period,
          zone: &offsets)
      }
    } else {
      let snapshots = try writer.snapshots(of: organization, seenIn: (now - UsageRhythm.memory)...now)
        .inOrderOfTime
      for month in Set(snapshots.map(\.month)) where periods[month] == nil { periods[month] = month.period(in: zone) }
      rhythm = UsageRhythm(snapshots, zone: &offsets) { [periods, zone] in periods[$0] ?? $0.period(in: zone) }
    }
    if let rhythm { try writer.save(rhythm: rhythm.bytes, of: organization) }
    return rhythm
  }

  /// The stored rhythm, if the reading before this run's is the last that it knows.
  private func upToDate(_ state: OrganizationState, _ months: [ObservedMonth]) throws -> UsageRhythm? {
    guard let rhythm = state.rhythm.flatMap({ UsageRhythm(bytes: $0) }), let last = rhythm.lastObservedAt,
      let latest = state.months.values.max(by: { $0.snapshot.month < $1.snapshot.month })
    else { return nil }
    guard last <= months.first?.snapshot.lastSeenAt ?? last else { return nil }
    // Stored to the second.
    return last + .seconds(1) >= latest.snapshot.lastSeenAt ? rhythm : nil
  }
}
