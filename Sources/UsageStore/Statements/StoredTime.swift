internal import FoundationEssentials
internal import QuotaCore

/// Times as the database holds them: `2026-11-23T22:41:05.120Z`, always 24 bytes, so that they compare as text.
///
/// The same text as `Date.iso8601` in the core makes from the year 1583 on, which is too slow for the million rows of a
/// report.
enum StoredTime {
  static let length = 24

  private static let millisecondsPerDay: Int64 = 86_400_000
  /// 0000-01-01 and 9999-12-31, in days since 1970.
  private static let days: ClosedRange<Int64> = -719_528...2_932_896

  /// The text of a moment, rounded to the millisecond; a moment outside the years 0 to 9999 becomes the nearest one
  /// inside.
  static func text(_ date: Date) -> String {
    withBytes(date) { String(decoding: $0, as: UTF8.self) }
  }

  /// Calls `body` with the bytes of a moment's text.
  static func withBytes<Value>(_ date: Date, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    let first = days.lowerBound * millisecondsPerDay
    let last = (days.upperBound + 1) * millisecondsPerDay - 1
    let exact = (date.timeIntervalSince1970 * 1_000).rounded()
    let milliseconds = exact <= Double(first) ? first : exact >= Double(last) ? last : Int64(exact)
    let day = floorDivide(milliseconds, millisecondsPerDay)
    let time = milliseconds - day * millisecondsPerDay
    let civil = civilDate(day)
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length) { bytes in
      put(civil.year, digits: 4, at: 0, in: bytes)
      bytes[4] = UInt8(ascii: "-")
      put(civil.month, digits: 2, at: 5, in: bytes)
      bytes[7] = UInt8(ascii: "-")
      put(civil.day, digits: 2, at: 8, in: bytes)
      bytes[10] = UInt8(ascii: "T")
      put(time / 3_600_000, digits: 2, at: 11, in: bytes)
      bytes[13] = UInt8(ascii: ":")
      put(time / 60_000 % 60, digits: 2, at: 14, in: bytes)
      bytes[16] = UInt8(ascii: ":")
      put(time / 1_000 % 60, digits: 2, at: 17, in: bytes)
      bytes[19] = UInt8(ascii: ".")
      put(time % 1_000, digits: 3, at: 20, in: bytes)
      bytes[23] = UInt8(ascii: "Z")
      return body(UnsafeBufferPointer(bytes))
    }
  }

  /// Parses what ``text(_:)`` writes, and nothing else.
  static func date(_ bytes: UnsafeBufferPointer<UInt8>) -> Date? {
    guard bytes.count == length, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      bytes[19] == UInt8(ascii: "."), bytes[23] == UInt8(ascii: "Z"),
      let year = number(bytes, 0, 4), let month = number(bytes, 5, 2), let day = number(bytes, 8, 2),
      let hour = number(bytes, 11, 2), let minute = number(bytes, 14, 2), let second = number(bytes, 17, 2),
      let millisecond = number(bytes, 20, 3), (1...12).contains(month), (1...lastDay(of: month, year)).contains(day),
      hour < 24, minute < 60, second < 60
    else { return nil }
    let seconds = dayNumber(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
    return Date(timeIntervalSince1970: Double(seconds * 1_000 + millisecond) / 1_000)
  }

  /// The billing month in these bytes, `2026-11`.
  static func month(_ bytes: UnsafeBufferPointer<UInt8>) -> BillingMonth? {
    guard bytes.count == 7, bytes[4] == UInt8(ascii: "-"), let year = number(bytes, 0, 4),
      let month = number(bytes, 5, 2)
    else { return nil }
    return BillingMonth(year: Int(year), month: Int(month))
  }

  private static func put(_ value: Int64, digits: Int, at start: Int, in bytes: UnsafeMutableBufferPointer<UInt8>) {
    var rest = value
    for index in stride(from: start + digits - 1, through: start, by: -1) {
      bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
  }

  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ digits: Int) -> Int64? {
    var value: Int64 = 0
    for index in start..<start + digits {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int64(digit)
    }
    return value
  }

  private static func lastDay(of month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : (value - divisor + 1) / divisor
  }

  /// Days since 1970 of a Gregorian date, by Howard Hinnant's `days_from_civil`
  /// (https://howardhinnant.github.io/date_algorithms.html).
  private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The Gregorian date so many days after 1970-01-01, by the same author's `civil_from_days`.
  private static func civilDate(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
