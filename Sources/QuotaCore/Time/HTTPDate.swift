package import FoundationEssentials

/// The three forms of a date in HTTP (RFC 9110, section 5.6.7).
package enum HTTPDate {
  /// Parses `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
  ///
  /// - Parameter now: decides the century of a year with two digits: one that seems more than 50 years ahead is past.
  package static func parse(_ text: String, now: Date) -> Date? {
    var text = text
    return text.withUTF8 { parse($0, now: now) }
  }

  private static func parse(_ text: UnsafeBufferPointer<UInt8>, now: Date) -> Date? {
    let words = text.split(separator: UInt8(ascii: " "))
    guard let first = words.first else { return nil }
    let hasComma = first.last == UInt8(ascii: ",")
    let day = hasComma ? first.dropLast() : first
    switch words.count {
    case 6 where hasComma && place(of: day, in: shortDays) != nil && words[5].elementsEqual("GMT".utf8):
      return date(day: words[1], month: words[2], year: year(words[3]), time: words[4])
    case 4 where hasComma && place(of: day, in: days) != nil && words[3].elementsEqual("GMT".utf8):
      let parts = words[1].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      return date(day: parts[0], month: parts[1], year: shortYear(parts[2], now: now), time: words[2])
    case 5 where !hasComma && place(of: day, in: shortDays) != nil:
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

  /// A part of a date. One comes with every answer of the vendor: bytes are faster gone through than characters.
  private typealias Word = Slice<UnsafeBufferPointer<UInt8>>

  private static func place(of word: Word, in words: [String]) -> Int? {
    words.firstIndex { word.elementsEqual($0.utf8) }
  }

  private static func number(_ word: Word, digits: ClosedRange<Int>, in range: ClosedRange<Int>) -> Int? {
    guard digits.contains(word.count), let number = word.decimalNumber, range.contains(number) else { return nil }
    return number
  }

  private static func year(_ word: Word) -> Int? { number(word, digits: 4...4, in: 1...9_999) }

  private static func shortYear(_ word: Word, now: Date) -> Int? {
    guard let short = number(word, digits: 2...2, in: 0...99) else { return nil }
    let present = CivilDate(dayNumber: Int(now.timeIntervalSince1970).floored(by: 86_400)).year
    let year = present / 100 * 100 + short
    if year > present + 50 { return year - 100 }
    return year <= present - 50 ? year + 100 : year
  }

  private static func date(day: Word, month: Word, year: Int?, time: Word) -> Date? {
    let clock = time.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard clock.count == 3, let year, let month = place(of: month, in: months),
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
