package import QuotaCore

/// Settings of a signed webhook: `url`, `secret` (one, or two while rotating), `headers`, `allow_http`, `ca_file`.
package struct WebhookConfiguration: ChannelSettings {
  package let endpoint: WebEndpoint
  /// One or two `whsec_` secrets. With two, the receiver may hold either.
  package let signingSecrets: [SecretReference]
  /// Further headers by name, such as `Authorization`; the values are secrets.
  package let headers: [String: SecretReference]

  package init(
    endpoint: WebEndpoint, signingSecrets: [SecretReference], headers: [String: SecretReference] = [:]
  ) {
    self.endpoint = endpoint
    self.signingSecrets = signingSecrets
    self.headers = headers
  }

  init?(from object: inout ConfigurationObject) {
    let url = object.required("url")?.textOrSecret()
    let signingSecrets = object.required("secret").flatMap(Self.signingSecrets)
    let headers = object.optional("headers").map(Self.headers) ?? [:]
    let endpoint = WebEndpoint(url: url, from: &object)
    guard let endpoint, let signingSecrets, let headers else { return nil }
    self.init(endpoint: endpoint, signingSecrets: signingSecrets, headers: headers)
  }

  private static func signingSecrets(_ node: ConfigurationNode) -> [SecretReference]? {
    guard case .array = node.json.value else { return node.secretReference().map { [$0] } }
    guard let items = node.array(atLeast: 1) else { return nil }
    guard items.count <= 2 else {
      node.report("expected one secret, or two while one replaces the other")
      return nil
    }
    let secrets = items.compactMap { $0.secretReference() }
    return secrets.count == items.count ? secrets : nil
  }

  private static func headers(_ node: ConfigurationNode) -> [String: SecretReference]? {
    guard let members = node.members() else { return nil }
    var headers: [String: SecretReference] = [:]
    var seen: Set<String> = []
    for (name, value) in members {
      guard isToken(name) else {
        value.report("\"\(name)\" cannot be the name of an HTTP header")
        continue
      }
      guard !isReserved(name.lowercased()) else {
        value.report("\"\(name)\" is set by quotawatch itself; remove it")
        continue
      }
      guard seen.insert(name.lowercased()).inserted else {
        value.report("\"\(name)\" stands here twice; header names do not differ by case")
        continue
      }
      headers[name] = value.secretReference()
    }
    return headers.count == members.count ? headers : nil
  }

  /// Headers that carry the signature, describe the body, or steer the connection.
  private static func isReserved(_ name: String) -> Bool {
    name.hasPrefix("webhook-") || name.hasPrefix("content-")
      || ["connection", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"]
        .contains(name)
  }

  /// A `token` of RFC 9110.
  private static func isToken(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100
      && name.utf8.allSatisfy { $0.isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains($0) }
  }

  var secrets: [SecretReference] {
    endpoint.secrets + signingSecrets + headers.sorted { $0.key < $1.key }.map(\.value)
  }

  func resolvingPaths(in directory: String) -> WebhookConfiguration {
    WebhookConfiguration(
      endpoint: endpoint.resolvingPaths(in: directory), signingSecrets: signingSecrets, headers: headers)
  }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await resolved(from: secrets)
  }

  static let templateFields = [TemplateField("body", \.body, .json)]

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    WebhookNotifier(id: id, settings: self, http: means.http, secrets: means.secrets)
  }
}
