package import FoundationEssentials

/// Reads the tokens that were made here.
package protocol TokenReader {
  /// In the order in which they were made, those that are revoked among them.
  func tokens() throws -> [StoredToken]

  func token(withHash hash: String) throws -> StoredToken?
}

/// Makes tokens, and revokes them.
package protocol TokenWriter: TokenReader {
  /// Adds a token; false if another one has its name and is not revoked.
  func add(_ token: StoredToken) throws -> Bool

  /// Revokes the token of a name; false if there is none that is not revoked.
  func revokeToken(_ name: String, at time: Date) throws -> Bool

  /// Records that a token was shown.
  func noteUse(ofTokenWithHash hash: String, at time: Date) throws
}
