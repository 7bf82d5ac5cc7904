/// What Slack takes at most: lengths in characters, as docs.slack.dev/reference/block-kit/blocks says.
enum SlackLimit {
  static let header = 150
  static let section = 3_000
  static let field = 2_000
  static let button = 75
  /// Fields in a section.
  static let fields = 10
  /// Rows of a table, with that of the titles.
  static let rows = 100
  /// All cells of a table together.
  static let cells = 10_000
}

/// The body of a request to an incoming webhook. `text` is what notifications and old clients show.
struct SlackPayload: Encodable {
  let text: String
  let blocks: [SlackBlock]
  /// Asterisks and the like in ``text`` mean themselves.
  let mrkdwn = false
  let unfurlLinks = false
  let unfurlMedia = false

  enum CodingKeys: String, CodingKey {
    case text, blocks, mrkdwn
    case unfurlLinks = "unfurl_links"
    case unfurlMedia = "unfurl_media"
  }
}

/// The blocks of Block Kit that are used here.
enum SlackBlock: Encodable {
  case header(String)
  /// A header that is escaped and fits already.
  case title(String)
  case section(SlackText)
  /// At most ten.
  case fields([SlackText])
  /// Rows of cells, the titles first: at most one table in a message.
  case table([[String]])
  /// What it says, and where it leads.
  case button(String, String)
  case context(SlackText)

  private enum Key: String, CodingKey {
    case type, text, fields, elements, rows, url
    case columns = "column_settings"
    case action = "action_id"
  }

  private struct Cell: Encodable {
    let type = "raw_text"
    let text: String
  }

  private struct Column: Encodable {
    let isWrapped = true

    enum CodingKeys: String, CodingKey { case isWrapped = "is_wrapped" }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .header(let text):
      try container.encode("header", forKey: .type)
      try container.encode(SlackText.plain(text, limit: SlackLimit.header), forKey: .text)
    case .title(let text):
      try container.encode("header", forKey: .type)
      try container.encode(SlackText.escapedPlain(text), forKey: .text)
    case .section(let text):
      try container.encode("section", forKey: .type)
      try container.encode(text, forKey: .text)
    case .fields(let fields):
      try container.encode("section", forKey: .type)
      try container.encode(fields, forKey: .fields)
    case .table(let rows):
      try container.encode("table", forKey: .type)
      try container.encode(rows.map { $0.map { Cell(text: $0) } }, forKey: .rows)
      try container.encode((rows.first ?? []).map { _ in Column() }, forKey: .columns)
    case .button(let text, let url):
      try container.encode("actions", forKey: .type)
      var elements = container.nestedUnkeyedContainer(forKey: .elements)
      var button = elements.nestedContainer(keyedBy: Key.self)
      try button.encode("button", forKey: .type)
      try button.encode(SlackText.plain(text, limit: SlackLimit.button), forKey: .text)
      try button.encode(url, forKey: .url)
      try button.encode("link", forKey: .action)
    case .context(let text):
      try container.encode("context", forKey: .type)
      try container.encode([text], forKey: .elements)
    }
  }
}

/// A text object of Block Kit.
enum SlackText: Encodable {
  /// Any text; it is escaped and cut.
  case plain(String, limit: Int)
  /// Text without markup that is escaped and fits already.
  case escapedPlain(String)
  /// Text in Slack's markup, which must be escaped where it has to be.
  case markdown(String)

  private enum Key: String, CodingKey { case type, text, emoji }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .plain(let text, let limit):
      try container.encode("plain_text", forKey: .type)
      try container.encode(Self.escaped(text, limit: limit), forKey: .text)
      // `:name:` in a name is not to become a picture.
      try container.encode(false, forKey: .emoji)
    case .escapedPlain(let text):
      try container.encode("plain_text", forKey: .type)
      try container.encode(text, forKey: .text)
      try container.encode(true, forKey: .emoji)
    case .markdown(let text):
      try container.encode("mrkdwn", forKey: .type)
      try container.encode(text, forKey: .text)
    }
  }

  /// Text that means itself in Slack's markup, which knows no escape for its marks: a space without width behind each
  /// keeps it from forming a pair, and one before it keeps a line from being a quote.
  static func literal(_ text: String) -> String {
    let broken = Unlinked.text(text).unicodeScalars.reduce(into: String.UnicodeScalarView()) { broken, scalar in
      if broken.isEmpty, scalar == ">" { broken.append(Unlinked.gap) }
      broken.append(scalar)
      if "*_~`".unicodeScalars.contains(scalar) { broken.append(Unlinked.gap) }
    }
    return escaped(String(broken), limit: .max)
  }

  /// How long a text is once it is escaped, in UTF-16 units.
  static func escapedLength(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1 == "&" ? 5 : $1 == "<" || $1 == ">" ? 4 : UTF16.width($1)) }
  }

  /// The text with `&`, `<` and `>` escaped, the three characters that Slack's mentions and links need, cut to a
  /// length in UTF-16 units without tearing an escape.
  static func escaped(_ text: String, limit: Int) -> String {
    guard limit > 0 else { return "" }
    var escaped = ""
    var room = limit - 1
    for scalar in text.unicodeScalars {
      let piece =
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        default: String(scalar)
        }
      room -= piece.utf16.count
      guard room >= 0 else { return escaped + "…" }
      escaped += piece
    }
    return escaped
  }
}
