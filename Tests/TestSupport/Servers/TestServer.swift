package import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
package import WebServer

/// A server's routes, asked without a network.
package struct TestServer: Sendable {
  private let responder: RouterResponder<ServerContext>
  /// Every method and path that the server knows, such as `GET /metrics`.
  package let routes: [String]

  package init(_ routes: [any ServerRoutes]) {
    let server = WebServer(routes: routes, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let router = server.router()
    self.routes = router.routes.map { "\($0.method) \($0.path)" }
    responder = router.buildResponder()
  }

  /// What an answer says.
  package struct Answer: Sendable {
    package let status: Int
    package let headers: HTTPFields
    package let bytes: [UInt8]

    package var body: String { String(decoding: bytes, as: UTF8.self) }

    package func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
  }

  /// - Parameters:
  ///   - peer: the address that the request comes from.
  ///   - body: what is sent along.
  package func ask(
    _ method: HTTPRequest.Method = .get, _ path: String, _ headers: [String: String] = [:],
    from peer: String = "127.0.0.1",
    host: String = "localhost", body text: String = ""
  ) async throws -> Answer {
    let channel = EmbeddedChannel()
    channel.remoteAddress = try SocketAddress(ipAddress: peer, port: 9)
    var head = HTTPRequest(method: method, scheme: "http", authority: host, path: path)
    for (name, value) in headers { if let name = HTTPField.Name(name) { head.headerFields[name] = value } }
    let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: text)))
    let context = ServerContext(
      source: ApplicationRequestContextSource(
        channel: channel, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    let response = try await responder.respond(to: request, context: context)
    let writer = CollectedBody(endsEarly: response.headers[.contentType] == "text/event-stream")
    do { try await response.body.write(writer) } catch is CollectedBody.Enough {}
    return Answer(status: response.status.code, headers: response.headers, bytes: writer.bytes)
  }
}

/// Keeps what a response writes.
private final class CollectedBody: ResponseBodyWriter {
  /// There is enough of an answer that goes on for ever.
  struct Enough: Error {}

  private let endsEarly: Bool
  private var buffer = ByteBuffer()

  init(endsEarly: Bool) { self.endsEarly = endsEarly }

  var bytes: [UInt8] { Array(buffer.readableBytesView) }

  func write(_ buffer: ByteBuffer) async throws {
    self.buffer.writeImmutableBuffer(buffer)
    if endsEarly { throw Enough() }
  }
  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
