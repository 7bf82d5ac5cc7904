package import FoundationEssentials

extension UsageProfile {
  /// How far back readings tell anything of the usage profile: the remembered months, the six weeks before the first of
  /// them, from which it is rehearsed what would have been expected of it, and those before, which tell how the sum over
  /// several days is shared by them.
  package static let memory = TimeSpan.days(5 * 31 + 3 * 42)

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
