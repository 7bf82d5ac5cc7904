import QuotaCore

/// Texts in mail headers, which are ASCII: RFC 2047 for what is not, RFC 5322 for the length of lines.
enum HeaderEncoding {
  /// RFC 2047 allows lines of 76 characters where encoded words stand.
  private static let longestLine = 76
  /// With the longest header name in front (`Subject: `) it fits on a line; RFC 2047 allows 75.
  private static let longestWord = 66
  private static let opening = "=?utf-8?Q?"
  private static let closing = "?="
  /// Longer texts are encoded even if they are ASCII, because encoded words can be folded anywhere.
  private static let longestPlain = 60

  /// The pieces of free text, such as a subject.
  static func text(_ text: String) -> [String] {
    isPlain(text) ? [text] : words(text)
  }

  /// The pieces of a name beside an address.
  static func phrase(_ text: String) -> [String] {
    guard isPlain(text) else { return words(text) }
    return ["\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""]
  }

  /// A header whose lines are folded between the pieces where they would grow too long.
  static func header(_ name: String, _ pieces: [String]) -> String {
    var header = "\(name):"
    var length = header.utf8.count
    for (index, piece) in pieces.enumerated() {
      let fits = index == 0 || length + 1 + piece.utf8.count <= longestLine
      header += fits ? " \(piece)" : "\r\n \(piece)"
      length = (fits ? length : 0) + 1 + piece.utf8.count
    }
    return header
  }

  private static func isPlain(_ text: String) -> Bool {
    text.utf8.count <= longestPlain && text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
      && text.first != " " && text.last != " "
  }

  /// Encoded words that a reader joins without a space; no character is split between two.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var content = ""
    for scalar in text.unicodeScalars {
      let piece = Character(scalar).utf8.map(encoded).joined()
      if opening.count + content.utf8.count + piece.utf8.count + closing.count > longestWord {
        words.append(opening + content + closing)
        content = ""
      }
      content += piece
    }
    return words + [opening + content + closing]
  }

  /// A byte in the `Q` encoding, with the few characters that are safe everywhere.
  private static func encoded(_ byte: UInt8) -> String {
    switch byte {
    case 0x20: return "_"
    case _ where byte.isAlphanumeric: return String(Unicode.Scalar(byte))
    default: return "=" + byte.hexadecimal(digits: 2, uppercase: true)
    }
  }
}
