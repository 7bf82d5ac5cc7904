package import FoundationEssentials

extension Date {
  /// Parses a moment as RFC 3339 writes it, rounded to the millisecond: `2026-11-05T12:00:00Z`,
  /// `2026-11-05T12:00:00.123+01:00`, with a space instead of the `T`. A moment without a zone is none.
  package init?(rfc3339 text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]), bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":"), let year = bytes[0..<4].decimalNumber, let month = bytes[5..<7].decimalNumber,
      let day = bytes[8..<10].decimalNumber, let hour = bytes[11..<13].decimalNumber,
      let minute = bytes[14..<16].decimalNumber, let second = bytes[17..<19].decimalNumber,
      let date = CivilDate(year: year, month: month, day: day), hour < 24, minute < 60, second < 60
    else { return nil }
    var rest = bytes[19...]
    var milliseconds = 0.0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix(while: \.isDigit)
      guard (1...9).contains(digits.count), let number = digits.decimalNumber else { return nil }
      milliseconds = (0..<digits.count).reduce(Double(number) * 1_000) { value, _ in value / 10 }.rounded()
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = Self.offset(rest) else { return nil }
    let seconds = date.dayNumber * 86_400 + hour * 3_600 + minute * 60 + second - offset
    self.init(timeIntervalSince1970: (Double(seconds) * 1_000 + milliseconds) / 1_000)
  }

  /// A zone in seconds east of UTC: `Z` or `±hh:mm`.
  private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let sign = bytes.first else { return nil }
    let rest = Array(bytes.dropFirst())
    if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return rest.isEmpty ? 0 : nil }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), rest.count == 5, rest[2] == UInt8(ascii: ":"),
      let hours = rest[0..<2].decimalNumber, let minutes = rest[3..<5].decimalNumber, hours < 24, minutes < 60
    else { return nil }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
  }
}
