import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

@Suite("A message that is lost")
struct DeadLetterScenarios {
  private static let rules = #"""
    [{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80], "notify": ["ops"] },
     { "id": "dead-key", "type": "credential", "notify": ["other"] }]
    """#

  /// The service with Slack as `ops`, whose channel can be deleted, and webhooks under these names.
  private static func service(
    _ installation: Installation, organizations: [String] = ["acme"], rules: String = rules, slack: String = "",
    slackPath: String = "slack", hooks: [String: String] = ["other": "", "spare": ""], members: String = ""
  ) throws -> Setup {
    let base = installation.sandbox.baseURL
    let others = hooks.keys.sorted().map { name in
      #""\#(name)": { "type": "webhook", "url": "\#(base)/hooks/\#(name)", "secret": { "env": "HOOK_SECRET" }\#(hooks[name] ?? "") }"#
    }
    return try installation.service(
      organizations: organizations, members: members, rules: rules,
      notifiers:
        #"{ "ops": { "type": "slack", "url": { "env": "SLACK" }\#(slack) }, \#(others.joined(separator: ", ")) }"#,
      environment: ["SLACK": "\(base)/hooks/\(slackPath)"])
  }

  private static func collect(_ service: Setup, _ installation: Installation) async throws -> CollectReport {
    let report = try await service.collect(DeliveryScenarios.options(budget: 0))
    installation.advance(by: .seconds(900))
    return report
  }

  private static func told(_ installation: Installation, _ name: String) throws -> [String] {
    struct Body: Decodable {
      struct Content: Decodable {
        struct Named: Decodable { let id: String }
        let rule: Named?
        let organization: Named?
      }
      let type: String
      let data: Content
    }
    return try installation.sandbox.hooks.received(on: "/hooks/\(name)").map {
      let body = try JSONDecoder().decode(Body.self, from: Data($0.body))
      return [body.type, body.data.rule?.id, body.data.organization?.id].compactMap { $0 }.joined(separator: " ")
    }
  }

  private static func deleteSlack(_ installation: Installation) {
    installation.sandbox.hooks.plan(.status(410, body: "no_service"), on: "/hooks/slack")
    installation.sandbox.hooks.plan(.status(200, body: "ok"), on: "/hooks/new")
  }

  @Test("goes to the one who stands in, in the same run, and the others hear that it was lost")
  func fallback() async throws {
    try await Installation.run { installation in
      Self.deleteSlack(installation)
      installation.use(85)
      let report = try await Self.collect(
        Self.service(installation, slack: #", "fallback_notify": ["spare"]"#), installation)
      #expect(report.status == .undelivered)
      #expect(report.deadLetters.map(\.notifier.rawValue) == ["ops"])
      #expect(
        try Self.told(installation, "spare") == ["alert.firing pages-quota acme", "alert.firing undelivered"])
      #expect(try Self.told(installation, "other") == ["alert.firing undelivered"])
    }
  }

  @Test("is told in the same run by channels that were busy until then", arguments: 0..<12)
  func busyFallback(round: Int) async throws {
    try await Installation.run { installation in
      Self.deleteSlack(installation)
      let rules = Self.rules.replacing(#""notify": ["ops"]"#, with: #""notify": ["ops", "other", "spare"]"#)
      installation.use(85)
      _ = try await Self.collect(
        Self.service(installation, rules: rules, slack: #", "fallback_notify": ["spare"]"#), installation)
      for name in ["other", "spare"] {
        #expect(try Self.told(installation, name) == ["alert.firing pages-quota acme", "alert.firing undelivered"])
      }
    }
  }

  @Test("reaches the one who stands in while another channel gives no answer", .timeLimit(.minutes(1)))
  func fallbackBesideHanging() async throws {
    try await Installation.run { installation in
      let (sandbox, deadlines) = (installation.sandbox, installation.deadlines)
      Self.deleteSlack(installation)
      sandbox.hooks.plan(.hang, times: 1, on: "/hooks/other")
      let rules = Self.rules.replacing(#""notify": ["ops"]"#, with: #""notify": ["ops", "other"]"#)
      let service = try Self.service(installation, rules: rules, slack: #", "fallback_notify": ["spare"]"#)
      installation.use(85)
      async let run = service.collect(DeliveryScenarios.options())
      // Slack's refusal, the one without an answer, and two for who stands in.
      try await sandbox.hooks.received.wait(untilTotal: 4)
      #expect(
        try Self.told(installation, "spare") == ["alert.firing pages-quota acme", "alert.firing undelivered"])
      deadlines.pass()
      sandbox.hooks.releaseHanging()
      #expect(try await run.status == .undelivered)
    }
  }

  @Test("disables a channel that takes nothing more: it is not tried until its configuration is another")
  func disabled() async throws {
    try await Installation.run { installation in
      Self.deleteSlack(installation)
      installation.use(55)
      _ = try await Self.collect(Self.service(installation), installation)
      installation.use(85)
      _ = try await Self.collect(Self.service(installation), installation)
      #expect(installation.sandbox.hooks.received(on: "/hooks/slack").count == 1)
      #expect(try Self.told(installation, "other") == ["alert.firing undelivered", "alert.firing undelivered"])
      #expect(try await Self.service(installation).notifyList().notifiers.first?.health.disabled != nil)
      installation.use(10)
      _ = try await Self.collect(Self.service(installation, slackPath: "new"), installation)
      #expect(installation.sandbox.hooks.received(on: "/hooks/new").count == 1)
      #expect(
        try await Self.service(installation, slackPath: "new").notifyList().notifiers.first?.health.isSick == false)
    }
  }

  @Test("a test that arrives enables the channel again")
  func enabledByTest() async throws {
    try await Installation.run { installation in
      Self.deleteSlack(installation)
      installation.use(55)
      _ = try await Self.collect(Self.service(installation), installation)
      _ = try await Self.service(installation).notifyTest(["ops"])
      #expect(try await Self.service(installation).notifyList().notifiers.first?.health.disabled != nil)
      installation.sandbox.hooks.clearAnswers(on: "/hooks/slack")
      installation.sandbox.hooks.plan(.status(200, body: "ok"), on: "/hooks/slack")
      _ = try await Self.service(installation).notifyTest(["ops"])
      #expect(try await Self.service(installation).notifyList().notifiers.first?.health.disabled == nil)
      installation.use(85)
      let before = installation.sandbox.hooks.received(on: "/hooks/slack").count
      _ = try await Self.collect(Self.service(installation), installation)
      #expect(installation.sandbox.hooks.received(on: "/hooks/slack").count == before + 1)
    }
  }

  @Test("shows in the exit code for a day, and everywhere else until somebody dismisses it, by name")
  func visible() async throws {
    try await Installation.run { installation in
      Self.deleteSlack(installation)
      installation.use(85)
      _ = try await Self.collect(Self.service(installation), installation)
      let service = try Self.service(installation)
      #expect(try await Self.collect(service, installation).status == .undelivered)
      installation.advance(by: .seconds(86_400))
      installation.use(85)
      let later = try await Self.collect(service, installation)
      #expect(later.status == .success)
      #expect(later.deadLetters.count == 1)
      #expect(try await service.dismiss(["pages-quota/acme/2026-11/pages/80%/firing/1"], by: "kim") == 1)
      #expect(try await Self.collect(service, installation).deadLetters.isEmpty)
      #expect(try await service.notifyList().deliveries.isEmpty)
      #expect(try await service.notifyList(dead: true).deliveries.first?.dismissal?.by == "kim")
      await #expect(throws: ServiceError.self) { try await service.dismiss(["nothing"], by: "kim") }
    }
  }

  @Test("channels that are all dead do not tell each other for ever")
  func loop() async throws {
    try await Installation.run { installation in
      Self.deleteSlack(installation)
      installation.sandbox.hooks.plan(.status(410), on: "/hooks/other")
      installation.sandbox.hooks.plan(.status(410), on: "/hooks/spare")
      installation.use(85)
      let rules = Self.rules.replacing(#"["other"]"#, with: #"["other", "spare"]"#)
      for _ in 0..<3 {
        _ = try await Self.collect(
          Self.service(installation, rules: rules, slack: #", "fallback_notify": ["spare"]"#), installation)
      }
      #expect(installation.sandbox.hooks.received.total <= 8)
    }
  }

  @Test("a client's channel stands in for its own organization only")
  func privacy() async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      Self.deleteSlack(installation)
      installation.use(85, of: "acme")
      installation.use(85, of: "globex")
      let service = try Self.service(
        installation, organizations: ["acme", "globex"],
        slack: #", "fallback_notify": ["owned"], "organization": "acme""#,
        hooks: ["other": "", "spare": "", "owned": #", "organization": "acme""#])
      _ = try await Self.collect(service, installation)
      #expect(try Self.told(installation, "owned") == ["alert.firing pages-quota acme"])
    }
  }

  @Test(
    "who stands in is another notifier, in no circle, and no client of somebody else",
    arguments: [
      (#""a": {FALLBACK["a"]}"#, "a notifier cannot stand in for itself"),
      (#""a": {FALLBACK["b"]}, "b": {FALLBACK["c"]}, "c": {FALLBACK["a"]}"#, "goes round in a circle: a → b → c → a"),
      (#""a": {FALLBACK["x"]}"#, #"no notifier "x" is configured"#),
      (
        #""a": {FALLBACK["b"]}, "b": {FALLBACK[], "organization": "acme"}"#,
        #""b" belongs to acme and must not hear of others"#
      ),
    ])
  func configuration(notifiers: String, problem: String) throws {
    let settings = notifiers.replacing(
      "FALLBACK", with: #""type": "slack", "url": { "env": "U" }, "fallback_notify": "#)
    let text = """
      { "organizations": [{ "id": "acme", "api_key": { "env": "K" } }], "notifiers": { \(settings) } }
      """
    let error = #expect(throws: ServiceError.self) { try ConfigurationDecodingTests.decode(text) }
    #expect(error?.lines.contains { $0.contains(problem) } ?? false, "\(error?.lines ?? [])")
  }
}
