import Crypto
package import FoundationEssentials
package import QuotaCore

/// Makes tokens for people and programs.
package struct AddToken: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World
  let log: ActLog

  /// What a token is to be.
  package struct Request: Sendable {
    package let name: String
    package let scopes: [AccessScope]
    /// The ids of the organizations that it is for; all if empty.
    package var organizations: [String] = []
    /// Nil for one that lasts until it is revoked.
    package var expiresAt: Date?

    package init(name: String, scopes: [AccessScope]) {
      (self.name, self.scopes) = (name, scopes)
    }
  }

  /// Makes a token.
  ///
  /// - Returns: its text, which nobody can tell again, and what is stored of it.
  /// - Throws: `usage` for a name that is taken or none.
  package func callAsFunction(_ request: Request) async throws -> (text: String, token: StoredToken) {
    guard Identifier.isValid(request.name) else {
      throw ServiceError(
        .usage, "a token's name consists of letters, digits, \"-\", \"_\" and \".\", such as mara-phone")
    }
    guard !configuration.tokens.contains(where: { $0.name == request.name }) else {
      throw ServiceError(.usage, "the configuration has a token \"\(request.name)\" already; choose another name")
    }
    let now = world.now()
    if let expiry = request.expiresAt, expiry <= now {
      throw ServiceError(.usage, "a token has to expire in the future; \(expiry.iso8601) is over")
    }
    let organizations = request.organizations.map { OrganizationID($0) }
    if !organizations.isEmpty { _ = try configuration.organizations(request.organizations) }
    let text = Self.prefix + SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.hexadecimal
    let token = StoredToken(
      name: request.name, hash: TokenHash.of(text), scopes: AccessScope.allCases.filter(request.scopes.contains),
      organizations: organizations.isEmpty ? nil : organizations, createdAt: now, createdBy: log.author.name,
      expiresAt: request.expiresAt)
    try await database.writing { store in
      try await store.write { writer in
        guard try writer.add(token) else {
          throw ServiceError(
            .usage,
            "there is a token \"\(token.name)\" already; choose another name, or revoke it: quotawatch token revoke \(token.name)"
          )
        }
        let scopes = token.scopes.map(\.rawValue).joined(separator: ", ")
        let end = token.expiresAt.map { " until \($0.iso8601)" } ?? ""
        try log.note(
          .addToken, "made the token \(token.name) for \(scopes)\(end)", of: organizations, objects: [token.name],
          in: writer)
      }
    }
    return (text, token)
  }

  /// Tells people, and what looks for secrets in files, what it is.
  private static let prefix = "quotawatch_"
}

/// Lists tokens.
package struct ListTokens: Sendable {
  let database: DatabaseAccess
  let world: World

  /// Those that open something, in the order in which they were made; with `all` also those that are expired or revoked.
  package func callAsFunction(all: Bool) async throws -> [StoredToken] {
    let now = world.now()
    return try await database.openForReading().read { try $0.tokens() }.filter { all || $0.state(at: now) == .valid }
  }
}

/// Revokes tokens.
package struct RevokeToken: Sendable {
  let database: DatabaseAccess
  let world: World
  let log: ActLog

  /// Revokes a token: from now on it opens nothing.
  package func callAsFunction(_ name: String) async throws {
    try await database.writing { store in
      try await store.write { writer in
        guard try writer.revokeToken(name, at: world.now()) else {
          let known = Set(try writer.tokens().filter { $0.revokedAt == nil }.map(\.name))
          throw ServiceError(
            .usage,
            "there is no token \"\(name)\"\(suggestion(for: name, among: known)); `quotawatch token list` shows them")
        }
        try log.note(.revokeToken, "revoked the token \(name)", objects: [name], in: writer)
      }
    }
  }
}

/// How a token is stored: it is 256 random bits, so that nobody finds it by trying.
enum TokenHash {
  static func of(_ text: String) -> String { ContentDigest.sha256(Array(text.utf8)) }
}
