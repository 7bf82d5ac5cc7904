package import FoundationEssentials

/// A calendar month in the vendor's billing time zone, written `2026-11`.
///
/// The vendor answers for the years 2020 to 2100.
package struct BillingMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// ``ordinal`` in four bytes: a run holds a great many months.
  private let number: Int32

  /// The years that the vendor's endpoint takes.
  package static let years = 2020...2100

  /// The first month that the vendor answers for, and the last.
  package static let all = (
    first: BillingMonth(known: years.lowerBound, 1), last: BillingMonth(known: years.upperBound, 12)
  )

  private init(known year: Int, _ month: Int) {
    number = Int32(year * 12 + month - 1)
  }

  /// Nil outside of the years and months that the vendor knows.
  package init?(year: Int, month: Int) {
    guard Self.years.contains(year), (1...12).contains(month) else { return nil }
    self.init(known: year, month)
  }

  /// Parses `2026-11`, and nothing else.
  package init?(_ text: some StringProtocol) {
    var text = String(text)
    guard let month = text.withUTF8(BillingMonth.init(utf8:)) else { return nil }
    self = month
  }

  /// Parses the bytes of `2026-11`, and nothing else.
  package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count == 7, bytes[4] == UInt8(ascii: "-"), let year = bytes[..<4].decimalNumber,
      let month = bytes[5...].decimalNumber
    else { return nil }
    self.init(year: year, month: month)
  }

  /// The month that a moment falls into; nil outside of the vendor's years.
  package init?(containing date: Date, in zone: TimeZone) {
    let day = CivilDate(dayNumber: LocalTime(date, in: zone).day)
    self.init(year: day.year, month: day.month)
  }

  package var year: Int { ordinal / 12 }
  /// 1 to 12.
  package var month: Int { ordinal % 12 + 1 }
  /// Months since year 0, for arithmetic.
  package var ordinal: Int { Int(number) }

  /// The month so many months later; nil outside of the vendor's years.
  package func advanced(by months: Int) -> BillingMonth? {
    let target = ordinal + months
    return BillingMonth(year: target / 12, month: target % 12 + 1)
  }

  /// The month's first day, in days since 1970.
  package var firstDay: Int { CivilDate.dayNumber(year: year, month: month, day: 1) }

  /// 28 to 31.
  package var dayCount: Int { CivilDate.lastDay(of: month, in: year) }

  /// The month's first moment (inclusive) and the next month's (exclusive).
  package func period(in zone: TimeZone) -> Range<Date> {
    LocalTime.moment(day: firstDay, in: zone)..<LocalTime.moment(day: firstDay + dayCount, in: zone)
  }

  package var description: String {
    "\(year)-\(month < 10 ? "0" : "")\(month)"
  }

  package static func < (first: BillingMonth, second: BillingMonth) -> Bool {
    first.number < second.number
  }
}

extension BillingMonth: TextCoded {
  package static let expected = "a billing month"
}
