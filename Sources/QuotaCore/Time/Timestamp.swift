package import FoundationEssentials

extension Date {
  /// ISO 8601 in UTC with milliseconds and `Z`, such as `2026-11-23T22:41:05.120Z`: the one way in which times are stored
  /// and printed for programs. Always 24 bytes, so that they compare as text.
  package var iso8601: String {
    String(unsafeUninitializedCapacity: Timestamp.length) {
      Timestamp.put(self, in: $0)
      return Timestamp.length
    }
  }

  /// Parses what ``iso8601`` writes, and nothing else.
  package init?(iso8601 text: String) {
    var text = text
    guard let date = text.withUTF8({ Timestamp.date($0) }) else { return nil }
    self = date
  }

  /// Since 1970.
  package var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1_000).rounded()) }

  /// The same moment to the millisecond, so that a stored time equals the one in memory.
  package var roundedToMilliseconds: Date {
    Date(timeIntervalSince1970: (timeIntervalSince1970 * 1_000).rounded() / 1_000)
  }
}

/// The bytes of ``Foundation/Date/iso8601``, for reports and databases of a million rows.
package enum Timestamp {
  /// How many bytes a time has.
  package static let length = 24

  private static let millisecondsPerDay = 86_400_000
  /// 0000-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z, in milliseconds since 1970.
  private static let range = (-719_528 * millisecondsPerDay)...(2_932_897 * millisecondsPerDay - 1)

  /// Writes a moment, rounded to the millisecond, to ``length`` bytes; one outside the years 0 to 9999 becomes the nearest
  /// one inside.
  package static func put(_ date: Date, in bytes: UnsafeMutableBufferPointer<UInt8>) {
    let exact = (date.timeIntervalSince1970 * 1_000).rounded()
    let inside = max(Double(range.lowerBound), min(Double(range.upperBound), exact))
    let milliseconds = Int(inside)
    let day = milliseconds.floored(by: millisecondsPerDay)
    let time = milliseconds - day * millisecondsPerDay
    let date = CivilDate(dayNumber: day)
    put(date.year, digits: 4, at: 0, in: bytes)
    bytes[4] = UInt8(ascii: "-")
    put(date.month, digits: 2, at: 5, in: bytes)
    bytes[7] = UInt8(ascii: "-")
    put(date.day, digits: 2, at: 8, in: bytes)
    bytes[10] = UInt8(ascii: "T")
    put(time / 3_600_000, digits: 2, at: 11, in: bytes)
    bytes[13] = UInt8(ascii: ":")
    put(time / 60_000 % 60, digits: 2, at: 14, in: bytes)
    bytes[16] = UInt8(ascii: ":")
    put(time / 1_000 % 60, digits: 2, at: 17, in: bytes)
    bytes[19] = UInt8(ascii: ".")
    put(time % 1_000, digits: 3, at: 20, in: bytes)
    bytes[23] = UInt8(ascii: "Z")
  }

  /// A day and, unless none of it is over, its time to the second: `2026-10-01`, `2026-10-01 12:30:00`.
  static func text(day: CivilDate, seconds: Int) -> String {
    let date = Date(timeIntervalSince1970: Double(day.dayNumber * 86_400 + seconds))
    let text = date.iso8601
    return seconds == 0 ? String(text.prefix(10)) : "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
  }

  /// Parses what ``put(_:in:)`` writes, and nothing else.
  package static func date(_ bytes: UnsafeBufferPointer<UInt8>) -> Date? {
    guard bytes.count == length, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      bytes[19] == UInt8(ascii: "."), bytes[23] == UInt8(ascii: "Z"),
      let year = number(bytes, 0..<4), let month = number(bytes, 5..<7), let day = number(bytes, 8..<10),
      let hour = number(bytes, 11..<13), let minute = number(bytes, 14..<16), let second = number(bytes, 17..<19),
      let millisecond = number(bytes, 20..<23), let date = CivilDate(year: year, month: month, day: day),
      hour < 24, minute < 60, second < 60
    else { return nil }
    let seconds = date.dayNumber * 86_400 + hour * 3_600 + minute * 60 + second
    return Date(timeIntervalSince1970: Double(seconds * 1_000 + millisecond) / 1_000)
  }

  /// As ``Swift/Collection/decimalNumber``, without a slice: a history has millions of times.
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ places: Range<Int>) -> Int? {
    var value = 0
    for place in places {
      guard bytes[place].isDigit else { return nil }
      value = value * 10 + Int(bytes[place] - UInt8(ascii: "0"))
    }
    return value
  }

  private static func put(_ value: Int, digits: Int, at start: Int, in bytes: UnsafeMutableBufferPointer<UInt8>) {
    var rest = value
    for index in stride(from: start + digits - 1, through: start, by: -1) {
      bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }
}
