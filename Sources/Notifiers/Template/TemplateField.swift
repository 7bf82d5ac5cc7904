import QuotaCore

/// A part of a channel's message that a template may replace.
struct TemplateField: Sendable {
  /// The key of the configuration.
  let name: String
  let part: any WritableKeyPath<Texts, String?> & Sendable
  /// How values are escaped in it.
  let format: TextFormat

  init(_ name: String, _ part: any WritableKeyPath<Texts, String?> & Sendable, _ format: TextFormat) {
    self.name = name
    self.part = part
    self.format = format
  }

  /// A sentence on what it is.
  var text: String {
    switch name {
    case "title": "The title, on one line."
    case "subject": "The subject, on one line."
    case "html": "The page that goes beside the text."
    case "body": "The whole body, which has to be JSON."
    default: "The text."
    }
  }

  /// Whether it has one line only.
  var isLine: Bool { name == "title" || name == "subject" }
}

/// How a value has to be written to mean itself.
struct TextFormat: Sendable {
  /// Words, which others may have written: nothing in them is formatted, or becomes a link by itself.
  let escaped: @Sendable (String) -> String
  /// A figure, a time, a colour or an address of our own, which has to stay what it is to be of use.
  let literal: @Sendable (String) -> String

  init(_ escaped: @escaping @Sendable (String) -> String, literal: (@Sendable (String) -> String)? = nil) {
    (self.escaped, self.literal) = (escaped, literal ?? escaped)
  }

  static let plain = TextFormat { $0 }
  /// Where addresses become links by themselves.
  static let unlinked = TextFormat({ Unlinked.text($0) }, literal: { $0 })
  static let html = TextFormat({ Unlinked.text($0).escapedForHTML }, literal: \.escapedForHTML)
  /// Between the quotes of a string in JSON.
  static let json = TextFormat { MessageJSON.escaped($0) }
  /// Within an address: what is no letter, digit or `-._~` is percent-encoded.
  static let address = TextFormat { text in
    text.utf8.reduce(into: "") { encoded, byte in
      if byte.isAlphanumeric || "-._~".utf8.contains(byte) {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        encoded += "%" + byte.hexadecimal(digits: 2, uppercase: true)
      }
    }
  }
  static let markdown = TextFormat({ Markdown.escaped($0) }, literal: Markdown.address)
}
