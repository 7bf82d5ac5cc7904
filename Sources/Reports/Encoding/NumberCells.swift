import FoundationEssentials
import QuotaCore

extension [UInt8] {
  /// Appends a whole number.
  mutating func append(decimal number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(decimal: number.magnitude)
  }

  private mutating func append(decimal number: UInt64) {
    // 20 digits are enough for every 64-bit number.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = number
      var first = digits.endIndex
      repeat {
        first -= 1
        digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
    }
  }

  /// Appends a number of hundredths with two decimals: 3333 as `33.33`.
  mutating func append(hundredths: UInt128) {
    let whole = hundredths / 100
    if let small = UInt64(exactly: whole) {
      append(decimal: small)
    } else {
      append(contentsOf: String(whole).utf8)
    }
    append(UInt8(ascii: "."))
    let rest = UInt8(truncatingIfNeeded: hundredths % 100)
    append(UInt8(ascii: "0") + rest / 10)
    append(UInt8(ascii: "0") + rest % 10)
  }

  /// Appends what `Date.iso8601` gives, many times faster.
  mutating func append(iso8601 time: Date) {
    let milliseconds = (time.timeIntervalSince1970 * 1_000).rounded()
    guard Self.fastYears.contains(milliseconds) else {
      append(contentsOf: time.iso8601.utf8)
      return
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
      text.write(milliseconds: Int(milliseconds))
      append(contentsOf: UnsafeBufferPointer(text))
    }
  }

  /// The years 1970 to 9999, in milliseconds since 1970.
  private static let fastYears = 0.0..<253_402_300_800_000.0
}

extension UnsafeMutableBufferPointer<UInt8> {
  /// Writes `1970-01-01T00:00:00.000Z` for 0 into 24 bytes. Not for moments before 1970.
  fileprivate func write(milliseconds: Int) {
    let (days, inDay) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    write(day: days)
    self[10] = UInt8(ascii: "T")
    write(inDay / 3_600_000, at: 11, digits: 2)
    self[13] = UInt8(ascii: ":")
    write(inDay / 60_000 % 60, at: 14, digits: 2)
    self[16] = UInt8(ascii: ":")
    write(inDay / 1_000 % 60, at: 17, digits: 2)
    self[19] = UInt8(ascii: ".")
    write(inDay % 1_000, at: 20, digits: 3)
    self[23] = UInt8(ascii: "Z")
  }

  /// Writes the Gregorian date of a day counted from 1970-01-01.
  ///
  /// The arithmetic is `civil_from_days` of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400
  /// years that begin on 1 March, so that a leap day is a year's last.
  private func write(day: Int) {
    let (era, dayOfEra) = (day + 719_468).quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    write(era * 400 + yearOfEra + (month <= 2 ? 1 : 0), at: 0, digits: 4)
    self[4] = UInt8(ascii: "-")
    write(month, at: 5, digits: 2)
    self[7] = UInt8(ascii: "-")
    write(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, at: 8, digits: 2)
  }

  /// Writes the last digits of a number ≥ 0, with leading zeros.
  private func write(_ number: Int, at start: Int, digits: Int) {
    var rest = number
    for index in (start..<start + digits).reversed() {
      self[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }
}
