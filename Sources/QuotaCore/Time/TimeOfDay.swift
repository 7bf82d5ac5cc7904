/// A time on a clock on the wall, written `09:00`.
package struct TimeOfDay: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 0 to 1439.
  package let minutes: Int

  /// Parses `HH:MM` from `00:00` to `23:59`.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = bytes[..<2].decimalNumber,
      let minute = bytes[3...].decimalNumber, hour < 24, minute < 60
    else { return nil }
    minutes = hour * 60 + minute
  }

  package var description: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(minutes / 60)):\(two(minutes % 60))"
  }

  package static func < (first: TimeOfDay, second: TimeOfDay) -> Bool { first.minutes < second.minutes }
}
