package import QuotaCore

/// An address that messages are posted to: `url`, `allow_http`, `ca_file`.
package struct WebEndpoint: Hashable, Sendable {
  package let url: TextOrSecret
  /// Whether `http` is allowed to hosts that are not loopback.
  package let allowsPlainHTTP: Bool
  /// A file of certificate authorities (PEM) to trust instead of the system's.
  package let caFile: String?

  package init(url: TextOrSecret, allowsPlainHTTP: Bool = false, caFile: String? = nil) {
    self.url = url
    self.allowsPlainHTTP = allowsPlainHTTP
    self.caFile = caFile
  }

  /// The keys of an address.
  ///
  /// - Parameter url: the key of the address itself, which is the channel's own.
  static func fields(_ url: Fields<TextOrSecret>) -> Fields<WebEndpoint> {
    Fields(
      url,
      Field(
        "allow_http", .boolean, .usually(false),
        "Allows plain `http` to hosts that are not loopback: what is sent then travels in clear text."),
      .caFile
    ) { WebEndpoint(url: $0, allowsPlainHTTP: $1, caFile: $2) }
    .checked(at: "url", demand: WebAddress.demand) { endpoint in
      guard case .text(let text) = endpoint.url else { return nil }
      return WebAddress.problem(in: text, allowsPlainHTTP: endpoint.allowsPlainHTTP)
    }
  }

  /// The keys of the address of a service that has a usual one.
  static func fields(usually address: String, _ text: String) -> Fields<WebEndpoint> {
    fields(Field("url", .secret(or: .webAddress), .usually(.text(address)), text))
  }

  /// The keys of an address that lets whoever knows it post, so that it is always a secret.
  static let secretFields = fields(
    Field("url", .secret, .required, "The webhook's address, which is a secret: whoever knows it may post.")
      .map(TextOrSecret.secret))

  package var secrets: [SecretReference] {
    if case .secret(let reference) = url { [reference] } else { [] }
  }

  /// The address, fetched if it is a secret, and checked.
  package func address(from secrets: any SecretSource) async throws(SecretError) -> Secret {
    let address = try await secrets.text(url)
    guard let problem = WebAddress.problem(in: address.reveal(), allowsPlainHTTP: allowsPlainHTTP) else {
      return address
    }
    let place = self.secrets.first.map { "the address in \($0.source)" } ?? "the address"
    throw SecretError("\(place) cannot be used: \(problem)")
  }
}

extension Fields<String?> {
  /// A file of certificate authorities.
  static var caFile: Fields {
    Field("ca_file", .path, .optional("the system's"), "A file of certificate authorities (PEM) to trust instead.")
  }
}
