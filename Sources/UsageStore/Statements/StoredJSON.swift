internal import FoundationEssentials
internal import QuotaCore

/// JSON as the database and the files beside it hold it: members sorted by name, times as everywhere.
enum StoredJSON {
  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(date.iso8601)
    }
    return encoder
  }()

  private static let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .custom { decoder in
      let container = try decoder.singleValueContainer()
      var text = try container.decode(String.self)
      guard let date = Date(iso8601: text) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time")
      }
      return date
    }
    return decoder
  }()

  static func bytes(_ value: some Encodable) throws -> Data { try encoder.encode(value) }

  static func value<Value: Decodable>(_ type: Value.Type, _ text: UnsafeBufferPointer<UInt8>) -> Value? {
    try? decoder.decode(type, from: Data(buffer: text))
  }
}

/// A type that is kept as JSON.
protocol SQLJSON: SQLValue, Codable {}

extension SQLJSON {
  func bind(to parameter: SQLParameter) throws -> Int32 {
    try StoredJSON.bytes(self).withUnsafeBytes { parameter.set(text: $0.assumingMemoryBound(to: UInt8.self)) }
  }

  init?(_ column: SQLColumn) {
    guard let value = StoredJSON.value(Self.self, column.bytes) else { return nil }
    self = value
  }
}

/// Texts in their order.
struct StoredTexts: SQLJSON {
  static var expected: String { "a list of texts" }
  let texts: [String]

  init(_ texts: [String]) { self.texts = texts }

  init(from decoder: any Decoder) throws { texts = try decoder.singleValueContainer().decode([String].self) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(texts)
  }
}

extension Acknowledgement: SQLJSON { static var expected: String { "an acknowledgement" } }
extension Alert.Pending: SQLJSON { static var expected: String { "a pending change" } }
extension Flapping: SQLJSON { static var expected: String { "what tells of flapping" } }
extension BreakerTrip: SQLJSON { static var expected: String { "a doubt" } }
extension Doubt: SQLJSON { static var expected: String { "a doubt" } }
extension Event: SQLJSON { static var expected: String { "an event" } }
extension Evidence: SQLJSON { static var expected: String { "evidence" } }
extension KeyRefusal: SQLJSON { static var expected: String { "a refusal of every key" } }
extension RetirementHold: SQLJSON { static var expected: String { "an edit" } }

/// What a query goes over with `json_each`, in no particular order.
struct JSONEach: SQLBindable {
  private let bytes: Data
  private static let encoder = JSONEncoder()

  init(_ organizations: some Collection<OrganizationID>) throws {
    let names = organizations.map(\.rawValue)
    bytes = try Self.plain(names, "[", by: [","], "]") ?? Self.encoder.encode(names)
  }

  init(_ texts: [String]) throws {
    bytes = try Self.encoder.encode(texts)
  }

  init(_ times: [BillingMonth: Date]) throws {
    bytes = try Self.encoder.encode(
      Dictionary(uniqueKeysWithValues: times.map { ($0.key.description, $0.value.iso8601) }))
  }

  init(_ values: [OrganizationID: String]) throws {
    let texts = values.flatMap { [$0.key.rawValue, $0.value] }
    bytes =
      try Self.plain(texts, "{", by: [",", ":"], "}")
      ?? Self.encoder.encode(Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) }))
  }

  /// Texts with separators in turn between them; nil if one is no id, which may need escapes. A run asks for each
  /// organization several times.
  private static func plain(
    _ texts: [String], _ start: UnicodeScalar, by separators: [UnicodeScalar], _ end: UnicodeScalar
  ) -> Data? {
    guard texts.allSatisfy(Identifier.isValid) else { return nil }
    var bytes = [UInt8(ascii: start)]
    for (index, text) in texts.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: separators[index % separators.count])) }
      bytes.append(UInt8(ascii: "\""))
      bytes.append(contentsOf: text.utf8)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: end))
    return Data(bytes)
  }

  func bind(to parameter: SQLParameter) -> Int32 {
    bytes.withUnsafeBytes { parameter.set(text: $0.assumingMemoryBound(to: UInt8.self)) }
  }
}
