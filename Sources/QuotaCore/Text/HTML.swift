extension String {
  /// The text as content or attribute value of HTML: what has a meaning there is escaped, and a control character, which
  /// has no place there, is shown as U+FFFD.
  package var escapedForHTML: String {
    guard utf8.contains(where: Self.mayNeedEscape) else { return self }
    var (escaped, rest) = ("", startIndex)
    for index in unicodeScalars.indices {
      guard let replacement = Self.replacement(of: unicodeScalars[index]) else { continue }
      escaped += self[rest..<index] + replacement
      rest = unicodeScalars.index(after: index)
    }
    return escaped + self[rest...]
  }

  /// What a character is written as; nil for itself.
  private static func replacement(of scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    case "\"": "&quot;"
    case "'": "&#39;"
    case "\n", "\t": nil
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": "\u{FFFD}"
    default: nil
    }
  }

  /// Of most texts no byte is such a one: what is replaced beyond ASCII begins with C2 or EF.
  private static func mayNeedEscape(_ byte: UInt8) -> Bool {
    switch byte {
    case 0..<0x20, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"),
      0x7F, 0xC2, 0xEF:
      true
    default: false
    }
  }
}
