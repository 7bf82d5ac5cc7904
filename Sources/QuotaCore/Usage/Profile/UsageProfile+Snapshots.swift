package import FoundationEssentials

extension UsageProfile {
  /// How far back readings tell anything of the usage profile.
  package static let memory = TimeSpan.days(45)

  /// The usage profile that an organization's snapshots show.
  ///
  /// - Parameters:
  ///   - snapshots: of the last ``memory``, with times that go forward in the order of their ids.
  ///   - period: a month's first moment to the next month's.
  package init(
    _ snapshots: [Snapshot], zone: inout ZoneOffsets, period: (BillingMonth) -> Range<Date>
  ) {
    self.init()
    var latest: [BillingMonth: Snapshot] = [:]
    for reading in Self.readings(of: snapshots) {
      let month = reading.month
      record(
        before: latest[month], after: reading, observedAt: reading.lastSeenAt, period: period(month), zone: &zone)
      latest[month] = reading
    }
  }

  /// Each snapshot as its first and its last reading, in the order of time.
  private static func readings(of snapshots: [Snapshot]) -> [Snapshot] {
    snapshots.flatMap { snapshot -> [Snapshot] in
      let first = Snapshot(
        id: snapshot.id, organization: snapshot.organization, month: snapshot.month, counters: snapshot.counters,
        firstSeenAt: snapshot.firstSeenAt, lastSeenAt: snapshot.firstSeenAt)
      return snapshot.lastSeenAt > snapshot.firstSeenAt ? [first, snapshot] : [first]
    }.sorted { ($0.lastSeenAt, $0.id) < ($1.lastSeenAt, $1.id) }
  }
}
