extension UInt8 {
  /// Whether this is the byte of `0` to `9`.
  package var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  /// Whether this is the byte of `a` to `z` or `A` to `Z`.
  package var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
  }

  /// Whether this is the byte of a letter or a digit.
  package var isAlphanumeric: Bool { isLetter || isDigit }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether these are printable characters of ASCII alone, as most texts are; true of none.
  package var isPrintableASCII: Bool { allSatisfy { (0x20..<0x7F).contains($0) } }
}

extension FixedWidthInteger {
  /// At least so many hexadecimal digits.
  package func hexadecimal(digits: Int, uppercase: Bool = false) -> String {
    let text = String(self, radix: 16, uppercase: uppercase)
    return String(repeating: "0", count: Swift.max(0, digits - text.utf8.count)) + text
  }
}

extension StringProtocol {
  /// Whether every character is a digit from `0` to `9`; true of an empty text.
  package var hasOnlyDigits: Bool { utf8.allSatisfy(\.isDigit) }
}

extension String {
  /// The text with a letter of ASCII that it begins with in upper case.
  package var withCapital: String {
    guard let first = utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return self }
    return String(UnicodeScalar(first - 0x20)) + self[utf8.index(after: startIndex)...]
  }
}

extension Collection<UInt8> {
  /// The whole number that these bytes write with digits alone, at most 18 of them; nil for anything else.
  package var decimalNumber: Int? {
    guard !isEmpty, count <= 18 else { return nil }
    var value = 0
    for byte in self {
      guard byte.isDigit else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }
}

extension Sequence<UInt8> {
  /// Two hexadecimal digits for each byte, in lower case.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
