/// The value of `Content-Type` or `Content-Disposition`: a word and parameters (RFC 9110, 5.6.6).
package struct MediaType: Sendable {
  /// In lower case, such as `multipart/form-data`.
  package let name: String
  private let parameters: [String: String]

  package init(_ text: String) {
    var rest = text[...]
    name = Self.token(&rest).lowercased()
    var parameters: [String: String] = [:]
    while let semicolon = rest.firstIndex(of: ";") {
      rest = rest[rest.index(after: semicolon)...]
      let key = Self.token(&rest).lowercased()
      guard rest.first == "=" else { continue }
      rest = rest.dropFirst()
      let value = Self.value(&rest)
      if parameters[key] == nil { parameters[key] = value }
    }
    self.parameters = parameters
  }

  /// - Parameter name: in lower case.
  package subscript(name: String) -> String? { parameters[name] }

  /// What separates the parts of a form; nil for anything else.
  package var boundary: String? {
    guard name == "multipart/form-data", let boundary = self["boundary"], !boundary.isEmpty else { return nil }
    return boundary
  }

  /// What a part of a form calls its file; nil for one that is no file.
  ///
  /// Senders write a quotation mark and line breaks as `%22`, `%0D` and `%0A` (the HTML standard), and some write all that
  /// is not ASCII in this way, in `filename*` (RFC 5987).
  package var filename: String? {
    if let name = self["filename"] { return PercentEncoding.decoded(name) { [0x22, 0x0D, 0x0A].contains($0) } }
    let parts = self["filename*"]?.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
    guard let parts, parts.count == 3 else { return nil }
    return PercentEncoding.decoded(String(parts[2])) { _ in true }
  }

  private static func token(_ rest: inout Substring) -> String {
    let token = rest.prefix { $0 != ";" && $0 != "=" }
    rest = rest[token.endIndex...]
    return String(token.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }

  /// A token, or a quoted text in which a backslash stands before a quotation mark or another backslash.
  private static func value(_ rest: inout Substring) -> String {
    guard rest.first == "\"" else { return token(&rest) }
    rest = rest.dropFirst()
    var value = ""
    while let character = rest.popFirst(), character != "\"" {
      if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
        value.append(next)
        rest = rest.dropFirst()
      } else {
        value.append(character)
      }
    }
    return value
  }
}
