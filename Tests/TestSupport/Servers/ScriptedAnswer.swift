/// A request that a ``ScriptedServer`` has received.
package struct ReceivedRequest: Sendable {
  /// Such as `GET /api/usage HTTP/1.1`.
  package let line: String
  /// Names in lower case.
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]
  /// Which connection it came over, from 1.
  package let connection: Int

  /// The part of the request line between the spaces.
  package var target: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

  /// The first value of a header, by its name in lower case.
  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// What a ``ScriptedServer`` does to answer a request.
package struct ScriptedAnswer: Sendable {
  package enum Step: Sendable {
    case send([UInt8])
    /// Until the other side has gone.
    case sendForever([UInt8])
    /// Until ``ScriptedServer/release()``, or until the other side has gone.
    case hang
    case disconnect
  }

  package var steps: [Step]

  package init(_ steps: Step...) {
    self.steps = steps
  }

  /// A whole answer, with its `Content-Length`.
  package static func http(
    _ status: Int = 200, _ headers: [(name: String, value: String)] = [], body: [UInt8] = []
  ) -> ScriptedAnswer {
    let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    return ScriptedAnswer(
      .send(Array("HTTP/1.1 \(status) Status\r\nContent-Length: \(body.count)\r\n\(lines)\r\n".utf8) + body))
  }

  /// The same with a text as its body.
  package static func http(
    _ status: Int = 200, _ headers: [(name: String, value: String)] = [], text: String
  ) -> ScriptedAnswer {
    http(status, headers, body: Array(text.utf8))
  }

  /// Bytes as they stand, after which the connection ends.
  package static func raw(_ text: String) -> ScriptedAnswer { ScriptedAnswer(.send(Array(text.utf8)), .disconnect) }

  package static let hang = ScriptedAnswer(.hang, .disconnect)
  package static let disconnect = ScriptedAnswer(.disconnect)

  /// A chunked body without an end, of so many bytes in a chunk.
  package static func endlessBody(chunk size: Int = 4_096) -> ScriptedAnswer {
    let chunk = Array("\(String(size, radix: 16))\r\n".utf8) + [UInt8](repeating: 0x61, count: size) + [0x0D, 0x0A]
    return ScriptedAnswer(
      .send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)), .sendForever(chunk), .disconnect)
  }
}
