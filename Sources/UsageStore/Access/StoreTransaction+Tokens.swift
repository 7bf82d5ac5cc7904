internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  private static let tokenColumns =
    "name, hash, scopes, organizations, created_at, created_by, expires_at, last_used_at, revoked_at"

  func tokens() throws -> [StoredToken] {
    try rows("SELECT \(Self.tokenColumns) FROM tokens ORDER BY id", row: Self.token)
  }

  func token(withHash hash: String) throws -> StoredToken? {
    try first("SELECT \(Self.tokenColumns) FROM tokens WHERE hash = ?", hash, row: Self.token)
  }

  func add(_ token: StoredToken) throws -> Bool {
    try run(
      """
      INSERT INTO tokens (name, hash, scopes, organizations, created_at, created_by, expires_at)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
      WHERE NOT EXISTS (SELECT 1 FROM tokens WHERE name = ?1 AND revoked_at IS NULL)
      """,
      token.name, token.hash, StoredTexts(token.scopes.map(\.rawValue)),
      token.organizations.map { StoredTexts($0.map(\.rawValue)) }, token.createdAt, token.createdBy, token.expiresAt)
      > 0
  }

  func revokeToken(_ name: String, at time: Date) throws -> Bool {
    try run("UPDATE tokens SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL", time, name) > 0
  }

  func noteUse(ofTokenWithHash hash: String, at time: Date) throws {
    try run("UPDATE tokens SET last_used_at = ? WHERE hash = ?", time, hash)
  }

  private static func token(_ row: inout RowReader) throws -> StoredToken {
    let (name, hash, scopes): (String, String, StoredTexts) = (try row.next(), try row.next(), try row.next())
    let organizations: StoredTexts? = try row.next()
    let (createdAt, createdBy): (Date, String) = (try row.next(), try row.next())
    return StoredToken(
      name: name, hash: hash, scopes: scopes.texts.compactMap { AccessScope(rawValue: $0) },
      organizations: organizations.map { $0.texts.map { OrganizationID($0) } }, createdAt: createdAt,
      createdBy: createdBy, expiresAt: try row.next(), lastUsedAt: try row.next(), revokedAt: try row.next())
  }
}
