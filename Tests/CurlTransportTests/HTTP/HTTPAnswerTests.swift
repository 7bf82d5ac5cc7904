import CurlTransport
import QuotaCore
import TestSupport
import Testing

@Suite("An HTTP answer", .timeLimit(.minutes(5)))
struct HTTPAnswerTests {
  @Test("comes with its status, its headers in lower case and its body")
  func whole() async throws {
    let server = try ScriptedServer(.http(200, [("X-Thing", "One"), ("x-thing", " Two ")], text: "hello"))
    let response = try await makeTransport().get(server.url("/a?b=c"))
    #expect(response.status == 200)
    #expect(response.headers.filter { $0.name == "x-thing" }.map(\.value) == ["One", "Two"])
    #expect(response.text == "hello")
    #expect(server.log.requests.map(\.line) == ["GET /a?b=c HTTP/1.1"])
  }

  @Test("of any status is an answer", arguments: [204, 304, 400, 401, 404, 410, 500, 503])
  func anyStatus(status: Int) async throws {
    let server = try ScriptedServer(.http(status))
    #expect(try await makeTransport().get(server.url()).status == status)
  }

  @Test("that limits the rate brings its Retry-After")
  func retryAfter() async throws {
    let server = try ScriptedServer(.http(429, [("Retry-After", "17")]))
    let response = try await makeTransport().get(server.url())
    #expect(response.status == 429)
    #expect(response.header("retry-after") == "17")
  }

  @Test("that redirects is returned and not followed")
  func redirect() async throws {
    let other = try ScriptedServer(.http(text: "other"))
    let server = try ScriptedServer(.http(302, [("Location", other.url("/secret"))]))
    let response = try await makeTransport().get(server.url())
    #expect(response.status == 302)
    #expect(response.header("location") == other.url("/secret"))
    #expect(other.log.connectionCount == 0)
  }

  @Test("is decompressed")
  func decompressed() async throws {
    let zeros = try gzippedZeros(100_000)
    let server = try ScriptedServer(.http(200, [("Content-Encoding", "gzip")], body: zeros))
    let response = try await makeTransport().get(server.url())
    #expect(response.body == [UInt8](repeating: 0, count: 100_000))
    #expect(server.log.requests.first?.header("accept-encoding")?.contains("gzip") == true)
  }

  @Test("is the one behind 1xx answers, without their headers and without trailers")
  func interim() async throws {
    let server = try ScriptedServer(
      .raw(
        "HTTP/1.1 103 Early Hints\r\nLink: early\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Real: yes\r\n\r\n"
          + "2\r\nhi\r\n0\r\nX-Trailer: late\r\n\r\n"))
    let response = try await makeTransport().get(server.url())
    #expect(response.status == 200)
    #expect(response.text == "hi")
    #expect(response.headers.map(\.name) == ["transfer-encoding", "x-real"])
  }

  @Test(
    "that is not whole is taken as far as the request allows",
    arguments: [
      (PartialAnswer.fails, ScriptedAnswer.endlessBody(), nil), (.cuts, .endlessBody(), 200),
      (.suffices, .endlessBody(), 200),
      (.cuts, .raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal"), nil),
      (.suffices, .raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal"), 200),
      (.suffices, ScriptedAnswer(.send(Array("HTTP/1.1 202 OK\r\nContent-Length: 9\r\n\r\n".utf8)), .hang), 202),
      (.suffices, .raw("HTTP/1.1 200 OK\r\nContent-Len"), nil), (.suffices, .raw("HTTP/1.1 100 Continue\r\n\r\n"), nil),
      (.suffices, .disconnect, nil),
    ] as [(PartialAnswer, ScriptedAnswer, Int?)])
  func partial(allowed: PartialAnswer, answer: ScriptedAnswer, status: Int?) async throws {
    let server = try ScriptedServer(answer)
    var request = TransportRequest(.get, url: Secret(server.url()), timeout: .seconds(1), maximumAnswerSize: 10_000)
    request.partialAnswer = allowed
    let response = try? await makeTransport().send(request)
    #expect(response?.status == status)
    #expect(response?.body.count ?? 0 <= 10_000)
  }

  @Test("that is as large as allowed is taken")
  func exactlyAtLimit() async throws {
    let server = try ScriptedServer(.http(text: String(repeating: "a", count: 5_000)))
    var request = TransportRequest(.get, url: Secret(server.url()))
    request.maximumAnswerSize = 5_000
    #expect(try await makeTransport().send(request).body.count == 5_000)
    request.maximumAnswerSize = 4_999
    #expect(try await makeTransport().failure(of: request) == .tooLarge(limit: 4_999))
  }
}
