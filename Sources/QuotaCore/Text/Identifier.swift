/// What may name an organization, a rule, a plan or a notifier.
package enum Identifier {
  /// Whether a text is an identifier; see ``ConfigurationNode/identifier()``.
  package static func isValid(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 64, first.isAlphanumeric,
      last.isAlphanumeric
    else { return false }
    return bytes.indices.allSatisfy { index in
      switch bytes[index] {
      case UInt8(ascii: "."): bytes[index - 1] != UInt8(ascii: ".")
      case UInt8(ascii: "-"), UInt8(ascii: "_"): true
      default: bytes[index].isAlphanumeric
      }
    }
  }

  /// What is wrong with a text that is none.
  static func problem(in text: String) -> String {
    "\"\(text)\" is not an id: use up to 64 letters, digits, '-', '_' and single dots, a letter or digit first and last"
  }
}
