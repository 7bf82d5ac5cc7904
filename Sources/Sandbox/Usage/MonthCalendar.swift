package import FoundationEssentials
package import QuotaCore

/// What a usage curve has to know of a month.
package struct MonthShape: Hashable, Sendable {
  package let month: BillingMonth
  /// From the month's first moment to the next month's, in the vendor's zone.
  package let period: Range<Date>
  /// 28 to 31.
  package let dayCount: Int
  /// The weekday of the first: 0 for Monday to 6 for Sunday.
  package let firstWeekday: Int

  package init(_ month: BillingMonth, in zone: TimeZone) {
    self.month = month
    period = month.period(in: zone)
    dayCount = month.dayCount
    // 1970-01-01 was a Thursday.
    firstWeekday = (month.firstDay + 3) % 7
  }

  /// Whether a day of the month (1 to ``dayCount``) is a Saturday or a Sunday.
  package func isWeekend(day: Int) -> Bool {
    (firstWeekday + day - 1) % 7 >= 5
  }
}

/// Finds months and keeps what it found, since asking the calendar for every request would be slow.
struct MonthCalendar {
  let zone: TimeZone
  private var shapes: [BillingMonth: MonthShape] = [:]
  private var latest: MonthShape?

  init(zone: TimeZone) {
    self.zone = zone
  }

  /// The month of a moment; nil outside of the vendor's years.
  mutating func shape(containing date: Date) -> MonthShape? {
    if let latest, latest.period.contains(date) { return latest }
    latest = BillingMonth(containing: date, in: zone).map { shape(of: $0) }
    return latest
  }

  mutating func shape(of month: BillingMonth) -> MonthShape {
    if let shape = shapes[month] { return shape }
    let shape = MonthShape(month, in: zone)
    shapes[month] = shape
    return shape
  }
}
