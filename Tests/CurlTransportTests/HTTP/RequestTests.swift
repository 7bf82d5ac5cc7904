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

  @Test("leaves nothing behind for the next one of its kind, whatever came of it")
  func nothingLeftOfItsKind() async throws {
    let server = try ScriptedServer { request in
      switch request.header("x-api-key") {
      case "2": .http(429, [("Retry-After", "7")], text: "slower")
      case "3": .disconnect
      case "4": .endlessBody()
      default: .http(text: request.header("x-api-key") ?? "none")
      }
    }
    let transport = try makeTransport()
    for key in 1...8 {
      var request = TransportRequest(.get, url: Secret(server.url()), headers: [.init("X-API-Key", "\(key)")])
      request.maximumAnswerSize = key == 5 ? 0 : 1_000
      let answer = try? await transport.send(request)
      #expect(answer?.text == [2: "slower", 3: nil, 4: nil, 5: nil][key, default: "\(key)"])
      #expect(answer?.header("retry-after") == (key == 2 ? "7" : nil))
      let bare = try await transport.get(server.url())
      #expect(bare.text == "none")
      #expect(server.log.requests.last?.header("x-api-key") == nil)
    }
  }

  @Test("gets the answer to its own key among many with one address")
  func ownKey() async throws {
    let server = try ScriptedServer { .http(text: $0.header("authorization") ?? "none") }
    let transport = try CurlTransport(userAgent: "quotawatch/test", maximumConnections: 8)
    let address = server.url()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<400 {
        group.addTask {
          let key = "Bearer key-\(number)"
          let request = TransportRequest(.get, url: Secret(address), headers: [.init("Authorization", key)])
          let answer = try await transport.send(request)
          #expect(answer.text == key)
        }
      }
      try await group.waitForAll()
    }
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
