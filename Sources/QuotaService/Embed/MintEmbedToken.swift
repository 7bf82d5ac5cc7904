package import FoundationEssentials
package import QuotaCore
package import WebServer

/// Makes tokens that show an organization on others' pages.
package struct MintEmbedToken: Sendable {
  let configuration: Configuration
  let world: World

  /// A token, and where it leads on the server of `serve`.
  package struct Minted: Sendable {
    package let text: String
    package let token: EmbedToken
    /// The path with the token, such as `/embed/acme?token=…`.
    package let path: String
  }

  /// Makes a token for a configured organization.
  ///
  /// - Parameters:
  ///   - moment: from which on; now without.
  ///   - life: for how long; the longest that there is of its kind without, for a badge a year.
  /// - Throws: `configuration` where no secret is configured, and `usage` for a life that is too long.
  package func callAsFunction(
    _ organization: String, _ kind: EmbedToken.Kind, for life: TimeSpan?, at moment: Date? = nil
  ) async throws -> Minted {
    guard let settings = configuration.embed else {
      throw ServiceError(
        .configuration, "nothing is shown on others' pages yet: add \"embed\": { \"secret\": { \"env\": \"NAME\" } }")
    }
    guard let id = try configuration.organizations([organization]).first?.organization.id else {
      throw ServiceError(.usage, "no organization \"\(organization)\" is configured")
    }
    let life = life ?? (kind == .badge ? .days(365) : kind.longestLife)
    guard life <= kind.longestLife else {
      throw ServiceError(
        .usage, "a token for the \(kind.rawValue) lives for \(kind.longestLife) at most; make a new one then")
    }
    let secret: Secret
    do throws(SecretError) {
      secret = try await world.secrets.secret(settings.secret)
    } catch {
      throw ServiceError(.configuration, "embed: \(error.message)")
    }
    let token = EmbedToken(kind, of: id, until: (moment ?? world.now()) + life)
    let text = Embedding(secret: secret).text(of: token)
    let page = kind == .badge ? "/badge/\(id).svg" : "/embed/\(id)"
    return Minted(text: text, token: token, path: "\(page)?token=\(text)")
  }
}
