import FoundationEssentials

/// JSON as it is sent: compact, with sorted names, so that the same message is the same bytes.
enum MessageJSON {
  static func bytes(_ message: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(message))
  }
}
