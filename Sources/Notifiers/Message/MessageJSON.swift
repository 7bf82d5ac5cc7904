import FoundationEssentials
import QuotaCore

/// JSON as it is sent: compact, with sorted names, so that the same message is the same bytes.
enum MessageJSON {
  static func bytes(_ message: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(message))
  }

  /// An object that has at least one member with another member before them: a secret that must not be stored with the
  /// message.
  static func adding(_ name: String, _ value: String, to object: [UInt8]) -> [UInt8] {
    Array("{\"\(name)\":\"\(escaped(value))\",".utf8) + object.dropFirst()
  }

  /// How many bytes a scalar takes between the quotes of a JSON string.
  static func length(_ scalar: Unicode.Scalar) -> Int {
    switch scalar {
    case "\"", "\\", "\n", "\r", "\t", "\u{8}", "\u{C}": 2
    case "\u{0}"..."\u{1F}": longestScalar
    default: UTF8.width(scalar)
    }
  }

  /// The most that ``length(_:)`` is.
  static let longestScalar = 6

  /// A text as it stands between the quotes of a JSON string.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\r": escaped += "\\r"
      case "\t": escaped += "\\t"
      case "\u{0}"..."\u{1F}", "\u{2028}", "\u{2029}":
        escaped += "\\u" + scalar.value.hexadecimal(digits: 4)
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
