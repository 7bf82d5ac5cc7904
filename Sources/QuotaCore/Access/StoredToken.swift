package import FoundationEssentials

/// A token that was made here: who shows it may do something. Only its hash is known.
package struct StoredToken: Hashable, Sendable {
  package let name: String
  /// SHA-256 in lower-case hexadecimal.
  package let hash: String
  package let scopes: [AccessScope]
  /// Only these; nil for all.
  package let organizations: [OrganizationID]?
  package let createdAt: Date
  package let createdBy: String
  /// From then on it opens nothing; nil for one that lasts until it is revoked.
  package let expiresAt: Date?
  /// About when it was shown last, within ``useInterval``.
  package var lastUsedAt: Date?
  package var revokedAt: Date?

  /// How often it is noted that a token is used.
  package static let useInterval = TimeSpan.minutes(10)

  package init(
    name: String, hash: String, scopes: [AccessScope], organizations: [OrganizationID]?, createdAt: Date,
    createdBy: String, expiresAt: Date?, lastUsedAt: Date? = nil, revokedAt: Date? = nil
  ) {
    (self.name, self.hash, self.scopes, self.organizations) = (name, hash, scopes, organizations)
    (self.createdAt, self.createdBy, self.expiresAt) = (createdAt, createdBy, expiresAt)
    (self.lastUsedAt, self.revokedAt) = (lastUsedAt, revokedAt)
  }

  /// What it is good for at a moment.
  package enum State: String, Sendable {
    case valid, expired, revoked
  }

  package func state(at now: Date) -> State {
    revokedAt != nil ? .revoked : expiresAt.map { $0 <= now } == true ? .expired : .valid
  }

  /// Whether its use is to be noted: it was not, or a while ago.
  package func isUseNews(at now: Date) -> Bool {
    lastUsedAt.map { !$0.isLess(than: Self.useInterval, before: now) } ?? true
  }
}
