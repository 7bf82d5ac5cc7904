import QuotaCore

/// The settings of a channel that consist of one secret address: `url`, `allow_http`, `ca_file`.
protocol EndpointSettings: ChannelSettings {
  var endpoint: WebEndpoint { get }

  init(endpoint: WebEndpoint)
}

extension EndpointSettings {
  init?(from object: inout ConfigurationObject) {
    guard let endpoint = WebEndpoint(secretFrom: &object) else { return nil }
    self.init(endpoint: endpoint)
  }

  var secrets: [SecretReference] { endpoint.secrets }

  func resolvingPaths(in directory: String) -> Self {
    Self(endpoint: endpoint.resolvingPaths(in: directory))
  }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await endpoint.address(from: secrets)
  }
}
