package import QuotaCore

/// Settings of a Telegram bot: `token` (a secret), `chat_id`, `thread_id`, `url`, `allow_http`, `ca_file`.
package struct TelegramConfiguration: ChannelSettings {
  /// The Bot API's address, without the token.
  package let endpoint: WebEndpoint
  package let token: SecretReference
  /// A chat's number, or a channel's name with `@`.
  package let chat: String
  /// The topic of a forum.
  package let thread: Int64?

  package init(endpoint: WebEndpoint = usualEndpoint, token: SecretReference, chat: String, thread: Int64? = nil) {
    self.endpoint = endpoint
    self.token = token
    self.chat = chat
    self.thread = thread
  }

  private static let usualAddress = "https://api.telegram.org"
  package static let usualEndpoint = WebEndpoint(url: .text(usualAddress))

  init?(from object: inout ConfigurationObject) {
    let token = object.required("token")?.secretReference()
    let chat = object.required("chat_id")?.chatID()
    let thread = object.optional("thread_id").map { $0.integer(in: 1...Int64(Int32.max)) }
    let endpoint = WebEndpoint(usually: Self.usualAddress, from: &object)
    guard let endpoint, let token, let chat, thread != .some(nil) else { return nil }
    self.init(endpoint: endpoint, token: token, chat: chat, thread: thread ?? nil)
  }

  static let templateFields = [TemplateField("text", \.text, .html)]

  var secrets: [SecretReference] { endpoint.secrets + [token] }

  func resolvingPaths(in directory: String) -> TelegramConfiguration {
    TelegramConfiguration(
      endpoint: endpoint.resolvingPaths(in: directory), token: token, chat: chat, thread: thread)
  }

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

extension ConfigurationNode {
  /// A number, as a number or as text, or `@` and a channel's name.
  fileprivate func chatID() -> String? {
    let text: String
    switch json.value {
    case .number(let number): text = number
    case .string(let string): text = string
    default:
      report("expected a chat's number such as -1001234567890, or a channel's name such as \"@example\"")
      return nil
    }
    let isName =
      text.first == "@" && (5...33).contains(text.utf8.count)
      && text.utf8.dropFirst().allSatisfy { $0 == 0x5F || $0.isAlphanumeric }
    guard isName || Int64(text) != nil else {
      report("expected a chat's number such as -1001234567890, or a channel's name such as \"@example\"")
      return nil
    }
    return text
  }
}

extension String {
  /// Without slashes at its end.
  var trimmingSlashes: Substring {
    var text = Substring(self)
    while text.last == "/" { text.removeLast() }
    return text
  }
}
