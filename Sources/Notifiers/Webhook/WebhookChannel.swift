import QuotaCore

/// Settings of a signed webhook: `url`, `secret` (one, or two while rotating), `headers`, `allow_http`, `ca_file`.
struct WebhookChannel: ChannelKind {
  let endpoint: WebEndpoint
  /// One or two `whsec_` secrets. With two, the receiver may hold either.
  let signingSecrets: [SecretReference]
  /// Further headers by name, such as `Authorization`; the values are secrets.
  var headers: [String: SecretReference] = [:]

  static let type = ChannelType.webhook
  static let summary = "A webhook of your own, signed by Standard Webhooks 1.0."
  static let sendsAcknowledgements = true

  static let fields = Fields(
    WebEndpoint.fields(Field("url", .secret(or: .webAddress), .required, "Where events are posted.")),
    Field(
      "secret", .signingSecrets, .required, "The `whsec_` secret that signs, or two while one replaces the other."),
    Field("headers", .headers, .usually([]), "Further headers by name, such as `Authorization`.")
  ) { endpoint, signingSecrets, headers in
    WebhookChannel(
      endpoint: endpoint, signingSecrets: signingSecrets,
      headers: Dictionary(headers.map { ($0.name, $0.value) }) { first, _ in first })
  }

  var caFile: String? { endpoint.caFile }

  var secrets: [SecretReference] {
    endpoint.secrets + signingSecrets + headers.sorted { $0.key < $1.key }.map(\.value)
  }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await resolved(from: secrets)
  }

  static let templateFields = [TemplateField("body", \.body, .json)]

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    WebhookNotifier(id: id, settings: self, http: means.http, secrets: means.secrets)
  }
}

extension Shape<[SecretReference]> {
  fileprivate static var signingSecrets: Shape {
    let several = list(of: .secret, count: 1...2)
    let limited = Shape(several.declaration) { node in
      guard case .array(let items) = node.json.value, items.count > 2 else { return node.decoded(as: several) }
      node.report("expected one secret, or two while one replaces the other")
      return nil
    }
    return .either(limited, or: Shape<SecretReference>.secret.map { [$0] }) { $0.isList }
      .called("secret, or a list of two")
  }
}

extension Shape<[Named<SecretReference>]> {
  fileprivate static var headers: Shape {
    let headers = Shape.byName(.secret, names: .headerName) { HeaderName.problem(in: $1) }
      .called("object of secrets")
    return Shape(headers.declaration, encode: headers.encode) { node in
      var seen: Set<String> = []
      for (name, value) in node.json.isObject ? node.members() ?? [] : []
      where !seen.insert(name.lowercased()).inserted {
        value.report("\"\(name)\" stands here twice; header names do not differ by case")
      }
      let decoded = node.decoded(as: headers)
      return seen.count == decoded?.count ? decoded : nil
    }
  }
}
