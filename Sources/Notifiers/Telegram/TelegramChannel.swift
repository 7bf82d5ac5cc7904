import QuotaCore

/// Settings of a Telegram bot: `token` (a secret), `chat_id`, `thread_id`, `url`, `allow_http`, `ca_file`.
struct TelegramChannel: ChannelKind {
  /// The Bot API's address, without the token.
  var endpoint = usualEndpoint
  let token: SecretReference
  /// A chat's number, or a channel's name with `@`.
  let chat: String
  /// The topic of a forum.
  var thread: Int64?

  private static let usualAddress = "https://api.telegram.org"
  static let usualEndpoint = WebEndpoint(url: .text(usualAddress))

  static let type = ChannelType.telegram
  static let summary = "Messages by a Telegram bot."

  static let fields = Fields(
    Field("token", .secret, .required, "The bot's token."),
    Field("chat_id", .chat, .required, "A chat's number, or a channel's name with `@`."),
    Field("thread_id", .count(from: 1, to: Int64(Int32.max)), .optional, "The topic of a forum."),
    WebEndpoint.fields(
      usually: usualAddress, "The Bot API's address without the token, for a server of your own.")
  ) { TelegramChannel(endpoint: $3, token: $0, chat: $1, thread: $2) }

  static let templateFields = [TemplateField("text", \.text, .telegram)]

  var caFile: String? { endpoint.caFile }

  var secrets: [SecretReference] { endpoint.secrets + [token] }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await address(fetching: secrets)
  }

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    TelegramNotifier(id: id, settings: self, http: means.http, secrets: means.secrets)
  }

  /// The address of `sendMessage`, and the token in it.
  func address(fetching secrets: any SecretSource) async throws(SecretError) -> (address: Secret, token: Secret) {
    let root = try await endpoint.address(from: secrets).reveal()
    let token = try await secrets.secret(self.token)
    let parts = token.reveal().split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty,
      parts[0].hasOnlyDigits,
      parts[1].utf8.allSatisfy({ $0 == 0x2D || $0 == 0x5F || $0.isAlphanumeric })
    else {
      throw SecretError("\(self.token.source) is not a bot's token: BotFather gives one such as \"123456:ABC-def\"")
    }
    return (Secret("\(root.trimmingSlashes)/bot\(token.reveal())/sendMessage"), token)
  }
}

extension Shape<String> {
  /// A number, as a number or as text, or `@` and a channel's name.
  fileprivate static var chat: Shape {
    Shape(
      "number or text",
      [
        .init(
          "anyOf", [["type": "integer"], ["type": "string", "pattern": "^(?:@[A-Za-z0-9_]{4,32}|-?[0-9]{1,18})$"]])
      ],
      accepts: [-1_001_234_567_890, "-100", "@example"], refuses: ["example", .number("1.5"), "@a b", "", .null],
      beyond: [.number("1.0")], decode: { $0.chatID() })
  }
}

extension ConfigurationNode {
  fileprivate func chatID() -> String? {
    let text: String? =
      switch json.value {
      case .number(let text), .string(let text): text
      default: nil
      }
    guard let text, Self.isChannelName(text) || Int64(text) != nil else {
      report("expected a chat's number such as -1001234567890, or a channel's name such as \"@example\"")
      return nil
    }
    return text
  }

  private static func isChannelName(_ text: String) -> Bool {
    text.first == "@" && (5...33).contains(text.utf8.count)
      && text.utf8.dropFirst().allSatisfy { $0 == 0x5F || $0.isAlphanumeric }
  }
}

extension TextFormat {
  static let telegram = TextFormat({ TelegramMessage.escaped($0) }, literal: \.escapedForHTML)
}
