package import FoundationEssentials

/// The three forms of a date in HTTP (RFC 9110, section 5.6.7).
package enum HTTPDate {
  /// Parses `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
  ///
  /// - Parameter now: decides the century of a year with two digits: one that seems more than 50 years ahead is past.
  package static func parse(_ text: String, now: Date) -> Date? {
    let words = text.parts(between: UInt8(ascii: " "))
    guard let first = words.first else { return nil }
    let hasComma = first.utf8.last == UInt8(ascii: ",")
    let day = hasComma ? String(first.dropLast()) : first
    switch words.count {
    case 6 where hasComma && shortDays.contains(day) && words[5] == "GMT":
      return date(day: words[1], month: words[2], year: year(words[3]), time: words[4])
    case 4 where hasComma && days.contains(day) && words[3] == "GMT":
      let parts = words[1].parts(between: UInt8(ascii: "-"), omittingEmpty: false)
      guard parts.count == 3 else { return nil }
      return date(day: parts[0], month: parts[1], year: shortYear(parts[2], now: now), time: words[2])
    case 5 where !hasComma && shortDays.contains(day):
      return date(day: words[2], month: words[1], year: year(words[4]), time: words[3])
    default:
      return nil
    }
  }

  /// The first of the three forms, in whole seconds.
  package static func text(of date: Date) -> String {
    let seconds = Int(date.timeIntervalSince1970.rounded(.down))
    let dayNumber = seconds.floored(by: 86_400)
    let civil = CivilDate(dayNumber: dayNumber)
    let time = seconds - dayNumber * 86_400
    // 1970-01-01 was a Thursday.
    let day = shortDays[(dayNumber + 3) - (dayNumber + 3).floored(by: 7) * 7]
    return "\(day), \(padded(civil.day)) \(months[civil.month - 1]) \(padded(civil.year, 4)) "
      + "\(padded(time / 3_600)):\(padded(time / 60 % 60)):\(padded(time % 60)) GMT"
  }

  private static func padded(_ number: Int, _ digits: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  private static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
  private static let shortDays = days.map { String($0.prefix(3)) }
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func number(_ text: String, digits: ClosedRange<Int>, in range: ClosedRange<Int>) -> Int? {
    guard digits.contains(text.utf8.count), let number = text.utf8.decimalNumber, range.contains(number)
    else { return nil }
    return number
  }

  private static func year(_ text: String) -> Int? { number(text, digits: 4...4, in: 1...9_999) }

  private static func shortYear(_ text: String, now: Date) -> Int? {
    guard let short = number(text, digits: 2...2, in: 0...99) else { return nil }
    let present = CivilDate(dayNumber: Int(now.timeIntervalSince1970).floored(by: 86_400)).year
    let year = present / 100 * 100 + short
    if year > present + 50 { return year - 100 }
    return year <= present - 50 ? year + 100 : year
  }

  private static func date(day: String, month: String, year: Int?, time: String) -> Date? {
    let clock = time.parts(between: UInt8(ascii: ":"), omittingEmpty: false)
    guard clock.count == 3, let year, let month = months.firstIndex(of: month),
      let day = number(day, digits: 1...2, in: 1...31),
      let hour = number(clock[0], digits: 2...2, in: 0...23),
      let minute = number(clock[1], digits: 2...2, in: 0...59),
      // 60 is a leap second.
      let second = number(clock[2], digits: 2...2, in: 0...60)
    else { return nil }
    let days = CivilDate.dayNumber(year: year, month: month + 1, day: day)
    return Date(timeIntervalSince1970: TimeInterval(days * 86_400 + hour * 3_600 + minute * 60 + second))
  }
}

extension String {
  /// The parts between some byte of ASCII. A date comes with every answer of the vendor: bytes are faster gone through than
  /// characters.
  fileprivate func parts(between separator: UInt8, omittingEmpty: Bool = true) -> [String] {
    utf8.split(separator: separator, omittingEmptySubsequences: omittingEmpty).map { String(Substring($0)) }
  }
}
