import FoundationEssentials
import QuotaCore

/// Posts messages to a Slack incoming webhook.
struct SlackNotifier: WebNotifier {
  static let channel: any ChannelKind.Type = SlackChannel.self
  let id: NotifierID
  let endpoint: WebEndpoint
  let http: any HTTPTransport
  let secrets: any SecretSource

  /// Slack takes one message a second to an incoming webhook (docs.slack.dev/apis/web-api/rate-limits).
  let pace: TimeInterval = 1

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    try SlackMessage(MessageText(message, texts), texts).bytes
  }
}
