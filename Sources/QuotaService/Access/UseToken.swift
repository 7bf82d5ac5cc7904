import FoundationEssentials
import Logging
import QuotaCore

extension Setup {
  /// The token that somebody shows, if it was made here and is good for something; that it was used is noted.
  func useToken(_ shown: String) async throws -> StoredToken? {
    let (hash, now) = (TokenHash.of(shown), world.now())
    guard let token = try await database.openForReading().read({ try $0.token(withHash: hash) }),
      token.state(at: now) == .valid
    else { return nil }
    // Who asks does not wait for others who write.
    if !isPast, token.isUseNews(at: now) { Task { await noteUse(of: token, at: now) } }
    return token
  }

  private func noteUse(of token: StoredToken, at now: Date) async {
    do {
      try await database.writing { store in
        try await store.write { try $0.noteUse(ofTokenWithHash: token.hash, at: now) }
      }
    } catch {
      world.logger.warning("it was not noted that the token \(token.name) was used: \(error)")
    }
  }
}
