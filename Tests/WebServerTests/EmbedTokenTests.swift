import Foundation
import QuotaCore
import Testing

@testable import WebServer

@Suite("A token for others' pages")
struct EmbedTokenTests {
  private static let embedding = Embedding(secret: Secret("signing-secret"))
  private static let token = EmbedToken(
    .page, of: OrganizationID("acme.eu_1"), until: Date(timeIntervalSince1970: 1_764_144_000.7))

  @Test("says what it opens, in characters that stand in URLs as they are")
  func text() throws {
    let text = Self.embedding.text(of: Self.token)
    #expect(text.hasPrefix("page~acme.eu_1~1764144000~"))
    #expect(text.wholeMatch(of: /[A-Za-z0-9._~-]+/) != nil)
    #expect(Self.embedding.token(text) == Self.token)
  }

  @Test("is none once anything in it was changed, or the secret is another one")
  func forgery() {
    let text = Self.embedding.text(of: Self.token)
    #expect(Embedding(secret: Secret("another")).token(text) == nil)
    for changed in [
      text.replacing("page", with: "badge"), text.replacing("acme", with: "acmf"),
      text.replacing("1764144000", with: "1764144001"), String(text.dropLast()), text + "0", text + "~",
      String(text.dropLast(2)) + "zz", "", "~", "~~~", String(repeating: "~", count: 10_000),
    ] { #expect(Self.embedding.token(changed) == nil, "\(changed.prefix(80))") }
  }

  @Test("signs nothing that a webhook or a bearer token could be taken for")
  func purposes() {
    let code = String(Self.embedding.text(of: Self.token).split(separator: "~").last ?? "")
    let bytes = HexadecimalCode.bytes(code, count: 32) ?? []
    #expect(!WebhookAuthenticity(Secret("signing-secret")).accepts(Array(Self.token.claim.utf8), code: bytes))
  }
}
