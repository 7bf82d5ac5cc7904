import Foundation
import HTTPTypes
import Hummingbird
import QuotaCore
import TestSupport
import Testing

@testable import WebServer

@Suite("A route for others' pages")
struct EmbedAccessTests {
  private static let now = Date(timeIntervalSince1970: 1_764_000_000)
  private static let embedding = Embedding(secret: Secret("signing-secret"))

  private struct Routes: ServerRoutes {
    let policy: AccessPolicy

    func add(to router: RouterOfServer) {
      let policy = policy
      let show: @Sendable (Request, ServerContext) async throws -> Response = { .text(try $1.organization().rawValue) }
      router.group().add(middleware: RequiresEmbedToken(kind: .page, policy: { policy }, now: { now }))
        .get("/embed/:organization", use: show)
      router.group().add(middleware: RequiresEmbedToken(kind: .badge, policy: { policy }, now: { now }))
        .get("/badge/{organization}.svg", use: show)
      router.group().add(middleware: RequiresOrEmbedToken(scope: .read, policy: { policy }, now: { now }))
        .get("/api/:organization", use: show)
    }
  }

  private static let server = TestServer([
    Routes(policy: AccessPolicy(isLocal: true, hosts: ["usage.example.com"], embedding: embedding))
  ])

  private static func token(
    _ kind: EmbedToken.Kind = .page, of organization: String = "acme", for seconds: Double = 3_600,
    by embedding: Embedding = embedding
  ) -> String {
    embedding.text(of: EmbedToken(kind, of: OrganizationID(organization), until: now + seconds))
  }

  @Test("opens to its kind of token for its organization while it lives, and to nothing else")
  func tokens() async throws {
    let page = Self.token()
    let badge = Self.token(.badge, for: 86_400 * 300)
    for (path, token, status) in [
      ("/embed/acme", page, 200), ("/badge/acme.svg", badge, 200), ("/api/acme", page, 200),
      ("/embed/acme", badge, 403), ("/badge/acme.svg", page, 403), ("/api/acme", badge, 403),
      ("/embed/globex", page, 403), ("/badge/globex.svg", badge, 403), ("/api/globex", page, 403),
      ("/embed/acme", Self.token(for: 0), 401), ("/embed/acme", Self.token(for: 86_400 * 2), 401),
      ("/embed/acme", Self.token(by: Embedding(secret: Secret("old-secret"))), 401), ("/embed/acme", "", 401),
      ("/api/acme", "wrong", 401),
    ] {
      let answer = try await Self.server.ask(.get, "\(path)?token=\(token)")
      #expect(answer.status == status, "\(path) \(token)")
      if status == 200 { #expect(answer.body == "acme") }
      let shown = try await Self.server.ask(.get, path, ["Authorization": "Bearer \(token)"])
      #expect(shown.status == status, "\(path) Bearer \(token)")
    }
    for path in ["/embed/acme", "/badge/acme.svg"] { #expect(try await Self.server.ask(.get, path).status == 401) }
    #expect(try await Self.server.ask(.get, "/api/acme").status == 200)
  }

  @Test("is asked for under the server's own names")
  func hosts() async throws {
    let path = "/embed/acme?token=\(Self.token())"
    #expect(try await Self.server.ask(.get, path, host: "evil.example").status == 421)
    #expect(try await Self.server.ask(.get, path, host: "usage.example.com:443").status == 200)
  }
}
