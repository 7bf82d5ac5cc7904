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

  /// Appends `Date.iso8601`.
  mutating func append(iso8601 time: Date) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Timestamp.length) {
      Timestamp.put(time, in: $0)
      append(contentsOf: $0)
    }
  }
}
