import FoundationEssentials
import QuotaCore

/// JSON for other programs: an object that states its version, with snake_case keys in a fixed order and times in ISO 8601;
/// documented in `docs/json.md`.
enum JSONText {
  /// An object on one line.
  static func line(_ object: some Encodable) -> String { text(Document(content: object), pretty: false) }

  /// An object over several lines.
  static func pretty(_ object: some Encodable) -> String { text(Document(content: object), pretty: true) }

  /// Several objects, under a name of the one that states the version.
  static func list(_ name: String, _ objects: [some Encodable]) -> String { pretty([name: objects]) }

  private static func text(_ value: some Encodable, pretty: Bool) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(date.iso8601)
    }
    // Every value that is printed consists of text, whole numbers and lists of them, which always can be encoded.
    guard let data = try? encoder.encode(value) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }
}

/// The members of an object, and the version.
private struct Document<Content: Encodable>: Encodable {
  let content: Content

  private enum Key: String, CodingKey {
    case version = "schema_version"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(SchemaVersion.current, forKey: .version)
    try content.encode(to: encoder)
  }
}
