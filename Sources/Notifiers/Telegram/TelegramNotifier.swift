import FoundationEssentials
import QuotaCore

/// Sends messages by a Telegram bot (core.telegram.org/bots/api#sendmessage).
struct TelegramNotifier: WebNotifier {
  static let channel: any ChannelKind.Type = TelegramChannel.self
  let id: NotifierID
  let settings: TelegramChannel
  let http: any HTTPTransport
  let secrets: any SecretSource

  /// One message a second to a person, twenty a minute to a group or channel, whose numbers are negative
  /// (core.telegram.org/bots/faq, "My bot is hitting limits").
  var pace: TimeInterval { Int64(settings.chat).map { $0 > 0 } ?? false ? 1 : 3 }
  var endpoint: WebEndpoint { settings.endpoint }
  var keys: [String: SecretReference] { ["token": settings.token] }

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    try MessageJSON.bytes(
      TelegramMessage(MessageText(message, texts), texts, to: settings.chat, thread: settings.thread))
  }

  func post(for payload: [UInt8], id: MessageID, now: Date) async throws(SecretError) -> WebPost {
    let (address, token) = try await settings.address(fetching: secrets)
    let hidden = [address, token] + token.reveal().split(separator: ":").suffix(1).map { Secret(String($0)) }
    return WebPost(address: address, body: payload, hidden: hidden)
  }
}

/// A message in Telegram's HTML style.
struct TelegramMessage: Encodable {
  /// In characters after the tags are read; here the tags count too.
  static let longest = 4_096

  private let chat: String
  private let thread: Int64?
  private let text: String

  /// - Throws: ``UnfitText``.
  init(_ message: MessageText, _ texts: Texts = Texts(), to chat: String, thread: Int64?) throws {
    try Fit.check(texts.text, "text", atMost: Self.longest, unit: \.utf16.count)
    self.chat = chat
    self.thread = thread
    text = texts.text ?? Self.text(message)
  }

  private static func text(_ message: MessageText) -> String {
    var lines = ["<b>\(message.tone.symbol) \(clipped(message.subject, to: 700))</b>"]
    if let percent = message.percentUsed {
      lines.append("<code>\(MessageFormat.bar(percent: percent))</code>")
    }
    if let lead = message.lead { lines.append(clipped(lead, to: 900)) }
    // In code nothing is looked for, so that the id can be copied.
    let id = Clipped.text(message.id.rawValue, to: 300, length: \.utf16.count, write: \.escapedForHTML)
    let link = message.link.map { "<a href=\"\($0.escapedForHTML)\">\(MessageText.linkLabel)</a>\n" } ?? ""
    let footer = link + "<i>quotawatch</i> · <code>\(id)</code>"
    var left = longest - footer.utf16.count - lines.reduce(0) { $0 + $1.utf16.count + 1 }
    for detail in message.details {
      let label = "<b>\(detail.label)</b>: "
      let limit = min(detail.isForeign ? 400 : 200, left - label.utf16.count - 1)
      guard limit >= 20 else { continue }
      lines.append(label + clipped(detail.value, to: limit))
      left -= (lines.last?.utf16.count ?? 0) + 1
    }
    lines += RankedRows(message.rows, room: left, most: 50).lines(length: \.utf16.count) { rank, event in
      "\(rank). \(event.tone.symbol) \(escaped(event.row))"
    }
    return (lines + [footer]).joined(separator: "\n")
  }

  private static func clipped(_ text: String, to limit: Int) -> String {
    Clipped.text(text, to: limit, length: \.utf16.count, write: escaped)
  }

  /// Text that means itself: no tags (core.telegram.org/bots/api#html-style), and nothing that becomes a link, a mention, a
  /// tag or a command without any (core.telegram.org/bots/api#messageentity).
  static func escaped(_ text: String) -> String { Unlinked.text(text).escapedForHTML }

  private enum Key: String, CodingKey {
    case chat = "chat_id"
    case thread = "message_thread_id"
    case text
    case parseMode = "parse_mode"
    case linkPreview = "link_preview_options"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(chat, forKey: .chat)
    try container.encodeIfPresent(thread, forKey: .thread)
    try container.encode(text, forKey: .text)
    try container.encode("HTML", forKey: .parseMode)
    try container.encode(["is_disabled": true], forKey: .linkPreview)
  }
}
