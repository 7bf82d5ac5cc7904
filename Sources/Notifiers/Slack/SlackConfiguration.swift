import QuotaCore

/// Settings of a Slack incoming webhook: `url` (a secret), `allow_http`, `ca_file`.
package struct SlackConfiguration: ChannelSettings {
  package let endpoint: WebEndpoint

  package init(endpoint: WebEndpoint) {
    self.endpoint = endpoint
  }

  init?(from object: inout ConfigurationObject) {
    guard let endpoint = WebEndpoint(secretFrom: &object) else { return nil }
    self.init(endpoint: endpoint)
  }

  static let templateFields = [
    TemplateField("title", \.title, .slack), TemplateField("text", \.text, .slack),
  ]

  var secrets: [SecretReference] { endpoint.secrets }

  func resolvingPaths(in directory: String) -> SlackConfiguration {
    SlackConfiguration(endpoint: endpoint.resolvingPaths(in: directory))
  }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await endpoint.address(from: secrets)
  }

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    SlackNotifier(id: id, endpoint: endpoint, http: means.http, secrets: means.secrets)
  }
}
