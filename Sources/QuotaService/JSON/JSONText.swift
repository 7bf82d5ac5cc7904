import FoundationEssentials
import QuotaCore

/// JSON for other programs: an object that states its version, with snake_case keys in a fixed order and times in ISO 8601;
/// documented in `docs/json.md`.
package enum JSONText {
  /// An object on one line.
  package static func line(_ object: some Encodable) -> String { text(Document(content: object), pretty: false) }

  /// An object over several lines.
  package static func pretty(_ object: some Encodable) -> String { text(Document(content: object), pretty: true) }

  /// Several objects, under a name of the one that states the version.
  ///
  /// - Parameter next: where the list goes on, if there is more of it.
  package static func list(_ name: String, _ objects: [some Encodable], next: String? = nil) -> String {
    pretty(Listing(name: name, objects: objects, next: next))
  }

  /// The same of objects that are text already, as rows of a report are.
  package static func list(_ name: String, of rows: [String], next: String? = nil) -> String {
    let items = rows.isEmpty ? "[\n\n  ]" : "[\n    " + rows.joined(separator: ",\n    ") + "\n  ]"
    let members =
      [(SchemaVersion.name, "\(SchemaVersion.current)"), (name, items)]
      + (next.map { [("next_cursor", "\"\($0)\"")] } ?? [])
    let lines = members.sorted { $0.0 < $1.0 }.map { "  \"\($0.0)\" : \($0.1)" }
    return "{\n" + lines.joined(separator: ",\n") + "\n}"
  }

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
    return String(decoding: data, as: UTF8.self).escapingDeceptions
  }
}

/// What ``JSONText/list(_:_:next:)`` gives, written while it is made.
package struct JSONListing {
  private let name: String
  /// Up to the list, and what follows it.
  private let frame: (head: String, tail: String)
  private var isEmpty = true

  package init(_ name: String) {
    self.name = name
    let empty = JSONText.list(name, of: [])
    let list = empty.firstRange(of: Self.emptyList) ?? empty.endIndex..<empty.endIndex
    frame = (String(empty[..<list.lowerBound]), String(empty[list.upperBound...]))
  }

  private static let emptyList = "[\n\n  ]"
  private static let (listHead, listTail) = ("[\n", "\n  ]")

  /// The text of further objects, with what comes before them.
  package mutating func text(of objects: [some Encodable]) -> String {
    guard !objects.isEmpty else { return "" }
    let whole = JSONText.list(name, objects).utf8
    let items = whole.dropFirst((frame.head + Self.listHead).utf8.count)
      .dropLast((Self.listTail + frame.tail).utf8.count)
    let before = isEmpty ? frame.head + Self.listHead : ",\n"
    isEmpty = false
    return before + String(decoding: items, as: UTF8.self)
  }

  /// What follows the last object.
  package var end: String { (isEmpty ? frame.head + Self.emptyList : Self.listTail) + frame.tail }
}

extension String {
  /// JSON in which the characters that could steer a terminal, and that the encoder leaves as they are, are escapes. They
  /// stand in texts alone.
  fileprivate var escapingDeceptions: String {
    guard !utf8.allSatisfy({ $0 < 0x7F }) else { return self }
    var escaped = UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar == "\n" || !scalar.isDeceptive {
        escaped.append(scalar)
      } else {
        escaped += scalar.jsonEscape.unicodeScalars
      }
    }
    return String(escaped)
  }
}

/// A list under its name, and where it goes on.
private struct Listing<Object: Encodable>: Encodable {
  let name: String
  let objects: [Object]
  let next: String?

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(objects, forKey: Key(stringValue: name))
    try container.encodeIfPresent(next, forKey: Key(stringValue: "next_cursor"))
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
