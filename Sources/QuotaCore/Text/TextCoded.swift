/// A value that is stored and sent as its text.
package protocol TextCoded: Codable, CustomStringConvertible {
  /// What the text has to be, for the error that it is not: "a billing month".
  static var expected: String { get }

  /// Parses what `description` writes; nil for anything else.
  init?(_ text: String)
}

extension TextCoded {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let value = Self(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is not \(Self.expected)"))
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
