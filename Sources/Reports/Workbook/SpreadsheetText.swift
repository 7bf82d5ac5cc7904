import QuotaCore

extension String {
  /// The text as content of a cell in Office Open XML: what XML has no place for is written `_x000D_` (ECMA-376 part 1,
  /// 22.9.2.19), and so is the underscore of a text that looks like that already.
  var escapedForSpreadsheet: String {
    guard utf8.contains(where: Self.mayNeedEscape) else { return self }
    var escaped = ""
    let scalars = Array(unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "_" where Self.beginsEscape(scalars[index...].prefix(7)): escaped += "_x005F_"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}":
        escaped += "_x\(scalar.value.hexadecimal(digits: 4, uppercase: true))_"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Of most texts no byte is such a one. U+FFFE and U+FFFF begin with EF.
  private static func mayNeedEscape(_ byte: UInt8) -> Bool {
    switch byte {
    case 0..<0x20, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "_"), 0xEF: true
    default: false
    }
  }

  private static func beginsEscape(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    let scalars = Array(scalars)
    return scalars.count == 7 && scalars[1] == "x" && scalars[6] == "_"
      && scalars[2..<6].allSatisfy { $0.properties.isASCIIHexDigit }
  }
}
