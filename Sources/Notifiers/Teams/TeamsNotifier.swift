import FoundationEssentials
import QuotaCore

/// Posts messages to a workflow of Microsoft Teams that starts "when a Teams webhook request is received".
struct TeamsNotifier: WebNotifier {
  static let channel: any ChannelKind.Type = TeamsChannel.self
  let id: NotifierID
  let endpoint: WebEndpoint
  let http: any HTTPTransport
  let secrets: any SecretSource

  /// Teams slows clients down that make more than four requests a second
  /// (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook).
  let pace: TimeInterval = 0.25

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    let bytes = try MessageJSON.bytes(TeamsMessage(TeamsCard(MessageText(message, texts), texts)))
    guard bytes.count <= TeamsLimit.message else {
      throw UnfitText(description: "the card has \(bytes.count.grouped) bytes, more than \(TeamsLimit.message.grouped)")
    }
    return bytes
  }
}

/// What Teams takes at most, in bytes: about 28 KB for a message (same page), which clients have found to count more than
/// the JSON.
enum TeamsLimit {
  static let message = 26_000
  /// Title, headline and the frame leave so much for the rows of a group.
  static let rows = 20_000
  static let title = 1_000
  static let text = 16_000
}

/// The body of a request to a workflow's webhook.
struct TeamsMessage: Encodable {
  private let card: TeamsCard

  init(_ card: TeamsCard) {
    self.card = card
  }

  private enum Key: String, CodingKey { case type, attachments }

  private enum AttachmentKey: String, CodingKey { case contentType, content }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("message", forKey: .type)
    var attachments = container.nestedUnkeyedContainer(forKey: .attachments)
    var attachment = attachments.nestedContainer(keyedBy: AttachmentKey.self)
    try attachment.encode("application/vnd.microsoft.card.adaptive", forKey: .contentType)
    try attachment.encode(card, forKey: .content)
  }
}
