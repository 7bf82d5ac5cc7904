extension String {
  /// The text without the escapes of spreadsheets, which write as `_x000D_` what XML cannot bear.
  var decodedFromSpreadsheet: String {
    guard contains("_x") else { return self }
    var units: [UInt16] = []
    var rest = utf16[...]
    while let unit = rest.first {
      if let escaped = Self.escape(rest.prefix(7)) {
        units.append(escaped)
        rest = rest.dropFirst(7)
      } else {
        units.append(unit)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static func escape(_ text: Substring.UTF16View) -> UInt16? {
    let characters = String(decoding: text, as: UTF16.self)
    guard text.count == 7, characters.hasPrefix("_x"), characters.hasSuffix("_") else { return nil }
    let digits = characters.dropFirst(2).dropLast()
    return digits.allSatisfy(\.isHexDigit) ? UInt16(digits, radix: 16) : nil
  }
}
