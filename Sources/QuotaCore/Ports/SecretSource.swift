/// Fetches secrets from where the configuration says they are.
package protocol SecretSource: Sendable {
  func secret(_ reference: SecretReference) async throws(SecretError) -> Secret
}

/// Why a secret could not be had.
package struct SecretError: Error, Hashable, Sendable {
  /// One line that names the source and the remedy, never the secret.
  package let message: String

  package init(_ message: String) {
    self.message = message
  }
}

extension SecretSource {
  /// The text of a setting, fetched if it is a secret.
  package func text(_ setting: TextOrSecret) async throws(SecretError) -> Secret {
    switch setting {
    case .text(let text): Secret(text)
    case .secret(let reference): try await secret(reference)
    }
  }
}
