package import FoundationEssentials

/// A calendar month in the vendor's billing time zone, written `2026-11`.
///
/// The vendor answers for the years 2020 to 2100.
package struct BillingMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let year: Int
  /// 1 to 12.
  package let month: Int

  /// The years that the vendor's endpoint takes.
  package static let years = 2020...2100

  /// Nil outside of the years and months that the vendor knows.
  package init?(year: Int, month: Int) {
    guard Self.years.contains(year), (1...12).contains(month) else { return nil }
    self.year = year
    self.month = month
  }

  /// Parses `2026-11`, and nothing else.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 7, bytes[4] == UInt8(ascii: "-"),
      [0, 1, 2, 3, 5, 6].allSatisfy({ bytes[$0] >= UInt8(ascii: "0") && bytes[$0] <= UInt8(ascii: "9") }),
      let year = Int(text.prefix(4)), let month = Int(text.suffix(2))
    else { return nil }
    self.init(year: year, month: month)
  }

  /// The month that a moment falls into; nil outside of the vendor's years.
  package init?(containing date: Date, in zone: TimeZone) {
    let parts = Self.calendar(in: zone).dateComponents([.year, .month], from: date)
    guard let year = parts.year, let month = parts.month else { return nil }
    self.init(year: year, month: month)
  }

  /// Months since year 0, for arithmetic.
  package var ordinal: Int { year * 12 + month - 1 }

  /// The month so many months later; nil outside of the vendor's years.
  package func advanced(by months: Int) -> BillingMonth? {
    let target = ordinal + months
    return BillingMonth(year: target / 12, month: target % 12 + 1)
  }

  /// The month's first day, in days since 1970, by the Gregorian calendar.
  package var firstDay: Int { Self.firstDay(ofMonth: ordinal) }

  /// 28 to 31.
  package var dayCount: Int { Self.firstDay(ofMonth: ordinal + 1) - firstDay }

  /// Counted in years that begin with March, so that a leap day is the last of its year.
  private static func firstDay(ofMonth ordinal: Int) -> Int {
    let (year, month) = (ordinal - 2).quotientAndRemainder(dividingBy: 12)
    let leapDays = year / 4 - year / 100 + year / 400
    return year * 365 + leapDays + (153 * month + 2) / 5 - 719_468
  }

  /// The month's first moment (inclusive) and the next month's (exclusive).
  package func period(in zone: TimeZone) -> Range<Date> {
    let next = ordinal + 1
    return Self.start(year: year, month: month, in: zone)..<Self.start(year: next / 12, month: next % 12 + 1, in: zone)
  }

  package var description: String {
    "\(year)-\(month < 10 ? "0" : "")\(month)"
  }

  package static func < (first: BillingMonth, second: BillingMonth) -> Bool {
    first.ordinal < second.ordinal
  }

  private static func calendar(in zone: TimeZone) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    return calendar
  }

  private static func start(year: Int, month: Int, in zone: TimeZone) -> Date {
    let calendar = calendar(in: zone)
    let parts = DateComponents(year: year, month: month, day: 1)
    // The Gregorian calendar has a first day in every month, so there is always a date; a zone whose midnight is
    // skipped by daylight saving begins that day later, which Calendar resolves.
    return calendar.date(from: parts) ?? .distantPast
  }
}

extension BillingMonth: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let month = BillingMonth(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is not a billing month"))
    }
    self = month
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
