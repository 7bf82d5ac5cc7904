import QuotaCore

/// Settings of PagerDuty: `routing_key` (a secret), `url`, `allow_http`, `ca_file`.
struct PagerDutyChannel: ChannelKind {
  /// Where events go; elsewhere for an account in the EU.
  var endpoint = usualEndpoint
  /// The integration key of a service.
  let routingKey: SecretReference

  private static let usualAddress = "https://events.pagerduty.com/v2/enqueue"
  static let usualEndpoint = WebEndpoint(url: .text(usualAddress))

  static let type = ChannelType.pagerduty
  static let summary = "Incidents by PagerDuty's Events API v2."
  static let sendsAcknowledgements = true

  static let fields = Fields(
    Field("routing_key", .secret, .required, "The integration key of a service."),
    WebEndpoint.fields(
      usually: usualAddress, "Where events go; for an account in the EU `https://events.eu.pagerduty.com/v2/enqueue`.")
  ) { PagerDutyChannel(endpoint: $1, routingKey: $0) }

  static let templateFields = [TemplateField("title", \.title, .plain)]
  static let groups = false

  var caFile: String? { endpoint.caFile }

  var secrets: [SecretReference] { endpoint.secrets + [routingKey] }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await endpoint.address(from: secrets)
    _ = try await key(fetching: secrets)
  }

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    PagerDutyNotifier(id: id, settings: self, http: means.http, secrets: means.secrets)
  }

  /// The integration key, which has 32 letters and digits (developer.pagerduty.com/docs/events-api-v2/overview).
  func key(fetching secrets: any SecretSource) async throws(SecretError) -> Secret {
    let key = try await secrets.secret(routingKey)
    guard key.reveal().utf8.count == 32, key.reveal().utf8.allSatisfy(\.isAlphanumeric) else {
      throw SecretError(
        "\(routingKey.source) is not an integration key of the Events API v2: expected 32 letters and digits")
    }
    return key
  }
}
