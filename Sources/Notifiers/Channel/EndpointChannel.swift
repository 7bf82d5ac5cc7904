import QuotaCore

/// The settings of a channel that consist of one secret address: `url`, `allow_http`, `ca_file`.
protocol EndpointChannel: ChannelKind {
  var endpoint: WebEndpoint { get }

  init(endpoint: WebEndpoint)
}

extension EndpointChannel {
  static var fields: Fields<Self> { WebEndpoint.secretFields.map { Self(endpoint: $0) } }

  var secrets: [SecretReference] { endpoint.secrets }
  var caFile: String? { endpoint.caFile }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await endpoint.address(from: secrets)
  }
}
