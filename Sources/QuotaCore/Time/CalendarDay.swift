/// A day of a billing month, written `2026-11-16`.
package struct CalendarDay: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let month: BillingMonth
  /// 1 to the month's number of days.
  package let day: Int

  /// Nil for a day that the month does not have.
  package init?(_ month: BillingMonth, day: Int) {
    guard (1...month.dayCount).contains(day) else { return nil }
    self.month = month
    self.day = day
  }

  /// The month's first day.
  package init(startOf month: BillingMonth) {
    self.month = month
    day = 1
  }

  /// Parses `2026-11-16`, and nothing else.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[7] == UInt8(ascii: "-"), let month = BillingMonth(text.prefix(7)),
      let day = bytes[8...].decimalNumber
    else { return nil }
    self.init(month, day: day)
  }

  package var description: String { "\(month)-\(day < 10 ? "0" : "")\(day)" }

  /// Days since 1970-01-01.
  package var dayNumber: Int { CivilDate.dayNumber(year: month.year, month: month.month, day: day) }

  package static func < (first: CalendarDay, second: CalendarDay) -> Bool {
    (first.month, first.day) < (second.month, second.day)
  }
}
