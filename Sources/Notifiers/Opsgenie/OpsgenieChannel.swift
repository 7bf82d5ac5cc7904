import QuotaCore

/// Settings of Opsgenie, or of the alerts of Jira Service Management: `api_key` (a secret), `url`, `allow_http`, `ca_file`.
struct OpsgenieChannel: ChannelKind {
  /// What `/v2/alerts` follows on.
  var endpoint = usualEndpoint
  /// The key of an API integration.
  let apiKey: SecretReference

  private static let usualAddress = "https://api.opsgenie.com"
  static let usualEndpoint = WebEndpoint(url: .text(usualAddress))

  static let type = ChannelType.opsgenie
  static let summary = "Alerts of Opsgenie, or of Jira Service Management."
  static let sendsAcknowledgements = true

  static let fields = Fields(
    Field("api_key", .secret, .required, "The key of an API integration."),
    WebEndpoint.fields(
      usually: usualAddress,
      "What `/v2/alerts` follows on; for an account in the EU `https://api.eu.opsgenie.com`, for Jira Service Management `https://api.atlassian.com/jsm/ops/integration`."
    )
  ) { OpsgenieChannel(endpoint: $1, apiKey: $0) }

  static let templateFields = [
    TemplateField("title", \.title, .plain), TemplateField("text", \.text, .plain),
  ]
  static let groups = false

  var caFile: String? { endpoint.caFile }

  var secrets: [SecretReference] { endpoint.secrets + [apiKey] }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await endpoint.address(from: secrets)
    _ = try await secrets.secret(apiKey)
  }

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    OpsgenieNotifier(id: id, settings: self, http: means.http, secrets: means.secrets)
  }
}
