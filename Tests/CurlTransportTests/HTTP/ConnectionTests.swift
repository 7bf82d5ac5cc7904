import CurlTransport
import QuotaCore
import TestSupport
import Testing

@Suite("Connections", .timeLimit(.minutes(5)))
struct ConnectionTests {
  @Test("are used again by requests that follow one another")
  func reuse() async throws {
    let server = try ScriptedServer(.http(text: "ok"))
    let transport = try makeTransport()
    for _ in 0..<20 { #expect(try await transport.get(server.url()).text == "ok") }
    #expect(server.log.requests.count == 20)
    #expect(server.log.connectionCount == 1)
  }

  @Test("that the server has closed meanwhile are replaced without anybody noticing")
  func stale() async throws {
    let server = try ScriptedServer(
      ScriptedAnswer(.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)), .disconnect))
    let transport = try makeTransport()
    for _ in 0..<10 { #expect(try await transport.get(server.url()).text == "ok") }
    #expect(server.log.requests.count == 10)
  }

  @Test("carry 200 requests at once, each with its own answer")
  func concurrent() async throws {
    let server = try ScriptedServer { .http(text: $0.target) }
    let transport = try makeTransport()
    let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for number in 0..<200 {
        group.addTask { (number, try await transport.get(server.url("/\(number)")).text) }
      }
      return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
    }
    #expect(answers == Dictionary(uniqueKeysWithValues: (0..<200).map { ($0, "/\($0)") }))
  }

  @Test("are no more than allowed; further requests wait")
  func limited() async throws {
    let server = try ScriptedServer { .http(text: $0.target) }
    let transport = try CurlTransport(userAgent: "quotawatch/test", maximumConnections: 3)
    let answers = try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<100 {
        group.addTask { try await transport.get(server.url("/\(number)")).text }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(answers.count == 100)
    #expect(server.log.connectionCount <= 3)
  }

  @Test(
    "with HTTP/2 carry every request at once over one of them", arguments: [0, 500])
  func multiplexed(bodySize: Int) async throws {
    let authority = try TestCertificateAuthority()
    let server = try await NginxServer(authority.valid)
    let transport = try makeTransport()
    let request = TransportRequest(
      bodySize == 0 ? .get : .post, url: Secret("https://localhost:\(server.port)/"),
      body: bodySize == 0 ? nil : [UInt8](repeating: 7, count: bodySize), caFile: authority.caFile
    )
    let answers = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<90 { group.addTask { try await transport.send(request).text } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let words = answers.map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
    #expect(answers.count == 90)
    #expect(Set(words.map(\.first)) == ["1"])
    #expect(Set(words.map(\.last)) == ["HTTP/2.0"])
  }

  @Test("that hang do not hold up the others")
  func independence() async throws {
    let dead = try ScriptedServer(.hang)
    let server = try ScriptedServer(.http(text: "ok"))
    let transport = try makeTransport()
    let waiting = Task { try await transport.get(dead.url()) }
    await dead.log { $0.requests.count == 1 }
    for _ in 0..<20 { #expect(try await transport.get(server.url()).text == "ok") }
    waiting.cancel()
    _ = await waiting.result
  }

  @Test("are closed when nobody holds the transport any more")
  func closed() async throws {
    let server = try ScriptedServer(.http(text: "ok"))
    _ = try await makeTransport().get(server.url())
    let log = await server.log { $0.closedCount == 1 }
    #expect(log.closedCount == 1)
  }
}
