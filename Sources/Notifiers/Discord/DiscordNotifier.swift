import FoundationEssentials
import QuotaCore

/// Posts messages to a Discord webhook.
struct DiscordNotifier: WebNotifier {
  static let channel: any ChannelKind.Type = DiscordChannel.self
  let id: NotifierID
  let endpoint: WebEndpoint
  let http: any HTTPTransport
  let secrets: any SecretSource

  /// A webhook's channel takes thirty messages a minute; what is exact, Discord says in its answers
  /// (docs.discord.com/developers/topics/rate-limits).
  let pace: TimeInterval = 2

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    try MessageJSON.bytes(DiscordMessage(MessageText(message, texts), texts))
  }
}

/// What Discord takes at most, in characters (docs.discord.com/developers/resources/message, "Embed Limits").
enum DiscordLimit {
  static let title = 256
  static let description = 4_096
  static let fields = 25
  static let fieldValue = 1_024
  static let footer = 2_048
  /// Everything in all embeds of a message.
  static let total = 6_000
}

/// The body of a request to a webhook: one embed, which mentions nobody.
struct DiscordMessage: Encodable {
  private let title: String
  private let description: String
  private let colour: Int
  private let fields: [EmbedField]
  private let footer: String
  /// Where the title leads.
  private let link: String?

  private struct EmbedField: Encodable {
    let name: String
    let value: String
    let inline: Bool

    var length: Int { name.utf16.count + value.utf16.count }
  }

  /// - Throws: ``UnfitText``.
  init(_ message: MessageText, _ texts: Texts = Texts()) throws {
    try Fit.check(texts.title, "title", atMost: DiscordLimit.title, unit: \.utf16.count)
    try Fit.check(texts.text, "text", atMost: DiscordLimit.description, unit: \.utf16.count)
    // Titles know Markdown, too.
    title =
      texts.title
      ?? Clipped.text(
        "\(message.tone.symbol) \(message.subject)", to: DiscordLimit.title, length: \.utf16.count,
        write: Markdown.escaped)
    link = message.link
    colour = Int(message.tone.colour, radix: 16) ?? 0
    footer = Clipped.text("quotawatch · \(message.id)", to: 256, length: \.utf16.count)
    if let text = texts.text {
      description = text
      fields = []
      return
    }
    let room = DiscordLimit.total - title.utf16.count - footer.utf16.count
    // A headline needs no more beside fields; a group has none, and its rows have all the room.
    let fields = Self.fields(message.details, room: room - 2_000)
    self.fields = fields
    description = Self.description(
      message, room: min(DiscordLimit.description, room - fields.reduce(0) { $0 + $1.length }))
  }

  /// As many details as there is room for, longer values cut.
  private static func fields(_ details: [EventText.Detail], room: Int) -> [EmbedField] {
    var left = room
    return details.prefix(DiscordLimit.fields).compactMap { detail in
      let limit = min(DiscordLimit.fieldValue, left - detail.label.utf16.count)
      guard limit >= 20 else { return nil }
      let value = Clipped.text(
        detail.value, to: limit, length: \.utf16.count, write: { detail.isForeign ? Markdown.escaped($0) : $0 })
      let field = EmbedField(name: detail.label, value: value, inline: !detail.isForeign)
      left -= field.length
      return field
    }
  }

  private static func description(_ message: MessageText, room: Int) -> String {
    var lines: [String] = []
    if let percent = message.percentUsed {
      lines.append("`\(MessageFormat.bar(percent: percent))`")
    }
    let bar = lines.reduce(0) { $0 + $1.utf16.count + 1 }
    if let lead = message.lead {
      lines.append(Clipped.text(lead, to: min(room - bar, 1_500), length: \.utf16.count, write: Markdown.escaped))
    }
    let link = message.link.map { Markdown.link(MessageText.linkLabel, $0) }
    let room = room - (link.map { $0.utf16.count + 1 } ?? 0)
    let left = room - lines.reduce(0) { $0 + $1.utf16.count + 1 }
    lines += RankedRows(message.rows, room: left, most: 50).lines(length: \.utf16.count) { rank, event in
      "\(rank). \(event.tone.symbol) \(Markdown.escaped(event.row))"
    }
    return (lines + [link].compactMap { $0 }).joined(separator: "\n")
  }

  private enum Key: String, CodingKey {
    case embeds
    case allowedMentions = "allowed_mentions"
  }

  private enum EmbedKey: String, CodingKey { case title, url, description, color, fields, footer }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(["parse": [String]()], forKey: .allowedMentions)
    var embeds = container.nestedUnkeyedContainer(forKey: .embeds)
    var embed = embeds.nestedContainer(keyedBy: EmbedKey.self)
    try embed.encode(title, forKey: .title)
    try embed.encodeIfPresent(link, forKey: .url)
    try embed.encode(description, forKey: .description)
    try embed.encode(colour, forKey: .color)
    if !fields.isEmpty { try embed.encode(fields, forKey: .fields) }
    try embed.encode(["text": footer], forKey: .footer)
  }
}
