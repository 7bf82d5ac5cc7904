/// How the characters of a file are written.
package enum TextEncoding: String, CaseIterable, Sendable {
  /// The default; UTF-16 is told by its byte order mark.
  case utf8 = "utf-8"
  case windows1252 = "windows-1252"

  /// Why bytes are no text, in one line.
  package struct Problem: Error, Hashable, Sendable {
    /// From 1.
    package let line: Int
    package let message: String
  }

  /// A whole text in UTF-8, without a byte order mark; see ``TextDecoder``.
  package func utf8(_ bytes: [UInt8]) throws(Problem) -> [UInt8] {
    var decoder = TextDecoder(self)
    let text = try decoder.read(bytes)
    let rest = try decoder.finish()
    return rest.isEmpty ? text : text + rest
  }
}
