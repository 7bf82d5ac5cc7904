import CurlTransport
import QuotaCore
import TestSupport
import Testing

/// Something that goes wrong on the other side, and what has to come of it.
struct TransportFault: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let answer: ScriptedAnswer
  let kind: TransportError.Kind

  init(_ description: String, _ answer: ScriptedAnswer, is kind: TransportError.Kind) {
    testDescription = description
    self.answer = answer
    self.kind = kind
  }

  private static let head = "HTTP/1.1 200 OK\r\n"
  private static let chunked = head + "Transfer-Encoding: chunked\r\n\r\n"

  static let all = [
    TransportFault("no answer at all", .disconnect, is: .disconnected),
    TransportFault("half a status line", .raw("HTTP/1.1 2"), is: .disconnected),
    TransportFault("half of the headers", .raw(head + "X-Thing: o"), is: .disconnected),
    TransportFault(
      "a body shorter than its Content-Length", .raw(head + "Content-Length: 10\r\n\r\nhello"), is: .disconnected),
    TransportFault("no body for its Content-Length", .raw(head + "Content-Length: 10\r\n\r\n"), is: .disconnected),
    TransportFault("a body cut inside of a chunk", .raw(chunked + "10\r\nhello"), is: .disconnected),
    TransportFault("a body cut between chunks", .raw(chunked + "5\r\nhello\r\n"), is: .disconnected),
    TransportFault("a body cut before its last line", .raw(chunked + "5\r\nhello\r\n0\r\n"), is: .disconnected),
    TransportFault("a chunk without a size", .raw(chunked + "hello\r\n"), is: .disconnected),
    TransportFault("silence", .hang, is: .timeout),
    TransportFault(
      "a body that stops coming", ScriptedAnswer(.send(Array((head + "Content-Length: 9\r\n\r\nhe").utf8)), .hang),
      is: .timeout),
    TransportFault("garbage", .raw("this is no HTTP\r\nat all\r\n\r\n"), is: .protocolViolation),
    TransportFault(
      "binary garbage", ScriptedAnswer(.send([0, 1, 2, 0xFF, 0xFE, 10]), .disconnect), is: .protocolViolation),
    TransportFault(
      "a body that is not compressed as announced", .http(200, [("Content-Encoding", "gzip")], text: "not gzip"),
      is: .protocolViolation),
    TransportFault("a body over the limit", .http(text: String(repeating: "a", count: 20_000)), is: .tooLarge),
    TransportFault("a body without an end", .endlessBody(), is: .tooLarge),
    TransportFault("one huge header", .http(200, [("X-Huge", String(repeating: "a", count: 200_000))]), is: .tooLarge),
    TransportFault(
      "very many headers", .http(200, (0..<5_000).map { ("X-\($0)", "some more or less long text") }), is: .tooLarge),
    TransportFault(
      "1xx answers without an end", ScriptedAnswer(.sendForever(Array("HTTP/1.1 102 Processing\r\n\r\n".utf8))),
      is: .tooLarge),
  ]
}
