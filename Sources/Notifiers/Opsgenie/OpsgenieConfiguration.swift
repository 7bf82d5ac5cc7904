package import QuotaCore

/// Settings of Opsgenie, or of the alerts of Jira Service Management: `api_key` (a secret), `url`, `allow_http`, `ca_file`.
package struct OpsgenieConfiguration: ChannelSettings {
  /// What `/v2/alerts` follows on.
  package let endpoint: WebEndpoint
  /// The key of an API integration.
  package let apiKey: SecretReference

  package init(endpoint: WebEndpoint = usualEndpoint, apiKey: SecretReference) {
    self.endpoint = endpoint
    self.apiKey = apiKey
  }

  private static let usualAddress = "https://api.opsgenie.com"
  package static let usualEndpoint = WebEndpoint(url: .text(usualAddress))

  init?(from object: inout ConfigurationObject) {
    let apiKey = object.required("api_key")?.secretReference()
    let endpoint = WebEndpoint(usually: Self.usualAddress, from: &object)
    guard let endpoint, let apiKey else { return nil }
    self.init(endpoint: endpoint, apiKey: apiKey)
  }

  static let templateFields = [
    TemplateField("title", \.title, .plain), TemplateField("text", \.text, .plain),
  ]
  static let groups = false

  var secrets: [SecretReference] { endpoint.secrets + [apiKey] }

  func resolvingPaths(in directory: String) -> OpsgenieConfiguration {
    OpsgenieConfiguration(endpoint: endpoint.resolvingPaths(in: directory), apiKey: apiKey)
  }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await endpoint.address(from: secrets)
    _ = try await secrets.secret(apiKey)
  }

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    OpsgenieNotifier(id: id, settings: self, http: means.http, secrets: means.secrets)
  }
}
