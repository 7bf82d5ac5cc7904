import QuotaCore

/// Settings of a Slack incoming webhook: `url` (a secret), `allow_http`, `ca_file`.
package struct SlackConfiguration: Hashable, Sendable {
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
}
