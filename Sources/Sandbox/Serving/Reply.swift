import Hummingbird

/// What a simulated server does with one request: an answer, or something that is none.
struct Reply: Sendable {
  /// How much of the answer goes out.
  enum Extent: Sendable {
    case whole
    /// The announced length is the whole body's, but the connection ends after half of it.
    case halfBody
    /// The connection ends before the first byte.
    case nothing
  }

  /// What happens before the answer.
  enum Pause: Sendable {
    case none
    case milliseconds(Int)
    /// Until the owner releases it.
    case gate(Gate.Ticket)
  }

  var status: Int
  var contentType = "application/json"
  var retryAfter: String?
  var body: String
  var extent = Extent.whole
  var pause = Pause.none

  /// Waits as this reply demands, and then is the response; throws where the connection is to end.
  func response(on context: SandboxContext) async throws -> Response {
    switch pause {
    case .none: break
    case .milliseconds(let count): try await Task.sleep(for: .milliseconds(count))
    case .gate(let ticket): try await ticket.wait()
    }
    var headers = HTTPFields()
    headers[.contentType] = contentType
    if let retryAfter { headers[.retryAfter] = retryAfter }
    let status = HTTPResponse.Status(code: min(max(status, 200), 599))
    let bytes = ByteBuffer(string: body)
    switch extent {
    case .whole:
      return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
    case .halfBody:
      let half = bytes.getSlice(at: 0, length: bytes.readableBytes / 2) ?? ByteBuffer()
      return Response(
        status: status, headers: headers,
        body: ResponseBody(contentLength: bytes.readableBytes) { writer in
          try await writer.write(half)
          throw Disconnection()
        })
    case .nothing:
      // Writing to the closed channel fails, which ends the connection's task.
      try await context.channel.close()
      return Response(status: status)
    }
  }
}

/// Ends a connection in the middle of a body.
private struct Disconnection: Error {}
