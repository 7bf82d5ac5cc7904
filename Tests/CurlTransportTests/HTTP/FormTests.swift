import CurlTransport
import Foundation
import QuotaCore
import Synchronization
import TestSupport
import Testing

@Suite("A form with a file", .timeLimit(.minutes(5)))
struct FormTests {
  /// A file of some bytes, removed after the body.
  private static func withFile(
    _ bytes: [UInt8], _ body: (String) async throws -> Void
  ) async throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "quotawatch-form-\(UUID())")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try await body(url.path)
  }

  @Test("arrives as it is on the disk, with its type and name, and tells of its progress")
  func upload() async throws {
    let server = try ScriptedServer(.http(202, text: "{}"))
    let contents = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let told = Mutex<[(Int64, Int64)]>([])
    try await Self.withFile(contents) { path in
      var request = TransportRequest(.post, url: Secret(server.url("/steps")))
      request.form = MultipartForm(parts: [
        .init(field: "image", content: .file(path: path, name: "in\"voice.pdf"), contentType: "application/pdf"),
        .init(field: "document_metadata", content: .text(#"{"batch":"ü7"}"#)),
      ]) { sent, total in told.withLock { $0.append((sent, total)) } }
      let answer = try await makeTransport().send(request)
      #expect(answer.status == 202)
    }
    let received = try #require(server.log.requests.first)
    let type = try #require(received.header("content-type"))
    let boundary = try #require(type.split(separator: "boundary=").last)
    #expect(type.hasPrefix("multipart/form-data; boundary="))
    #expect(received.header("expect") == nil)
    let head =
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"image\"; filename=\"in%22voice.pdf\"\r\n"
      + "Content-Type: application/pdf\r\n\r\n"
    let tail =
      "\r\n--\(boundary)\r\nContent-Disposition: form-data; name=\"document_metadata\"\r\n\r\n"
      + "{\"batch\":\"ü7\"}\r\n--\(boundary)--\r\n"
    #expect(received.body == Array(head.utf8) + contents + Array(tail.utf8))
    let progress = told.withLock { $0 }
    #expect(progress.last.map { $0 == $1 && $1 == Int64(received.body.count) } == true)
    #expect(zip(progress, progress.dropFirst()).allSatisfy { $0.0 <= $1.0 })
  }

  @Test("that cannot be read is refused before anything is sent")
  func missing() async throws {
    let server = try ScriptedServer(.http())
    var request = TransportRequest(.post, url: Secret(server.url()))
    request.form = MultipartForm(parts: [.init(field: "image", content: .file(path: "/no/such/file", name: "x"))])
    let transport = try makeTransport()
    #expect(await transport.failure(of: request)?.kind == .refused)
    #expect(server.log.requests.isEmpty)
  }

  @Test("has a type and a framing of its own, belongs to a POST and stands alone")
  func exclusive() async throws {
    let server = try ScriptedServer(.http())
    let form = MultipartForm(parts: [.init(field: "a", content: .text("b"))])
    let transport = try makeTransport()
    for request in [
      TransportRequest(.post, url: Secret(server.url()), headers: [.init("Content-Type", "text/plain")]),
      TransportRequest(.post, url: Secret(server.url()), body: [1]), TransportRequest(.get, url: Secret(server.url())),
    ] {
      var request = request
      request.form = form
      #expect(await transport.failure(of: request)?.kind == .refused)
    }
    #expect(server.log.connectionCount == 0)
  }

  @Test("leaves nothing behind for the next request")
  func nothingLeft() async throws {
    let server = try ScriptedServer(.http())
    let transport = try makeTransport()
    var request = TransportRequest(.post, url: Secret(server.url()))
    request.form = MultipartForm(parts: [.init(field: "a", content: .text("b"))])
    _ = try await transport.send(request)
    _ = try await transport.get(server.url("/next"))
    let next = try #require(server.log.requests.last)
    #expect(next.line == "GET /next HTTP/1.1")
    #expect(next.body.isEmpty)
    #expect(next.header("content-type") == nil)
  }
}
