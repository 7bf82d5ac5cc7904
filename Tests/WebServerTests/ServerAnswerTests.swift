import Foundation
import HTTPTypes
import Hummingbird
import QuotaCore
import TestSupport
import Testing

@testable import WebServer

@Suite("An answer of the server")
struct ServerAnswerTests {
  /// A page, one that fails, and an organization.
  private struct Routes: ServerRoutes {
    func add(to router: RouterOfServer) {
      router.get("/page") { _, _ in Response.html("<p>") }
      router.get("/framed") { _, _ in Response.html("<p>", .framed(by: ["https://app.example.com"])) }
      router.get("/failure") { _, _ -> Response in throw CancellationError() }
      router.post("/things/:organization") { _, _ in Response.text("done") }
    }
  }

  private static let server = TestServer([Routes()])

  @Test("is of the kind that it says, kept nowhere, and shown on no other page", arguments: ["/page", "/nothing"])
  func headers(path: String) async throws {
    let answer = try await Self.server.ask(.get, path)
    #expect(answer.header("X-Content-Type-Options") == "nosniff")
    #expect(answer.header("Cache-Control") == "no-store")
    #expect(answer.header("Referrer-Policy") == "no-referrer")
    let policy = try #require(answer.header("Content-Security-Policy"))
    #expect(policy.hasPrefix("default-src 'none'; "))
    #expect(policy.hasSuffix("frame-ancestors 'none'"))
    #expect(!policy.contains("unsafe"))
  }

  @Test("may load what is the server's own if it is a page, and be framed if it is meant to be")
  func pages() async throws {
    let page = try await Self.server.ask(.get, "/page").header("Content-Security-Policy")
    #expect(page?.contains("script-src 'self'; ") == true)
    let data = try await Self.server.ask(.get, "/nothing").header("Content-Security-Policy")
    #expect(data?.contains("'self'") == false)
    let framed = try await Self.server.ask(.get, "/framed").header("Content-Security-Policy")
    #expect(framed?.hasSuffix("; frame-ancestors https://app.example.com") == true)
    #expect(ContentPolicy.framed(by: []).text.hasSuffix("; frame-ancestors 'none'"))
  }

  @Test(
    "says on one line what is wrong",
    arguments: [
      (.get, "/nothing", 404, "there is nothing at this address", nil),
      (.get, "/things", 404, "there is nothing at this address", nil),
      (.post, "/page", 405, "this address takes GET, HEAD alone", "GET, HEAD"),
      (.get, "/things/acme", 405, "this address takes POST alone", "POST"),
      (.init("BREW") ?? .trace, "/page/", 405, "this address takes GET, HEAD alone", "GET, HEAD"),
      (.get, "/failure", 500, "something failed; the log of the server says what", nil),
    ] as [(HTTPRequest.Method, String, Int, String, String?)])
  func problems(method: HTTPRequest.Method, path: String, status: Int, detail: String, allow: String?) async throws {
    let answer = try await Self.server.ask(method, path)
    #expect(answer.status == status)
    #expect(answer.header("Content-Type") == "application/problem+json")
    #expect(answer.header("Allow") == allow)
    let problem = try JSONDecoder().decode([String: ProblemMember].self, from: Data(answer.body.utf8))
    #expect(problem["detail"]?.text == detail)
    #expect(problem["status"]?.text == "\(status)")
    #expect(problem["type"]?.text == "about:blank")
    #expect(problem["title"]?.text.isEmpty == false)
  }

  private struct ProblemMember: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try (try? container.decode(String.self)) ?? "\(container.decode(Int.self))"
    }
  }

  @Test("to HEAD is that to GET without its body")
  func head() async throws {
    let answer = try await Self.server.ask(.head, "/page")
    #expect(answer.status == 200)
    #expect(answer.body.isEmpty)
    #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
  }
}
