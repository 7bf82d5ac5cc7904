import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

@Suite("Deliveries that fail")
struct DeliveryScenarios {
  static func options(budget: Double = 30) -> CollectUsage.Options {
    var options = CollectUsage.Options()
    options.deliveryBudget = budget
    return options
  }

  @Test("a retry within the budget carries the same id and the same bytes, with a timestamp of its own")
  func retry() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(500, body: "oops"), times: 1, on: "/hooks/ops")
      installation.use(85)
      let report = try await installation.service().collect(Self.options())
      #expect(report.status == .success)
      let received = installation.sandbox.hooks.received(on: "/hooks/ops")
      try #require(received.count == 2)
      #expect(received[0].body == received[1].body)
      #expect(received[0].header("webhook-id") == received[1].header("webhook-id"))
      #expect(received[0].header("webhook-timestamp") != received[1].header("webhook-timestamp"))
    }
  }

  @Test("what does not fit into the budget is left to the next run")
  func nextRun() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(500), times: 2, on: "/hooks/ops")
      installation.use(85)
      let first = try await installation.service().collect(Self.options())
      #expect(first.status == .undelivered)
      #expect(first.summary.pending == 1)
      installation.advance(by: .seconds(300))
      let second = try await installation.service().collect(Self.options())
      #expect(second.status == .success)
      #expect(second.summary.delivered == 1)
      #expect(Set(installation.sandbox.hooks.received.entries.map(\.body)).count == 1)
    }
  }

  @Test("a channel that gives no answer is left when the budget is spent, and is tried again from then on")
  func hanging() async throws {
    try await Installation.run { installation in
      let (service, hooks) = (try installation.service(), installation.sandbox.hooks)
      hooks.plan(.hang, times: 1, on: "/hooks/ops")
      installation.use(85)
      let before = installation.clock.date
      async let run = service.collect(Self.options())
      try await hooks.received.wait(untilTotal: 1)
      // By the clock on the wall the attempt takes an hour.
      installation.advance(by: .seconds(3_600))
      installation.deadlines.pass()
      #expect(try await run.status == .undelivered)
      installation.deadlines.reset()
      let waiting = try #require(try await service.notifyList().deliveries.first)
      #expect(waiting.attempts == 1)
      #expect(waiting.lastAnswer?.contains("broken off") == true)
      #expect(try #require(waiting.lastAttemptAt) >= before + .hours(1))
      hooks.releaseHanging()
      installation.advance(by: .seconds(10))
      #expect(try await service.collect(Self.options(budget: 3)).status == .success)
      let received = hooks.received(on: "/hooks/ops")
      #expect(received.count == 2)
      #expect(Set(received.map { $0.header("webhook-id") }).count == 1)
    }
  }

  @Test("410 makes a dead letter, which can be seen and replayed with the same bytes")
  func deadLetter() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(410), times: 1, on: "/hooks/ops")
      installation.use(85)
      let report = try await installation.service().collect(Self.options())
      #expect(report.status == .undelivered)
      #expect(report.summary.dead == 1)
      #expect(try await installation.service().notifyList().deliveries.map(\.status) == [.dead])
      let retried = try await installation.service().notifyRetry(event: nil, budget: 3)
      #expect(retried.queued == 1)
      #expect(retried.count?.delivered == 1)
      #expect(Set(installation.sandbox.hooks.received.entries.map(\.body)).count == 1)
    }
  }

  @Test("a dead letter of what was told as over meanwhile is put away and not sent: it would be the last word")
  func overMeanwhile() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(410), times: 1, on: "/hooks/ops")
      installation.use(85)
      _ = try await installation.service().collect(Self.options())
      _ = try await installation.service().notifyTest([])
      installation.advance(by: .seconds(7_200))
      installation.use(10)
      #expect(try await installation.service().collect(Self.options()).summary.delivered == 1)
      let retried = try await installation.service().notifyRetry(event: nil, budget: 3)
      #expect(retried.queued == 0 && retried.over == 1 && retried.count?.delivered == 0)
      #expect(try installation.webhooks.last?.summary.hasPrefix("alert.resolved") == true)
      #expect(try await installation.service().deadLetters().isEmpty)
      // What fires again is another story.
      installation.advance(by: .seconds(7_200))
      installation.sandbox.hooks.plan(.status(410), times: 1, on: "/hooks/ops")
      installation.use(90)
      _ = try await installation.service().collect(Self.options())
      #expect(try await installation.service().notifyRetry(event: nil, budget: 3).queued == 1)
      #expect(try installation.webhooks.last?.summary.hasPrefix("alert.firing") == true)
    }
  }

  @Test("a group that is too large for one message is queued as several, each with its own events")
  func parts() async throws {
    let organizations = (0..<120).map { "org\($0)" }
    try await Installation.run(organizations) { installation in
      for organization in organizations { installation.use(85, of: organization) }
      let report = try await installation.service(organizations: organizations).collect(Self.options())
      #expect(report.status == .success)
      let hooks = installation.sandbox.hooks.received(on: "/hooks/ops")
      #expect(hooks.count > 2)
      #expect(report.summary.delivered == hooks.count)
      #expect(hooks.allSatisfy { $0.body.count <= 20_000 })
      let bodies = try hooks.map { try JSONParser.parse($0.body) }
      #expect(bodies.map { $0["data"]?["part"]?.value } == hooks.indices.map { .number("\($0 + 1)") })
      let events = bodies.flatMap { body -> [String] in
        guard case .array(let events)? = body["data"]?["events"]?.value else { return [] }
        return events.compactMap { $0["data"]?["event_id"]?.string }
      }
      #expect(events.count == 120)
      #expect(Set(events).count == 120)
    }
  }

  @Test("a 2xx of a service that is no delivery is a failure, and an unusual one is told with a remark")
  func remarks() async throws {
    try await Installation.run { installation in
      let slack = #"{ "slack": { "type": "slack", "url": { "env": "SLACK" } } }"#
      let rules =
        #"[{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50], "notify": ["slack"] }]"#
      func service() throws -> Setup {
        try installation.service(
          rules: rules, notifiers: slack, environment: ["SLACK": "\(installation.sandbox.baseURL)/slack/alerts"])
      }
      installation.sandbox.hooks.plan(.status(200, body: "<html>Please log in</html>"), times: 1, on: "/slack/alerts")
      installation.sandbox.hooks.plan(.status(200, body: "thanks"), times: 1, on: "/slack/alerts")
      installation.use(85)
      let first = try await service().collect(Self.options(budget: 0))
      #expect(first.summary.delivered == 0)
      #expect(try await service().notifyList().deliveries.first?.lastAnswer?.contains("an HTML page") == true)
      installation.advance(by: .seconds(10))
      let second = try await service().collect(Self.options())
      #expect(second.summary.delivered == 1)
      let remark = "Slack usually answers \"ok\": look whether it has arrived"
      #expect(try await service().why("acme", rule: nil).notices.compactMap(\.delivery?.remark) == [remark])
      #expect(try await service().notifyList().notifiers.map(\.lastDelivered?.remark) == [remark])
    }
  }

  @Test("a failing channel is tried once in each run, and what it has not taken for three days becomes a dead letter")
  func exhaustion() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(503), on: "/hooks/ops")
      installation.use(85)
      for _ in 0..<20 {
        _ = try await installation.service().collect(Self.options(budget: 3))
        installation.advance(by: .seconds(6 * 3_600))
        installation.use(85)
      }
      #expect(installation.sandbox.hooks.received.total == 13)
      #expect(try await installation.service().notifyList().deliveries.map(\.status) == [.dead])
    }
  }

  @Test("Retry-After is obeyed when it is longer than the schedule")
  func retryAfter() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(429, retryAfter: "1800"), times: 1, on: "/hooks/ops")
      installation.use(85)
      _ = try await installation.service().collect(Self.options())
      installation.advance(by: .seconds(1_700))
      _ = try await installation.service().collect(Self.options(budget: 3))
      #expect(installation.sandbox.hooks.received.total == 1)
      #expect(try await installation.service().why("acme", rule: nil).notices.first?.restsUntil != nil)
      installation.advance(by: .seconds(200))
      _ = try await installation.service().collect(Self.options(budget: 3))
      #expect(installation.sandbox.hooks.received.total == 2)
    }
  }

  @Test("Retry-After is the word of one address: another one is tried at once")
  func retryAfterElsewhere() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(429, retryAfter: "86400"), times: 1, on: "/hooks/ops")
      installation.use(85)
      _ = try await installation.service().collect(Self.options(budget: 3))
      let hook =
        #""type": "webhook", "url": "\#(installation.sandbox.baseURL)/hooks/new", "secret": { "env": "HOOK_SECRET" }"#
      _ = try await installation.service(notifiers: "{ \"hook\": { \(hook) } }").collect(Self.options(budget: 3))
      #expect(installation.sandbox.hooks.received(on: "/hooks/ops").count == 1)
      #expect(installation.sandbox.hooks.received(on: "/hooks/new").count == 1)
    }
  }

  @Test("a test of a channel that gives no answer is broken off", .timeLimit(.minutes(1)))
  func hangingTest() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.hang, times: 1, on: "/hooks/ops")
      let service = try installation.service()
      async let results = service.notifyTest([])
      try await installation.sandbox.hooks.received.wait(untilTotal: 1)
      installation.deadlines.pass()
      #expect(
        try await results.map(\.outcome)
          == [.unknown(reason: "broken off: there was no answer before a minute was over")])
      installation.sandbox.hooks.releaseHanging()
    }
  }

  @Test("a dead channel does not hold up the others")
  func isolation() async throws {
    try await Installation.run { installation in
      let notifiers = """
        { "hook": { "type": "webhook", "url": "\(installation.sandbox.baseURL)/hooks/ops", "secret": { "env": "HOOK_SECRET" } },
          "dead": { "type": "webhook", "url": "http://127.0.0.1:1/", "secret": { "env": "HOOK_SECRET" } } }
        """
      let rules =
        #"[{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50], "notify": ["dead", "hook"] }]"#
      installation.use(85)
      let report = try await installation.service(rules: rules, notifiers: notifiers).collect(Self.options())
      #expect(report.summary.delivered == 1)
      #expect(report.summary.pending == 1)
      #expect(installation.sandbox.hooks.received.total == 1)
    }
  }

  @Test("a resolution waits for the firing that it resolves")
  func order() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(500), times: 1, on: "/hooks/ops")
      installation.use(85)
      _ = try await installation.service().collect(Self.options(budget: 3))
      installation.use(10)
      _ = try await installation.service().collect(Self.options(budget: 3))
      #expect(try installation.webhooks.map(\.type) == ["alert.firing", "alert.firing", "alert.resolved"])
    }
  }

  @Test("what was not sent yet to a notifier that is renamed goes to whoever hears of it today, if it still fires")
  func renamedNotifier() async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      func service(_ name: String, _ policy: String = "") throws -> Setup {
        let hook =
          #""type": "webhook", "url": "\#(installation.sandbox.baseURL)/hooks/ops", "secret": { "env": "HOOK_SECRET" }"#
        return try installation.service(
          organizations: ["acme", "globex"],
          rules: #"""
            [{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50], "notify": ["\#(name)"] }]
            """#, notifiers: #"{ "\#(name)": { \#(hook)\#(policy) } }"#)
      }
      for id in ["acme", "globex"] { installation.use(85, of: id) }
      // All of it is held for a digest.
      _ = try await service("old", #", "digest": { "at": "03:00" }"#).collect(Self.options(budget: 3))
      #expect(try installation.webhooks.isEmpty)
      installation.use(10, of: "globex")
      for _ in 0..<2 { _ = try await service("new").collect(Self.options(budget: 3)) }
      #expect(try installation.webhooks.map(\.data.organization.id) == ["acme"])
    }
  }

  /// A dead letter of a notifier, and a configuration that names another one in its place.
  private static func replaced(_ installation: Installation) async throws -> Setup {
    installation.sandbox.hooks.plan(.status(410), times: 1, on: "/hooks/ops")
    installation.use(85)
    _ = try await installation.service().collect(options(budget: 3))
    let other =
      #""type": "webhook", "url": "\#(installation.sandbox.baseURL)/hooks/other", "secret": { "env": "HOOK_SECRET" }"#
    return try installation.service(
      rules: #"""
        [{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80, 100], "notify": ["other"] }]
        """#, notifiers: #"{ "other": { \#(other) } }"#)
  }

  @Test("a dead letter of what is over, of a notifier that is not configured any more, is told nobody")
  func strandedLetter() async throws {
    try await Installation.run { installation in
      let service = try await Self.replaced(installation)
      installation.use(10)
      _ = try await service.collect(Self.options(budget: 3))
      let told = installation.sandbox.hooks.received.total
      for event in [nil, "pages-quota/acme/2026-11/pages/80%/firing/1"] {
        let retried = try await service.notifyRetry(event: event, budget: 3)
        #expect(retried.queued == 0 && retried.stranded == 1 && retried.count == DeliveryCount())
      }
      #expect(installation.sandbox.hooks.received.total == told)
      #expect(try await service.deadLetters().count == 1)
    }
  }

  @Test("a dead letter of a renamed notifier is given to its new name, and put away")
  func renamedLetter() async throws {
    try await Installation.run { installation in
      let service = try await Self.replaced(installation)
      let retried = try await service.notifyRetry(event: nil, budget: 3)
      #expect(retried.passedOn == 1 && retried.stranded == 0 && retried.count?.delivered == 1)
      let firings = try installation.sandbox.hooks.received(on: "/hooks/other").map {
        try JSONDecoder().decode(WebhookBody.self, from: Data($0.body)).type
      }
      #expect(firings == ["alert.firing"])
      #expect(try await service.deadLetters().isEmpty)
    }
  }

  @Test("what waits for a notifier that is not configured any more becomes a dead letter, counted once")
  func removedNotifier() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(500), times: 1, on: "/hooks/ops")
      installation.use(85)
      _ = try await installation.service().collect(Self.options(budget: 3))
      let rules = #"[{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50], "notify": [] }]"#
      let first = try await installation.service(rules: rules, notifiers: "{}").collect(Self.options())
      #expect(first.summary.dead == 1)
      #expect(first.status == .undelivered)
      let second = try await installation.service(rules: rules, notifiers: "{}").collect(Self.options())
      #expect(second.summary.dead == 0)
      #expect(second.status == .undelivered)
      #expect(try await installation.service().notifyRetry(event: nil, budget: 3).count?.delivered == 1)
    }
  }
}
