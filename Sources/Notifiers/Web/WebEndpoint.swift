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

  /// Decodes all but the address, which a channel decodes by its own rules; nil as `url` means that it was reported.
  init?(url: TextOrSecret?, from object: inout ConfigurationObject) {
    let allowsPlainHTTP = object.optional("allow_http").map { $0.boolean() } ?? false
    let caFile = object.optional("ca_file")?.string()
    guard let url, let allowsPlainHTTP else { return nil }
    self.init(url: url, allowsPlainHTTP: allowsPlainHTTP, caFile: caFile)
    if case .text(let text) = url, let problem = WebAddress.problem(in: text, allowsPlainHTTP: allowsPlainHTTP) {
      object.optional("url")?.report(problem)
      return nil
    }
  }

  package var secrets: [SecretReference] {
    if case .secret(let reference) = url { [reference] } else { [] }
  }

  func resolvingPaths(in directory: String) -> WebEndpoint {
    WebEndpoint(
      url: url, allowsPlainHTTP: allowsPlainHTTP, caFile: caFile.map { ConfigurationPath.absolute($0, in: directory) })
  }

  /// Decodes the address of a service that has a usual one, together with the rest.
  init?(usually address: String, from object: inout ConfigurationObject) {
    let url = object.optional("url").map { $0.textOrSecret() } ?? .text(address)
    self.init(url: url, from: &object)
  }

  /// Decodes an address that lets whoever knows it post, so that it is always a secret, together with the rest.
  init?(secretFrom object: inout ConfigurationObject) {
    let url = object.required("url")?.secretReference().map(TextOrSecret.secret)
    self.init(url: url, from: &object)
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

/// Paths in a configuration.
enum ConfigurationPath {
  /// The path itself if it is absolute, otherwise inside the directory.
  static func absolute(_ path: String, in directory: String) -> String {
    if path.hasPrefix("/") { return path }
    return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
  }
}
