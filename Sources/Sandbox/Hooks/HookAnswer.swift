/// What a ``WebhookSink`` can be told to answer.
package enum HookAnswer: Hashable, Sendable {
  /// - Parameters:
  ///   - body: plain text.
  ///   - retryAfter: the header's value, if there is to be one.
  case status(Int, body: String = "", retryAfter: String? = nil)
  /// No answer until ``WebhookSink/releaseHanging()``, then the usual one.
  case hang
  /// The usual answer, late.
  case delay(milliseconds: Int)
  /// The connection ends without an answer.
  case disconnect

  func changing(_ usual: Reply, gate: Gate) -> Reply {
    var reply = usual
    switch self {
    case .status(let status, let body, let retryAfter):
      reply = Reply(
        status: status, contentType: "text/plain; charset=utf-8", retryAfter: retryAfter, body: body)
    case .hang: reply.pause = .gate(gate.ticket())
    case .delay(let milliseconds): reply.pause = .milliseconds(milliseconds)
    case .disconnect: reply.extent = .nothing
    }
    return reply
  }
}
