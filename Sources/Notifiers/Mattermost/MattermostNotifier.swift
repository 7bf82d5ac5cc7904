import FoundationEssentials
import QuotaCore

/// Posts messages to a Mattermost incoming webhook.
struct MattermostNotifier: WebNotifier {
  static let channel: any ChannelKind.Type = MattermostChannel.self
  let id: NotifierID
  let endpoint: WebEndpoint
  let http: any HTTPTransport
  let secrets: any SecretSource

  /// Servers allow ten requests a second unless they are told otherwise
  /// (docs.mattermost.com/administration-guide/configure/rate-limiting-configuration-settings.html).
  let pace: TimeInterval = 0.1

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    try MessageJSON.bytes(MattermostMessage(MessageText(message, texts), texts))
  }
}

/// What Mattermost takes at most, in characters.
enum MattermostLimit {
  static let title = 1_000
  /// A post has 16,383 characters; servers before 5.0 split attachments above 7,600
  /// (developers.mattermost.com/integrate/webhooks/incoming).
  static let text = 7_000
}

/// The body of a request to an incoming webhook: one attachment
/// (developers.mattermost.com/integrate/reference/message-attachments).
struct MattermostMessage: Encodable {
  private let attachment: Attachment

  private struct AttachmentField: Encodable {
    let short: Bool
    let title: String
    let value: String
  }

  private struct Attachment: Encodable {
    let fallback: String
    let color: String
    let title: String
    let link: String?
    let text: String
    let fields: [AttachmentField]
    let footer: String

    enum CodingKeys: String, CodingKey {
      case fallback, color, title, text, fields, footer
      case link = "title_link"
    }
  }

  /// - Throws: ``UnfitText``.
  init(_ message: MessageText, _ texts: Texts = Texts()) throws {
    try Fit.check(texts.title, "title", atMost: MattermostLimit.title, unit: \.unicodeScalars.count)
    try Fit.check(texts.text, "text", atMost: MattermostLimit.text, unit: \.unicodeScalars.count)
    let fields = message.details.map { detail in
      AttachmentField(
        short: !detail.isForeign, title: detail.label,
        value: detail.isForeign ? Self.escaped(detail.value) : detail.value)
    }
    let title = texts.title ?? "\(message.tone.symbol) \(Self.escaped(message.subject))"
    attachment = Attachment(
      fallback: title, color: "#\(message.tone.colour)", title: title, link: message.link,
      text: texts.text ?? Self.text(message),
      fields: texts.text == nil ? fields : [], footer: "quotawatch · \(message.id)")
  }

  private static func text(_ message: MessageText) -> String {
    var lines: [String] = []
    if let percent = message.percentUsed {
      lines.append("`\(MessageFormat.bar(percent: percent))`")
    }
    if let lead = message.lead { lines.append(Self.escaped(lead)) }
    let rows = RankedRows(message.rows, room: MattermostLimit.text - 2_000, most: 50)
    lines += rows.lines(length: \.unicodeScalars.count) { rank, event in
      "\(rank). \(event.tone.symbol) \(Self.escaped(event.row))"
    }
    if let link = message.link { lines.append(Markdown.link(MessageText.linkLabel, link)) }
    return lines.joined(separator: "\n")
  }

  /// Text that means itself. Before it reads Markdown, Mattermost makes links and mentions of `<…|…>`, also over several
  /// lines (its compatibility with Slack), so there must be no `<`.
  static func escaped(_ text: String) -> String {
    Markdown.escaped(text).replacing("&\u{200B}", with: "&").replacing("&", with: "&amp;")
      .replacing("<", with: "&lt;").replacing("\\>", with: "&gt;")
  }

  private enum Key: String, CodingKey { case attachments }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode([attachment], forKey: .attachments)
  }
}
