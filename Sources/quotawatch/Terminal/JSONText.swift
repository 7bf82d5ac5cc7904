import ArgumentParser
import FoundationEssentials
import QuotaCore

/// JSON for other programs: snake_case keys in a fixed order, times in ISO 8601.
enum JSONText {
  /// On one line.
  static func line(_ value: some Encodable) -> String { text(value, pretty: false) }

  /// Indented.
  static func pretty(_ value: some Encodable) -> String { text(value, pretty: true) }

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
