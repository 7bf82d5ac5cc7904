import QuotaCore

/// What may stand in a header or in a command. A line break there would be another header or another command, and a
/// NUL would hide what follows it from libcurl.
enum HeaderText {
  /// Whether there is no space, no control character and no DEL. Characters outside of ASCII are fine.
  static func isPrintable(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
  }

  /// Refuses control characters other than the tabulator.
  ///
  /// - Parameter what: names the text in the message, which never repeats it.
  static func check(_ text: String, what: String) throws(TransportError) {
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
      throw .refused("\(what) holds a line break or another control character")
    }
  }

  /// Whether a text is a header's name (a `token` of RFC 9110).
  static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { $0.isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains($0) }
  }
}
