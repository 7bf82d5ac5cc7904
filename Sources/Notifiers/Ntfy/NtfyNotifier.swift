import FoundationEssentials
import QuotaCore

/// Publishes messages as JSON to a topic of ntfy (docs.ntfy.sh/publish/#publish-as-json).
///
/// The topic may be a secret, so that it is put in when a message is sent.
struct NtfyNotifier: WebNotifier {
  static let channel: any ChannelKind.Type = NtfyChannel.self
  let id: NotifierID
  let settings: NtfyChannel
  let http: any HTTPTransport
  let secrets: any SecretSource

  /// Sixty at once and then one in five seconds, unless the server is told otherwise
  /// (docs.ntfy.sh/publish/#limitations): a group is small enough for the burst, and `Retry-After` says the rest.
  let pace: TimeInterval = 0.5

  var endpoint: WebEndpoint { settings.endpoint }
  var keys: [String: SecretReference] { settings.token.map { ["token": $0] } ?? [:] }

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    try MessageJSON.bytes(NtfyMessage(MessageText(message, texts), texts))
  }

  func post(for payload: [UInt8], id: MessageID, now: Date) async throws(SecretError) -> WebPost {
    let topic = try await settings.topic(fetching: secrets)
    var hidden = endpoint.secrets.isEmpty ? [] : [Secret(topic.name)]
    var headers: [TransportRequest.Header] = []
    if let reference = settings.token {
      let token = try await secrets.secret(reference)
      headers.append(TransportRequest.Header("Authorization", Secret("Bearer \(token.reveal())")))
      hidden.append(token)
    }
    return WebPost(
      address: Secret(topic.server), body: MessageJSON.adding("topic", topic.name, to: payload), headers: headers,
      hidden: hidden)
  }
}

/// A message without its topic.
struct NtfyMessage: Encodable {
  /// In bytes: longer messages become attachments (docs.ntfy.sh/publish/#limitations).
  static let longest = 4_096
  private static let longestTitle = 500

  private let title: String
  private let message: String
  private let priority: Int
  private let tags: [String]
  /// Where a touch leads.
  private let click: String?
  private let actions: [Action]?

  private struct Action: Encodable {
    let action = "view"
    let label = MessageText.linkLabel
    let url: String
  }

  private enum CodingKeys: String, CodingKey { case title, message, priority, tags, click, actions }

  /// - Throws: ``UnfitText``.
  init(_ text: MessageText, _ texts: Texts = Texts()) throws {
    try Fit.check(texts.title, "title", atMost: Self.longestTitle, unit: \.utf8.count)
    try Fit.check(texts.text, "text", atMost: Self.longest, unit: \.utf8.count)
    title = texts.title ?? Clipped.text(text.subject, to: Self.longestTitle, length: \.utf8.count, write: Unlinked.text)
    message = texts.text ?? Self.message(text)
    (priority, tags) = (Self.priority(text), [Self.tag(text.tone)])
    (click, actions) = (text.link, text.link.map { [Action(url: $0)] })
  }

  private static func message(_ text: MessageText) -> String {
    var lines = text.lead.map { [Clipped.text($0, to: 1_000, length: \.utf8.count, write: Unlinked.text)] } ?? []
    if let percent = text.percentUsed { lines.append(MessageFormat.bar(percent: percent, width: 10)) }
    var left = longest - lines.reduce(0) { $0 + $1.utf8.count + 1 }
    for detail in text.details where left > 40 {
      lines.append(
        Clipped.text("\(detail.label): \(detail.shown)", to: min(350, left - 1), length: \.utf8.count))
      left -= (lines.last?.utf8.count ?? 0) + 1
    }
    lines += RankedRows(text.rows, room: left, most: 30).lines(length: \.utf8.count) { rank, event in
      "\(rank). \(event.tone.symbol) \(Unlinked.text(event.row))"
    }
    return lines.joined(separator: "\n")
  }

  /// From 1 (least) to 5 (most urgent), by the severity (docs.ntfy.sh/publish/#message-priority).
  private static func priority(_ text: MessageText) -> Int {
    switch text.tone {
    case .test: return 3
    case .resolved, .acknowledged: return 2
    case .info, .notice, .warning, .critical:
      switch text.severity {
      case .info: return 3
      case .warning: return 4
      case .critical: return 5
      }
    }
  }

  /// The name of a picture (docs.ntfy.sh/emojis).
  private static func tag(_ tone: Tone) -> String {
    switch tone {
    case .test: "test_tube"
    case .resolved: "white_check_mark"
    case .acknowledged: "eyes"
    case .info: "large_blue_circle"
    case .notice: "yellow_circle"
    case .warning: "orange_circle"
    case .critical: "red_circle"
    }
  }
}
