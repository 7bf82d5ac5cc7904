import QuotaCore

/// A message laid out as an Adaptive Card 1.4.
///
/// What others have written stands in text runs, in which Teams interprets no formatting; text blocks and facts, which
/// know Markdown, hold our own words.
struct TeamsCard: Encodable {
  private let body: [TeamsElement]
  private let link: String?
  private let fallback: String

  /// - Throws: ``UnfitText``.
  init(_ message: MessageText, _ texts: Texts = Texts()) throws {
    try Fit.check(texts.title, "title", atMost: TeamsLimit.title, unit: \.utf8.count)
    try Fit.check(texts.text, "text", atMost: TeamsLimit.text, unit: \.utf8.count)
    let title = texts.title ?? "\(message.tone.symbol) \(message.subject)"
    var body: [TeamsElement] = [.title(title, message.tone)]
    if let text = texts.text {
      body.append(.markdown(text))
    } else {
      body += Self.content(message)
    }
    body.append(.small("quotawatch · \(message.id)"))
    self.body = body
    link = message.link
    fallback = TeamsElement.literal(title)
  }

  private static func content(_ message: MessageText) -> [TeamsElement] {
    var elements: [TeamsElement] = []
    if let percent = message.percentUsed {
      elements.append(.markdown(MessageFormat.bar(percent: percent)))
    }
    if let lead = message.lead { elements.append(.plain(lead)) }
    let own = message.details.filter { !$0.isForeign }
    if !own.isEmpty { elements.append(.facts(own)) }
    elements += message.details.filter(\.isForeign).map { .plain("\($0.label): \($0.value)") }
    let rows = RankedRows(message.rows, room: TeamsLimit.rows, most: 50)
    return elements + rows.lines(length: { TeamsElement.plain($0).size }).map { .plain($0) }
  }

  private enum Key: String, CodingKey {
    case schema = "$schema"
    case type, version, body, actions
    case fallbackText, msteams
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("http://adaptivecards.io/schemas/adaptive-card.json", forKey: .schema)
    try container.encode("AdaptiveCard", forKey: .type)
    try container.encode("1.4", forKey: .version)
    try container.encode(fallback, forKey: .fallbackText)
    try container.encode(["width": "Full"], forKey: .msteams)
    try container.encode(body, forKey: .body)
    if let link { try container.encode([OpenURL(url: link)], forKey: .actions) }
  }

  private struct OpenURL: Encodable {
    let type = "Action.OpenUrl"
    let title = MessageText.linkLabel
    let url: String
  }
}

/// The elements of an Adaptive Card that are used here.
enum TeamsElement: Encodable {
  case title(String, Tone)
  /// Text in Markdown.
  case markdown(String)
  /// Text that means itself.
  case plain(String)
  case facts([EventText.Detail])
  case small(String)

  private enum Key: String, CodingKey { case type, text, wrap, weight, size, color, inlines, facts, isSubtle, spacing }

  private struct TextRun: Encodable {
    let type = "TextRun"
    let text: String
    var weight: String?
    var size: String?
    var color: String?
    var isSubtle: Bool?
  }

  private struct Fact: Encodable {
    let title: String
    let value: String
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .title(let text, let tone):
      try container.encode("RichTextBlock", forKey: .type)
      try container.encode(
        [TextRun(text: Self.literal(text), weight: "Bolder", size: "Medium", color: Self.colour(tone))],
        forKey: .inlines)
    case .markdown(let text):
      try container.encode("TextBlock", forKey: .type)
      try container.encode(text, forKey: .text)
      try container.encode(true, forKey: .wrap)
    case .plain(let text):
      try container.encode("RichTextBlock", forKey: .type)
      try container.encode("Small", forKey: .spacing)
      try container.encode([TextRun(text: Self.literal(text))], forKey: .inlines)
    case .facts(let details):
      try container.encode("FactSet", forKey: .type)
      try container.encode(details.map { Fact(title: $0.label, value: Self.literal($0.value)) }, forKey: .facts)
    case .small(let text):
      try container.encode("RichTextBlock", forKey: .type)
      try container.encode([TextRun(text: Self.literal(text), size: "Small", isSubtle: true)], forKey: .inlines)
    }
  }

  /// How many bytes the element takes with the comma behind it.
  var size: Int { ((try? MessageJSON.bytes(self).count) ?? .max / 2) + 1 }

  /// `{{DATE(…)}}` is replaced everywhere in a card; here it means itself.
  static func literal(_ text: String) -> String {
    text.replacing("{{", with: "{\u{200B}{").replacing("{{", with: "{\u{200B}{")
  }

  /// Text that means itself in a text block, whose Markdown is not the same in every Teams: some know no backslashes, and show
  /// them. Spaces without width break what all of them know; the few signs that these do not break are shown by their
  /// twins.
  static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    let scalars = Array(Unlinked.text(text).unicodeScalars)
    // A line of the template may begin with the value: what makes a heading, a list or a quote of it is not its beginning then.
    if let first = scalars.first, !first.properties.isAlphabetic { escaped.append(Unlinked.gap) }
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "*": escaped.append("\u{2217}")
      case "`": escaped.append("\u{2CB}")
      case "~": escaped.append("\u{223C}")
      // Within a word it means itself everywhere.
      case "_": escaped.append(isWithinWord(index, scalars) ? scalar : "\u{2CD}")
      case "[", "]", "(", ")", "{", "\\", "!", "&", "<": escaped.append(contentsOf: [scalar, Unlinked.gap])
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  private static func isWithinWord(_ index: Int, _ scalars: [Unicode.Scalar]) -> Bool {
    index > 0 && index + 1 < scalars.count && [index - 1, index + 1].allSatisfy { scalars[$0].properties.isAlphabetic }
  }

  private static func colour(_ tone: Tone) -> String {
    switch tone {
    case .test, .info, .acknowledged: "Accent"
    case .resolved: "Good"
    case .notice, .warning: "Warning"
    case .critical: "Attention"
    }
  }
}
