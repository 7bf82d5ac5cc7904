import QuotaCore

/// Settings of a Slack incoming webhook: `url` (a secret), `allow_http`, `ca_file`.
package struct SlackConfiguration: ChannelSettings {
  package let endpoint: WebEndpoint

  package init(endpoint: WebEndpoint) {
    self.endpoint = endpoint
  }

  init?(from object: inout ConfigurationObject) {
    // Whoever knows the address may post, so it is always a secret.
    let url = object.required("url")?.secretReference().map(TextOrSecret.secret)
    guard let endpoint = WebEndpoint(url: url, from: &object) else { return nil }
    self.init(endpoint: endpoint)
  }

  var secrets: [SecretReference] { endpoint.secrets }

  func resolvingPaths(in directory: String) -> SlackConfiguration {
    SlackConfiguration(endpoint: endpoint.resolvingPaths(in: directory))
  }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await endpoint.address(from: secrets)
  }

  func notifier(id: NotifierID, by means: Means) -> any Notifier {
    SlackNotifier(id: id, settings: self, http: means.http, secrets: means.secrets)
  }
}
