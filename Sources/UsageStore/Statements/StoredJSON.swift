internal import FoundationEssentials
internal import QuotaCore

/// Values that the database holds as JSON: members sorted by name, times as everywhere.
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

  static func text(_ value: some Encodable) throws -> String {
    String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// A parameter for `json_each`, in no particular order.
  static func list(_ value: some Encodable) throws -> String {
    String(decoding: try listEncoder.encode(value), as: UTF8.self)
  }

  private static let listEncoder = JSONEncoder()

  static func value<Value: Decodable>(_ type: Value.Type, _ text: UnsafeBufferPointer<UInt8>) -> Value? {
    try? decoder.decode(type, from: Data(buffer: text))
  }
}
