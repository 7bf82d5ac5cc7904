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
    var latest = ByMonth<Snapshot>()
    var current: (month: BillingMonth, period: Range<Date>)?
    for moment in Self.moments(of: snapshots) {
      let reading = snapshots[moment.index].asSeen(upTo: moment.time)
      let month = reading.month
      let days = current.flatMap { $0.month == month ? $0.period : nil } ?? period(month)
      current = (month, days)
      record(
        before: latest[month], after: reading, observedAt: reading.lastSeenAt, period: days, zone: &zone)
      latest[month] = reading
    }
  }

  /// When one of the snapshots was read.
  private struct Moment {
    let time: Date
    let index: Int
  }

  /// The first and the last reading of each snapshot, in the order of time.
  private static func moments(of snapshots: [Snapshot]) -> [Moment] {
    var moments: [Moment] = []
    moments.reserveCapacity(snapshots.count * 2)
    for (index, snapshot) in snapshots.enumerated() {
      moments.append(Moment(time: snapshot.firstSeenAt, index: index))
      if snapshot.lastSeenAt > snapshot.firstSeenAt { moments.append(Moment(time: snapshot.lastSeenAt, index: index)) }
    }
    moments.sort { ($0.time, $0.index) < ($1.time, $1.index) }
    return moments
  }
}

extension Snapshot {
  fileprivate func asSeen(upTo time: Date) -> Snapshot {
    Snapshot(
      id: id, organization: organization, month: month, counters: counters, firstSeenAt: firstSeenAt, lastSeenAt: time)
  }
}
