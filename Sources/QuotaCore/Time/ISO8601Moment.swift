package import FoundationEssentials

extension Date {
  /// Parses a moment as ISO 8601 writes it with a zone, in its extended format and to the millisecond:
  /// `2026-10-01T00:00Z`, `2026-10-01T00:00:00,5+0200`, `2026-10-01 00:00:00.123-03`. Nothing may follow.
  package init?(zonedISO8601 text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count > 16 else { return nil }
    var rest = bytes[16...]
    var seconds: ArraySlice<UInt8> = Array(":00".utf8)[...]
    var fraction: [UInt8] = []
    if rest.first == UInt8(ascii: ":") {
      seconds = rest.prefix(3)
      rest = rest.dropFirst(3)
      if rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",") {
        fraction = [UInt8(ascii: ".")] + rest.dropFirst().prefix(while: \.isDigit)
        rest = rest.dropFirst(fraction.count)
      }
    }
    guard let offset = ZoneDesignator.offset(rest, names: ["Z"]),
      let local = Date(
        rfc3339: String(decoding: bytes[..<16] + seconds + fraction + [UInt8(ascii: "Z")], as: UTF8.self))
    else { return nil }
    self = local.addingTimeInterval(-Double(offset))
  }
}

/// A zone behind a time.
enum ZoneDesignator {
  /// Seconds east of UTC: one of the names, which stand for UTC, or `±hh`, `±hhmm` or `±hh:mm`; nil for anything else.
  static func offset(_ bytes: some Collection<UInt8>, names: [String]) -> Int? {
    let bytes = Array(bytes)
    if names.contains(String(decoding: bytes, as: UTF8.self).uppercased()) { return 0 }
    guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
    var digits = Array(bytes.dropFirst())
    if digits.count == 5, digits[2] == UInt8(ascii: ":") { digits.remove(at: 2) }
    guard digits.count == 2 || digits.count == 4, let hours = digits[..<2].decimalNumber,
      let minutes = digits.count == 2 ? 0 : digits[2...].decimalNumber, hours < 24, minutes < 60
    else { return nil }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
  }
}
