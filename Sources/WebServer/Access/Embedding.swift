import Crypto
import FoundationEssentials
package import QuotaCore

/// How organizations are shown on others' pages.
package struct Embedding: Sendable {
  private let key: SymmetricKey
  /// Who may frame the page, as sources of a content security policy: `https://app.example.com`.
  package let frameAncestors: [String]
  /// Whose scripts may ask for the organization of a token, as browsers write it: `https://app.example.com`.
  package let origins: Set<String>

  /// - Parameter secret: what tokens are signed with; another one revokes all of them.
  package init(secret: Secret, frameAncestors: [String] = [], origins: Set<String> = []) {
    key = SymmetricKey(data: Data(secret.reveal().utf8))
    self.frameAncestors = frameAncestors
    self.origins = Set(origins.map { $0.lowercased() })
  }

  /// The token as it is shown: its claim and a signature, HMAC-SHA256 in hexadecimal, in characters that stand in URLs as
  /// they are.
  package func text(of token: EmbedToken) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Self.signed(token.claim), using: key)
    return token.claim + "~" + HexadecimalCode.text(code)
  }

  /// What a text opens; nil if it was signed with another secret, or not at all. The comparison takes a time that does
  /// not depend on where a difference is.
  func token(_ text: String) -> EmbedToken? {
    guard text.utf8.count <= Self.longest, let end = text.lastIndex(of: "~"),
      let code = HexadecimalCode.bytes(text[text.index(after: end)...], count: SHA256.byteCount),
      HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.signed(text[..<end]), using: key)
    else { return nil }
    return EmbedToken(claim: text[..<end])
  }

  private static let longest = 256

  /// Of what other secrets sign, nothing begins alike.
  private static func signed(_ claim: some StringProtocol) -> Data { Data("quotawatch embed\n\(claim)".utf8) }
}
