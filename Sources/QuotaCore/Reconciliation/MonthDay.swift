package import FoundationEssentials

/// How far a month's use had come by the end of one of its days, or by the last reading of a day that is not over.
package struct MonthDay: Hashable, Sendable {
  /// The day of the month in the billing time zone, from 1.
  package let day: Int
  /// Counted from the month's beginning.
  package let counters: Counters

  package init(day: Int, counters: Counters) {
    self.day = day
    self.counters = counters
  }
}

extension MonthDay {
  /// The days of a month up to a moment, and up to the last reading: of what came later nothing is known.
  ///
  /// - Parameter snapshots: the month's, oldest first.
  package static func days(
    of month: BillingMonth, _ snapshots: [Snapshot], in zone: TimeZone, until now: Date
  ) -> [MonthDay] {
    let lastSeen = snapshots.map(\.lastSeenAt).max()
    var rest = snapshots[...]
    var latest: Counters?
    var days: [MonthDay] = []
    var end = LocalTime.moment(day: month.firstDay, in: zone)
    for day in 1...month.dayCount {
      let start = end
      guard start < now, let lastSeen, start <= lastSeen else { break }
      end = LocalTime.moment(day: month.firstDay + day, in: zone)
      while let next = rest.first, next.firstSeenAt < end || day == month.dayCount {
        latest = next.counters
        rest.removeFirst()
      }
      if let latest { days.append(MonthDay(day: day, counters: latest)) }
    }
    return days
  }
}
