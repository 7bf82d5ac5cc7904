package import QuotaCore

/// Secrets that are known beforehand, by the name of the environment variable; anything else cannot be had.
package struct FixedSecrets: SecretSource {
  private let texts: [String: String]

  package init(_ texts: [String: String] = [:]) {
    self.texts = texts
  }

  package func secret(_ reference: SecretReference) async throws(SecretError) -> Secret {
    guard case .environment(let name) = reference, let text = texts[name] else {
      throw SecretError("\(reference.source) is not set")
    }
    return Secret(text)
  }
}
