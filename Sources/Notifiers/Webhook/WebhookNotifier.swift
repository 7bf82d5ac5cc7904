import FoundationEssentials
import QuotaCore

/// Posts messages as JSON, signed by Standard Webhooks 1.0; see `docs/webhook.md`.
struct WebhookNotifier: WebNotifier {
  static let channel: any ChannelKind.Type = WebhookChannel.self
  let id: NotifierID
  let settings: WebhookChannel
  let http: any HTTPTransport
  let secrets: any SecretSource
  let pace: TimeInterval = 0
  /// Standard Webhooks 1.0 advises to stay below 20 KB ("Payload size").
  let longestGroup = 20_000

  var endpoint: WebEndpoint { settings.endpoint }

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    guard let body = texts.body else { return try MessageBody(message, link: texts.link).bytes }
    return try Fit.json(body, "body")
  }

  func post(for payload: [UInt8], id: MessageID, now: Date) async throws(SecretError) -> WebPost {
    let resolved = try await settings.resolved(from: secrets)
    let signature = WebhookSignature(id: id, time: now, body: payload, keys: resolved.keys)
    return WebPost(
      address: resolved.address, body: payload, headers: signature.headers + resolved.headers, hidden: resolved.hidden)
  }
}

extension WebhookChannel {
  /// The settings with their secrets fetched and checked.
  struct Resolved: Sendable {
    let address: Secret
    let keys: [SigningKey]
    let headers: [TransportRequest.Header]
    /// What must not be repeated in a message.
    let hidden: [Secret]
  }

  func resolved(from secrets: any SecretSource) async throws(SecretError) -> Resolved {
    let address = try await endpoint.address(from: secrets)
    var hidden: [Secret] = []
    var keys: [SigningKey] = []
    for reference in signingSecrets {
      let secret = try await secrets.secret(reference)
      guard let key = SigningKey(secret) else {
        throw SecretError(
          "\(reference.source) is not a signing secret: expected \"whsec_\" and the base64 of 24 to 64 random bytes, such as printed by: echo whsec_$(openssl rand -base64 32)"
        )
      }
      keys.append(key)
      hidden.append(secret)
    }
    var headers: [TransportRequest.Header] = []
    for (name, reference) in self.headers.sorted(by: { $0.key < $1.key }) {
      let value = try await secrets.secret(reference)
      headers.append(TransportRequest.Header(name, value))
      // `Bearer KEY` may come back as `KEY`.
      hidden += [value] + value.reveal().split(separator: " ").filter { $0.utf8.count >= 6 }.map { Secret(String($0)) }
      hidden += Self.login(in: value)
    }
    return Resolved(address: address, keys: keys, headers: headers, hidden: hidden)
  }

  /// What a login holds that HTTP writes in base64 (RFC 7617): name and password, and the password; nothing for other headers.
  private static func login(in header: Secret) -> [Secret] {
    let words = header.reveal().split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "basic", let bytes = Data(base64Encoded: String(words[1])) else {
      return []
    }
    let login = String(decoding: bytes, as: UTF8.self)
    return [Secret(login)] + login.split(separator: ":", maxSplits: 1).dropFirst().map { Secret(String($0)) }
  }
}
