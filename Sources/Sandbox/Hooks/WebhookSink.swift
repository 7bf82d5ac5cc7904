import FoundationEssentials
import Hummingbird
import Synchronization

/// Receives what is sent to `/hooks/…` and `/slack/…`, by any method, and answers as it is told.
///
/// Without instructions it answers 200: below `/slack/` with the `ok` that Slack's incoming webhooks answer.
package final class WebhookSink: Sendable {
  /// What was received, and a way to wait for more.
  package let received: ArrivalLog<ReceivedHook>
  private let answers = Mutex<[String: [PlannedAnswer]]>([:])
  private let gate = Gate()

  private struct PlannedAnswer {
    let answer: HookAnswer
    /// Nil for always.
    var remaining: Int?
  }

  /// The largest body that is taken, in bytes; a larger one is answered with 413 and not recorded.
  package static let largestBody = 16 << 20

  init(remembering: Int) {
    received = ArrivalLog(capacity: remembering)
  }

  /// What was received on one path, oldest first.
  package func received(on path: String) -> [ReceivedHook] {
    received.entries.filter { $0.path == path }
  }

  /// Plans answers for a path such as `/hooks/ops`; they are used in the order in which they were planned.
  ///
  /// - Parameter times: for how many requests; nil for all, until ``clearAnswers(on:)``.
  package func plan(_ answer: HookAnswer, times: Int? = nil, on path: String) {
    if let times, times < 1 { return }
    answers.withLock { $0[path, default: []].append(PlannedAnswer(answer: answer, remaining: times)) }
  }

  /// Goes back to the usual answers on a path, or on all.
  package func clearAnswers(on path: String? = nil) {
    answers.withLock { answers in
      if let path { answers[path] = nil } else { answers = [:] }
    }
  }

  /// Answers every request that hangs.
  package func releaseHanging() {
    gate.open()
  }
}

extension WebhookSink {
  func register(on router: Router<SandboxContext>) {
    for root in ["/hooks/**", "/slack/**"] {
      for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
        router.on(RouterPath(root), method: method) { [self] request, context in
          try await receive(request).response(on: context)
        }
      }
    }
  }

  private func receive(_ request: Request) async throws -> Reply {
    let body = try await request.body.collect(upTo: Self.largestBody)
    let path = request.uri.path
    let usual =
      path.hasPrefix("/slack/")
      ? Reply(status: 200, contentType: "text/html", body: "ok")
      : Reply(status: 200, contentType: "text/plain; charset=utf-8", body: "received\n")
    let reply = nextAnswer(on: path)?.changing(usual, gate: gate) ?? usual
    received.append(
      ReceivedHook(
        method: request.method.rawValue, path: path, query: request.uri.query,
        headers: request.headers.map { ($0.name.canonicalName, $0.value) }, body: Array(body.readableBytesView),
        receivedAt: Date()))
    return reply
  }

  private func nextAnswer(on path: String) -> HookAnswer? {
    answers.withLock { answers in
      guard let first = answers[path]?.first else { return nil }
      if let remaining = first.remaining {
        answers[path]?[0].remaining = remaining - 1
        if remaining <= 1 { answers[path]?.removeFirst() }
      }
      return first.answer
    }
  }
}
