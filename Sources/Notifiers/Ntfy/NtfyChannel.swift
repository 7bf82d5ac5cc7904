import QuotaCore

/// Settings of a topic of ntfy: `url`, `token` (a secret), `allow_http`, `ca_file`.
struct NtfyChannel: ChannelKind {
  /// The topic's address, such as `https://ntfy.sh/TOPIC`: on a public server, whoever knows it may read and write.
  let endpoint: WebEndpoint
  /// An access token.
  var token: SecretReference?

  static let type = ChannelType.ntfy
  static let summary = "A topic of ntfy."

  static let fields = Fields(
    WebEndpoint.fields(Field("url", .secret(or: .topicAddress), .required, "The topic's address.")),
    Field("token", .secret, .optional, "An access token.")
  ) { NtfyChannel(endpoint: $0, token: $1) }

  static let templateFields = [
    TemplateField("title", \.title, .unlinked), TemplateField("text", \.text, .unlinked),
  ]

  var caFile: String? { endpoint.caFile }

  var secrets: [SecretReference] { endpoint.secrets + (token.map { [$0] } ?? []) }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await topic(fetching: secrets)
    if let token { _ = try await secrets.secret(token) }
  }

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    NtfyNotifier(id: id, settings: self, http: means.http, secrets: means.secrets)
  }

  func topic(fetching secrets: any SecretSource) async throws(SecretError) -> NtfyTopic {
    let address = try await endpoint.address(from: secrets)
    guard let topic = NtfyTopic(address.reveal()) else {
      let place = endpoint.secrets.first.map { "the address in \($0.source)" } ?? "the address"
      throw SecretError("\(place) cannot be used: \(NtfyTopic.expectation)")
    }
    return topic
  }
}

/// A topic and the server that it is on.
struct NtfyTopic {
  let server: String
  let name: String

  static let expectation = "expected a topic's address such as \"https://ntfy.sh/TOPIC\""

  /// Splits `https://HOST/TOPIC`; a name has up to 64 letters, digits, `-` and `_`.
  init?(_ address: String) {
    guard let scheme = address.firstRange(of: "://"),
      let slash = address[scheme.upperBound...].firstIndex(of: "/")
    else { return nil }
    let topic = address[address.index(after: slash)...]
    guard (1...64).contains(topic.utf8.count),
      topic.utf8.allSatisfy({ $0 == 0x2D || $0 == 0x5F || $0.isAlphanumeric })
    else { return nil }
    server = String(address[...slash])
    name = String(topic)
  }
}

extension Shape<String> {
  fileprivate static var topicAddress: Shape {
    Shape(
      "address", pattern: WebAddress.pattern(rest: "/[A-Za-z0-9_-]{1,64}"), accepts: ["https://ntfy.sh/a-b_1"],
      refuses: ["https://ntfy.sh", "https://ntfy.sh/", "https://ntfy.sh/a/b", "https://u:p@ntfy.sh/a"],
      decode: { $0.string() }
    )
    .checked {
      WebAddress.problem(in: $0, allowsPlainHTTP: true) ?? (NtfyTopic($0) == nil ? NtfyTopic.expectation : nil)
    }
    .named("topicAddress", "The address of a topic.")
  }
}
