import CurlTransport
import Foundation
import QuotaCore
import TestSupport
import Testing

@Suite("A broken HTTP answer", .timeLimit(.minutes(5)))
struct FaultTests {
  private func request(_ url: String) -> TransportRequest {
    TransportRequest(
      .post, url: Secret(url + "/services/PATHSECRET?token=QUERYSECRET"),
      headers: [.init("X-API-Key", Secret("HEADERSECRET"))], body: Array("BODYSECRET".utf8), timeout: .seconds(1),
      maximumAnswerSize: 10_000)
  }

  @Test("is an error that tells what happened and no secret", arguments: TransportFault.all)
  func fault(fault: TransportFault) async throws {
    let server = try ScriptedServer(fault.answer)
    let error = try #require(try await makeTransport().failure(of: request("http://127.0.0.1:\(server.port)")))
    #expect(error.kind == fault.kind, "\(error)")
    var dumped = ""
    dump(error, to: &dumped)
    for text in [error.message, "\(error)", String(reflecting: error), error.localizedDescription, dumped] {
      #expect(!text.contains("SECRET") && !text.contains("services"), "\(text)")
      #expect(!error.message.contains("\n"))
    }
    if error.kind != .tooLarge { #expect(error.message.contains("127.0.0.1")) }
  }

  @Test("does not spoil the next exchange")
  func nextExchange() async throws {
    let transport = try makeTransport()
    let server = try ScriptedServer(.raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel"), .http(text: "whole"))
    let error = await transport.failure(of: TransportRequest(.get, url: Secret(server.url())))
    #expect(error?.kind == .disconnected)
    #expect(try await transport.get(server.url()).text == "whole")
  }

  @Test("that would decompress to very much is stopped at the limit")
  func gzipBomb() async throws {
    let bomb = try gzippedZeros(50_000_000)
    #expect(bomb.count < 100_000)
    let server = try ScriptedServer(.http(200, [("Content-Encoding", "gzip")], body: bomb))
    let error = try await makeTransport().failure(of: TransportRequest(.get, url: Secret(server.url())))
    #expect(error == .tooLarge(limit: 1 << 20))
  }

  @Test("is found where nobody listens")
  func nobodyListens() async throws {
    let server = try ScriptedServer(.http())
    let url = server.url()
    server.stop()
    _ = await server.log { $0.connectionCount == $0.closedCount }
    let error = try #require(try await makeTransport().failure(of: request(url)))
    #expect([.unreachable, .disconnected].contains(error.kind))
    #expect(!error.message.contains("SECRET"))
  }

  @Test("is found where the name means nothing")
  func unknownName() async throws {
    // A label has at most 63 characters, so no name server is asked.
    let name = String(repeating: "a", count: 70) + ".invalid"
    let error = try #require(try await makeTransport().failure(of: request("https://\(name)")))
    #expect(error.kind == .unreachable)
    #expect(error.message.contains(name) && !error.message.contains("SECRET"))
  }

  @Test("while a large body is being sent does not end the process")
  func brokenUpload() async throws {
    let server = try ScriptedServer(session: { connection in _ = connection.readLine() })
    let error = try await makeTransport().failure(
      of: TransportRequest(.post, url: Secret(server.url()), body: [UInt8](repeating: 1, count: 32 << 20)))
    #expect(error?.kind == .disconnected)
  }
}
