import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes
import Testing

@testable import WebServer

@Suite("A connection")
struct ConnectionDeadlinesTests {
  /// A connection whose time goes on when it is told to.
  private struct Connection {
    let channel: EmbeddedChannel

    init() throws {
      channel = EmbeddedChannel(handler: ConnectionDeadlines())
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// Bytes come that are no part of a request yet.
    func drip() { channel.pipeline.fireChannelReadComplete() }

    func receive(_ parts: HTTPRequestPart...) throws {
      for part in parts { try channel.writeInbound(part) }
      drip()
    }

    func pass(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

    /// The status that was answered, if one was.
    func status() throws -> Int? {
      while let part = try channel.readOutbound(as: HTTPResponsePart.self) {
        if case .head(let head) = part { return head.status.code }
      }
      return nil
    }
  }

  private static let head = HTTPRequestPart.head(
    HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/"))
  private static let byte = HTTPRequestPart.body(ByteBuffer(string: "x"))

  @Test("whose head trickles in is answered 408 and ended, however often something comes")
  func slowHead() throws {
    let connection = try Connection()
    for _ in 0..<9 {
      connection.drip()
      connection.pass(.seconds(1))
    }
    #expect(try connection.status() == nil)
    connection.drip()
    connection.pass(.seconds(1))
    #expect(try connection.status() == 408)
    connection.pass(ConnectionDeadlines.farewell)
    #expect(!connection.channel.isActive)
  }

  @Test("that is silent between two requests is left to others, and its next head has its own time")
  func silence() throws {
    let connection = try Connection()
    connection.pass(.minutes(5))
    #expect(connection.channel.isActive)
    try connection.receive(Self.head, .end(nil))
    connection.pass(.minutes(5))
    try connection.channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
    try connection.channel.writeOutbound(HTTPResponsePart.end(nil))
    #expect(try connection.status() == 200)
    connection.pass(.minutes(5))
    #expect(connection.channel.isActive)
    connection.drip()
    connection.pass(ConnectionDeadlines.head)
    #expect(try connection.status() == 408)
  }

  @Test("whose body trickles in ends, whether it was answered or not", arguments: [true, false])
  func slowBody(isAnswered: Bool) throws {
    let connection = try Connection()
    try connection.receive(Self.head)
    if isAnswered {
      try connection.channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
      try connection.channel.writeOutbound(HTTPResponsePart.end(nil))
    }
    for _ in 0..<39 {
      try connection.receive(Self.byte)
      connection.pass(.seconds(1))
    }
    #expect(connection.channel.isActive)
    connection.pass(.seconds(1))
    #expect(!connection.channel.isActive)
  }

  @Test("that does not take its answer ends, the later the longer the answer is", arguments: [0, 1 << 20])
  func slowReader(bytes: Int) throws {
    let connection = try Connection()
    try connection.receive(Self.head, .end(nil))
    // What is written and not flushed is not taken.
    connection.channel.write(HTTPResponsePart.head(HTTPResponse(status: .ok)), promise: nil)
    connection.channel.write(HTTPResponsePart.body(ByteBuffer(repeating: 0, count: bytes)), promise: nil)
    connection.channel.write(HTTPResponsePart.end(nil), promise: nil)
    connection.pass(.seconds(29 + Int64(bytes / ConnectionDeadlines.slowest)))
    #expect(connection.channel.isActive)
    connection.pass(.seconds(1))
    #expect(!connection.channel.isActive)
  }

  @Test(
    "that brings no request is told so, and ended",
    arguments: [(HTTPParserError.headerOverflow, 431), (.invalidMethod, 400), (.invalidVersion, 400)])
  func noRequest(error: HTTPParserError, status: Int) throws {
    let connection = try Connection()
    connection.channel.pipeline.fireErrorCaught(error)
    let part = try #require(try connection.channel.readOutbound(as: HTTPResponsePart.self))
    guard case .head(let head) = part else {
      Issue.record("\(part)")
      return
    }
    #expect(head.status.code == status)
    #expect(head.headerFields[.contentType] == "application/problem+json")
    #expect(head.headerFields[.xContentTypeOptions] == "nosniff")
    #expect(head.headerFields[.connection] == "close")
    connection.pass(ConnectionDeadlines.farewell)
    #expect(!connection.channel.isActive)
  }
}
