import Foundation
import QuotaCore
import Sandbox
import Testing

@testable import QuotaService

@Suite("A channel that is out of order for a while")
struct OutageScenarios {
  private static let hook = "/hooks/ops"
  private static let rules = #"""
    [{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80, 100],
       "severity": { "default": "warning", "100%": "critical" }, "notify": ["hook"] }]
    """#

  private func run(
    _ installation: Installation, _ organizations: [String] = ["acme"], rules: String = rules,
    notifiers: String? = nil, budget: Double = 0
  ) async throws -> CollectReport {
    let service = try installation.service(organizations: organizations, rules: rules, notifiers: notifiers)
    let report = try await service.collect(DeliveryScenarios.options(budget: budget))
    installation.advance(by: .seconds(900))
    return report
  }

  private func told(_ installation: Installation, since count: Int = 0) throws -> [String] {
    try installation.webhooks.dropFirst(count).map { "\($0.type) \($0.data.organization.id) \($0.data.level ?? "")" }
  }

  @Test("gets one message in each run, the most urgent, and all of them in the first run in which it works")
  func outage() async throws {
    let all = ["acme", "globex", "initech"]
    try await Installation.run(all) { installation in
      installation.sandbox.hooks.plan(.status(503), on: Self.hook)
      installation.use(85, of: "acme")
      _ = try await run(installation, all)
      installation.use(55, of: "globex")
      installation.use(100, of: "initech")
      for _ in 0..<3 { _ = try await run(installation, all, budget: 30) }
      #expect(
        try told(installation) == ["alert.firing acme 80%"] + Array(repeating: "alert.firing initech 100%", count: 3))
      installation.sandbox.hooks.clearAnswers(on: Self.hook)
      let report = try await run(installation, all)
      #expect(report.summary.pending == 0)
      #expect(
        try told(installation, since: 4)
          == ["alert.firing initech 100%", "alert.firing acme 80%", "alert.firing globex 50%"])
    }
  }

  @Test(
    "levels that could not be told are not told after a higher one, which names all of them",
    arguments: [[85], [55, 85], [55, 60, 85]] as [[Int64]])
  func superseded(before: [Int64]) async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(500), on: Self.hook)
      for count in before + [100] {
        installation.use(count)
        _ = try await run(installation)
      }
      installation.sandbox.hooks.clearAnswers(on: Self.hook)
      _ = try await run(installation)
      let last = try #require(try installation.webhooks.last)
      #expect(last.summary == "alert.firing pages-quota acme 2026-11 100% [50% 80% 100%]")
      #expect(try installation.webhooks.count == before.count + 2)
      let why = try await installation.service(rules: Self.rules).why("acme", rule: nil)
      #expect(why.notices.map(\.notice.state).contains(.dropped(.superseded)))
    }
  }

  @Test("however many levels could not be told, each in a run of its own, the last message names all of them")
  func manyLevels() async throws {
    let rules = Self.rules.replacing("[50, 80, 100]", with: "[20, 40, 60, 80, 100]")
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(500), on: Self.hook)
      for count in [25, 45, 65, 85, 100] as [Int64] {
        installation.use(count)
        _ = try await run(installation, rules: rules)
      }
      installation.sandbox.hooks.clearAnswers(on: Self.hook)
      _ = try await run(installation, rules: rules)
      #expect(
        try installation.webhooks.last?.summary
          == "alert.firing pages-quota acme 2026-11 100% [20% 40% 60% 80% 100%]")
    }
  }

  /// A notifier that another one stands in for.
  private func notifiers(_ installation: Installation) -> String {
    let (url, secret) = ("\(installation.sandbox.baseURL)/hooks", #""secret": { "env": "HOOK_SECRET" }"#)
    return #"""
      { "hook": { "type": "webhook", "url": "\#(url)/ops", \#(secret), "fallback_notify": ["spare"] },
        "spare": { "type": "webhook", "url": "\#(url)/spare", \#(secret) } }
      """#
  }

  @Test("where somebody stands in, levels and reminders that take the place of others are given up with their age")
  func age() async throws {
    let rules = Self.rules.replacing(#""notify""#, with: #""remind_every": "1d", "notify""#)
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(500), on: Self.hook)
      for count in [55, 85, 100] as [Int64] {
        installation.use(count)
        _ = try await run(installation, notifiers: notifiers(installation))
        installation.advance(by: .seconds(40 * 3_600))
      }
      let letters = try await installation.service(rules: Self.rules).deadLetters()
      #expect(letters.map { $0.events.compactMap { $0.level?.description } } == [["50%", "80%", "100%"]])
      #expect(installation.sandbox.hooks.received(on: "/hooks/spare").count >= 1)
    }
    try await Installation.run { installation in
      installation.use(85)
      _ = try await run(installation, rules: rules)
      installation.sandbox.hooks.plan(.status(500), on: Self.hook)
      for _ in 0..<5 {
        installation.advance(by: .seconds(24 * 3_600))
        installation.use(85)
        _ = try await run(installation, rules: rules, notifiers: notifiers(installation))
      }
      let letters = try await installation.service(rules: rules).deadLetters()
      #expect(letters.flatMap(\.events).map(\.transition) == [.reminder])
    }
  }

  @Test("where nobody stands in, what is new is tried for as long as anything is, and an end always is")
  func ageOfNews() async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(500), on: Self.hook)
      for count in [55, 85, 100] as [Int64] {
        installation.use(count)
        _ = try await run(installation)
        installation.advance(by: .seconds(40 * 3_600))
      }
      #expect(try await installation.service(rules: Self.rules).deadLetters().isEmpty)
    }
    let rules = Self.rules.replacing(#""notify""#, with: #""remind_every": "1d", "notify""#)
    try await Installation.run { installation in
      installation.use(85)
      _ = try await run(installation, rules: rules, notifiers: notifiers(installation))
      installation.sandbox.hooks.plan(.status(500), on: Self.hook)
      for count in [85, 85, 85, 10] as [Int64] {
        installation.advance(by: .seconds(24 * 3_600))
        installation.use(count)
        _ = try await run(installation, rules: rules, notifiers: notifiers(installation))
      }
      _ = try await run(installation, rules: rules, notifiers: notifiers(installation))
      #expect(try await installation.service(rules: rules).deadLetters().isEmpty)
      installation.sandbox.hooks.clearAnswers(on: Self.hook)
      installation.advance(by: .seconds(24 * 3_600))
      _ = try await run(installation, rules: rules, notifiers: notifiers(installation))
      #expect(try installation.webhooks.last?.type == "alert.resolved")
    }
  }

  @Test("what fired and ended before anything was sent of it is not told at all")
  func neverAttempted() async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      installation.sandbox.hooks.plan(.status(500), on: Self.hook)
      installation.use(100, of: "globex")
      _ = try await run(installation, ["acme", "globex"])
      installation.use(85, of: "acme")
      _ = try await run(installation, ["acme", "globex"])
      installation.use(10, of: "acme")
      _ = try await run(installation, ["acme", "globex"])
      installation.sandbox.hooks.clearAnswers(on: Self.hook)
      _ = try await run(installation, ["acme", "globex"])
      #expect(try Set(told(installation)) == ["alert.firing globex 100%"])
    }
  }

  @Test("one reminder waits, however many were due, and none of what is still to be told")
  func reminders() async throws {
    let rules = Self.rules.replacing(#""notify""#, with: #""remind_every": "1h", "notify""#)
    try await Installation.run { installation in
      installation.use(85)
      _ = try await run(installation, rules: rules)
      installation.sandbox.hooks.plan(.status(500), on: Self.hook)
      for _ in 0..<20 {
        _ = try await run(installation, rules: rules)
        installation.use(85)
      }
      installation.sandbox.hooks.clearAnswers(on: Self.hook)
      let before = try installation.webhooks.count
      _ = try await run(installation, rules: rules)
      #expect(try told(installation, since: before) == ["alert.reminder acme 80%"])
    }
  }

  @Test("of many reminders in one message that was refused, none is sent after a newer one or an end")
  func groupedReminders() async throws {
    let all = ["acme", "globex", "hooli", "initech", "umbrella"]
    let rules = Self.rules.replacing(#""notify""#, with: #""remind_every": "1h", "notify""#)
    try await Installation.run(all) { installation in
      for name in all { installation.use(85, of: name) }
      _ = try await run(installation, all, rules: rules)
      installation.sandbox.hooks.plan(.status(503), on: Self.hook)
      for _ in 0..<10 { _ = try await run(installation, all, rules: rules) }
      installation.use(100, of: "acme")
      _ = try await run(installation, all, rules: rules)
      installation.use(60, of: "globex")
      _ = try await run(installation, all, rules: rules)
      installation.sandbox.hooks.clearAnswers(on: Self.hook)
      let before = installation.sandbox.hooks.received(on: Self.hook).count
      _ = try await run(installation, all, rules: rules)
      let events = try events(installation, since: before).flatMap(\.self)
      #expect(
        events.sorted() == [
          "alert.firing pages-quota acme 2026-11 100% [100%]",
          "alert.reminder pages-quota globex 2026-11 50% [50%]",
          "alert.reminder pages-quota hooli 2026-11 80% [50% 80%]",
          "alert.reminder pages-quota initech 2026-11 80% [50% 80%]",
          "alert.reminder pages-quota umbrella 2026-11 80% [50% 80%]",
          "alert.resolved pages-quota globex 2026-11 80% [80%]",
        ])
    }
  }

  @Test("what is urgent by now is not held up by a message of several that is refused, nor told together with its rest")
  func partlySuperseded() async throws {
    let all = ["acme", "globex", "hooli", "initech", "umbrella"]
    try await Installation.run(all) { installation in
      installation.sandbox.hooks.plan(.status(500), on: Self.hook)
      for name in all { installation.use(85, of: name) }
      _ = try await run(installation, all)
      installation.use(100, of: "acme")
      let before = installation.sandbox.hooks.received(on: Self.hook).count
      _ = try await run(installation, all)
      #expect(
        try events(installation, since: before).first == ["alert.firing pages-quota acme 2026-11 100% [50% 80% 100%]"])
      installation.sandbox.hooks.clearAnswers(on: Self.hook)
      let healed = installation.sandbox.hooks.received(on: Self.hook).count
      _ = try await run(installation, all)
      let told = try events(installation, since: healed)
      #expect(told.flatMap(\.self).count == all.count)
      #expect(told.contains(["alert.firing pages-quota acme 2026-11 100% [50% 80% 100%]"]))
    }
  }

  /// The events that messages tell, by message.
  private func events(_ installation: Installation, since count: Int) throws -> [[String]] {
    try installation.sandbox.hooks.received(on: Self.hook).dropFirst(count).map { hook in
      let body = Data(hook.body)
      let group = try? JSONDecoder().decode(GroupBody.self, from: body)
      return try (group?.data.events ?? [JSONDecoder().decode(WebhookBody.self, from: body)]).map(\.summary)
    }
  }

  @Test(
    "the end of a firing that was refused is not told when the next firing takes its place", arguments: [10, 60])
  func endOfSuperseded(between: Int64) async throws {
    try await Installation.run { installation in
      installation.sandbox.hooks.plan(.status(500), on: Self.hook)
      installation.use(85)
      _ = try await run(installation)
      installation.use(between)
      for _ in 0..<6 { _ = try await run(installation) }
      installation.use(86)
      for _ in 0..<2 { _ = try await run(installation) }
      installation.sandbox.hooks.clearAnswers(on: Self.hook)
      let before = try installation.webhooks.count
      for _ in 0..<2 { _ = try await run(installation) }
      #expect(try told(installation, since: before) == ["alert.firing acme 80%"])
    }
  }

  @Test("what waits for a channel of another type is composed anew, and of another address keeps its id and bytes")
  func reconfigured() async throws {
    try await Installation.run { installation in
      let (base, hooks) = (installation.sandbox.baseURL, installation.sandbox.hooks)
      func collect(_ settings: String) async throws {
        let service = try installation.service(
          rules: Self.rules, notifiers: #"{ "hook": { \#(settings) } }"#,
          environment: ["MATTERMOST": "\(base)/hooks/chat"])
        _ = try await service.collect(DeliveryScenarios.options(budget: 0))
        installation.advance(by: .seconds(900))
      }
      func webhook(_ name: String) -> String {
        #""type": "webhook", "url": "\#(base)/hooks/\#(name)", "secret": { "env": "HOOK_SECRET" }"#
      }
      hooks.plan(.status(500), on: Self.hook)
      hooks.plan(.status(500), on: "/hooks/other")
      installation.use(85)
      try await collect(webhook("ops"))
      try await collect(webhook("other"))
      let (first, second) = (
        try #require(hooks.received(on: Self.hook).first), try #require(hooks.received(on: "/hooks/other").first)
      )
      #expect(first.body == second.body)
      #expect(first.header("webhook-id") == second.header("webhook-id"))
      try await collect(#""type": "mattermost", "url": { "env": "MATTERMOST" }"#)
      let chat = hooks.received(on: "/hooks/chat")
      #expect(chat.count == 1)
      #expect(
        chat.first.map { $0.body != first.body && String(decoding: $0.body, as: UTF8.self).contains("85 %") } ?? false)
    }
  }

  @Test("an id belongs to one message: another notifier's and another installation's have others")
  func identities() async throws {
    let all = ["a", "b", "c", "d", "e"]
    func ids(at start: String) async throws -> [String] {
      try await Installation.run(all, at: start) { installation in
        let base = installation.sandbox.baseURL
        func hook(_ name: String) -> String {
          #""\#(name)": { "type": "webhook", "url": "\#(base)/hooks/\#(name)", "secret": { "env": "HOOK_SECRET" } }"#
        }
        let rules = Self.rules.replacing(#"["hook"]"#, with: #"["ops", "sales"]"#)
        for id in all { installation.use(85, of: id) }
        let service = try installation.service(
          organizations: all, rules: rules, notifiers: "{ \(hook("ops")), \(hook("sales")) }")
        _ = try await service.collect(DeliveryScenarios.options())
        return installation.sandbox.hooks.received.entries.compactMap { $0.header("webhook-id") }
      }
    }
    let (first, second) = (
      try await ids(at: "2026-11-10T12:00:00Z"), try await ids(at: "2026-11-10T12:00:00Z")
    )
    #expect(first.count == 2 && second.count == 2)
    #expect(Set(first + second).count == 4)
  }
}

/// What a receiver reads of a group.
private struct GroupBody: Decodable {
  struct Content: Decodable {
    let events: [WebhookBody]
  }

  let data: Content
}
