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
