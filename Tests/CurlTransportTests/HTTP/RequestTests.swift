import CurlTransport
import QuotaCore
import TestSupport
import Testing

@Suite("An HTTP request", .timeLimit(.minutes(5)))
struct RequestTests {
  @Test("carries its headers, the user agent, and its body untouched")
  func post() async throws {
    let server = try ScriptedServer(.http())
    let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    _ = try await makeTransport().send(
      TransportRequest(
        .post, url: Secret(server.url("/hook")),
        headers: [.init("X-One", Secret("1")), .init("X-Empty", ""), .init("Content-Type", "application/json")],
        body: body))
    let request = try #require(server.log.requests.first)
    #expect(request.line == "POST /hook HTTP/1.1")
    #expect(request.header("x-one") == "1")
    #expect(request.header("x-empty") == "")
    #expect(request.header("content-type") == "application/json")
    #expect(request.header("user-agent") == "quotawatch/test")
    #expect(request.header("expect") == nil)
    #expect(request.body == body)
  }

  @Test("with an empty body says so and claims no content type", arguments: [nil, [UInt8]()])
  func emptyBody(body: [UInt8]?) async throws {
    let server = try ScriptedServer(.http())
    _ = try await makeTransport().send(TransportRequest(.post, url: Secret(server.url()), body: body))
    let request = try #require(server.log.requests.first)
    #expect(request.header("content-length") == "0")
    #expect(request.header("content-type") == nil)
  }

  @Test("leaves nothing behind for the next one")
  func nothingLeft() async throws {
    let server = try ScriptedServer(.http())
    let transport = try makeTransport()
    _ = try await transport.send(
      TransportRequest(.post, url: Secret(server.url()), headers: [.init("X-API-Key", "k")], body: [1]))
    _ = try await transport.get(server.url("/next"))
    let request = try #require(server.log.requests.last)
    #expect(request.line == "GET /next HTTP/1.1")
    #expect(request.header("x-api-key") == nil)
    #expect(request.body.isEmpty)
  }

  @Test(
    "with a header that would become two, or that frames the body, is refused",
    arguments: [
      ("X-Key", "SECRET\r\nX-Injected: 1"), ("X-Key", "SECRET\nX-Injected: 1"), ("X-Key", "SECRET\rX"),
      ("X-Key", "SECRET\0"), ("X-Key", "SECRET\u{7F}"), ("X-Key\r\nX-Injected", "SECRET"), ("X-Key: a", "SECRET"),
      ("X Key", "SECRET"), ("", "SECRET"), ("X-Ké", "SECRET"), ("Content-Length", "3"),
      ("transfer-encoding", "chunked"),
    ])
  func badHeader(name: String, value: String) async throws {
    let server = try ScriptedServer(.http())
    let error = try #require(
      try await makeTransport().failure(
        of: TransportRequest(.post, url: Secret(server.url()), headers: [.init(name, Secret(value))], body: [])))
    #expect(error.kind == .refused)
    #expect(!error.message.contains("SECRET"))
    #expect(server.log.connectionCount == 0)
  }

  @Test("with the method GET has no body")
  func bodyOfGet() async throws {
    let server = try ScriptedServer(.http())
    let error = try await makeTransport().failure(of: TransportRequest(.get, url: Secret(server.url()), body: [1]))
    #expect(error?.kind == .refused)
  }

  @Test("cannot come from a user agent with a line break")
  func userAgent() {
    #expect(throws: TransportError.self) { try CurlTransport(userAgent: "a\r\nX-Injected: 1") }
  }
}
