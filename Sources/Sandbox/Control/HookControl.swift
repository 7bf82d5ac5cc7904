import FoundationEssentials
import Hummingbird
import QuotaCore

/// `/sandbox/hooks`: which webhooks arrived, and how they are answered.
extension Control {
  private struct Listing: Encodable {
    let total: Int
    /// The latest, newest last.
    let hooks: [Entry]
  }

  private struct Entry: Encodable {
    let method: String
    let path: String
    let query: String?
    let headers: [String: String]
    /// As text; bytes that are not UTF-8 become `�`.
    let body: String
    let receivedAt: Date
  }

  private struct PlannedAnswer {
    let path: String
    let answer: HookAnswer
    let times: Int?
  }

  private enum AnswerName: String, CaseIterable {
    case status
    case hang
    case delay
    case disconnect
  }

  func registerHooks(on router: Router<SandboxContext>) {
    router.get("/sandbox/hooks") { _, _ in
      let received = hooks.received
      return try ControlExchange.answer(
        Listing(total: received.total, hooks: received.entries.suffix(Self.listed).map(entry)))
    }
    router.post("/sandbox/hooks") { request, _ in
      try await ControlExchange.take(request, plannedAnswer) { plan in
        hooks.plan(plan.answer, times: plan.times, on: plan.path)
        return Done()
      }
    }
    router.delete("/sandbox/hooks") { _, _ in
      hooks.clearAnswers()
      hooks.releaseHanging()
      hooks.received.clear()
      return try ControlExchange.answer(Done())
    }
  }

  private func plannedAnswer(_ object: inout ConfigurationObject) -> PlannedAnswer? {
    let path = object.required("path")?.string()
    let times = object.optional("times").map { $0.integer(in: 1...1_000_000_000) }
    guard let name = object.required("answer")?.choice(of: AnswerName.self) else {
      object.expectEverything()
      return nil
    }
    let answer: HookAnswer
    switch name {
    case .status:
      guard let status = object.required("status")?.integer(in: 200...599) else { return nil }
      let body = object.optional("body").map { $0.string() }
      let retryAfter = object.optional("retry_after").map { $0.string() }
      answer = .status(Int(status), body: (body ?? nil) ?? "", retryAfter: retryAfter ?? nil)
    case .delay:
      guard let milliseconds = object.required("milliseconds")?.integer(in: 0...3_600_000) else { return nil }
      answer = .delay(milliseconds: Int(milliseconds))
    case .hang: answer = .hang
    case .disconnect: answer = .disconnect
    }
    guard let path else { return nil }
    guard path.hasPrefix("/hooks/") || path.hasPrefix("/slack/") else {
      object.node.report("\"path\" has to begin with /hooks/ or /slack/")
      return nil
    }
    return PlannedAnswer(path: path, answer: answer, times: (times ?? nil).map { Int($0) })
  }

  private func entry(_ hook: ReceivedHook) -> Entry {
    // What authorizes a request is not shown again.
    let shown = hook.headers.map { ($0.name, $0.name == "authorization" ? Secret($0.value).description : $0.value) }
    return Entry(
      method: hook.method, path: hook.path, query: hook.query,
      headers: Dictionary(shown) { "\($0), \($1)" }, body: String(decoding: hook.body, as: UTF8.self),
      receivedAt: hook.receivedAt)
  }
}
