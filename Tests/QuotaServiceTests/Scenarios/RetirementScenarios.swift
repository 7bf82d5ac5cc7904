import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

@Suite("Scenarios: what is not watched any more")
struct RetirementScenarios {
  private static let pages =
    #"[{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80], "notify": ["hook", "pager"] }]"#

  /// A webhook, and an incident channel whose events are received at `/hooks/pager`.
  private static func notifiers(_ installation: Installation) -> String {
    let base = installation.sandbox.baseURL
    return """
      { "hook": { "type": "webhook", "url": "\(base)/hooks/ops", "secret": { "env": "HOOK_SECRET" } },
        "pager": { "type": "pagerduty", "url": "\(base)/hooks/pager", "routing_key": { "env": "PAGER_KEY" } } }
      """
  }

  private static func run(
    _ installation: Installation, organizations: [String] = ["acme"], quota: String = #"{ "pages": 100 }"#,
    rules: String = pages
  ) async throws {
    let service = try installation.service(
      organizations: organizations, quota: quota, rules: rules, notifiers: notifiers(installation),
      environment: ["PAGER_KEY": String(repeating: "k", count: 32)])
    #expect(try await service.collect(.init()).status == .success)
    installation.advance(by: .seconds(900))
  }

  /// `trigger`, `resolve`, … as the incident channel has received them.
  private static func incidents(_ installation: Installation) throws -> [String] {
    struct Body: Decodable { let event_action: String }
    return try installation.sandbox.hooks.received(on: "/hooks/pager").map {
      try JSONDecoder().decode(Body.self, from: Data($0.body)).event_action
    }
  }

  private static func statuses(_ installation: Installation) async throws -> Set<Alert.Status> {
    Set(try await installation.service().alerts(all: true).map(\.status))
  }

  private static func begin(_ installation: Installation, organizations: [String] = ["acme"]) async throws {
    installation.sandbox.hooks.plan(
      .status(202, body: #"{"status":"success","message":"Event processed","dedup_key":"x"}"#), on: "/hooks/pager")
    for id in organizations { installation.use(85, of: id) }
    try await run(installation, organizations: organizations)
  }

  @Test(
    "ends its incident and nothing else, and opens it again when the edit is taken back; other channels hear of neither",
    arguments: [
      "[]", pages.replacing(#""type""#, with: #""enabled": false, "type""#),
      pages.replacing(#""type""#, with: #""except": { "organizations": ["acme"] }, "type""#),
      pages.replacing("[50, 80]", with: "[99]"),
      pages.replacing(#""metric": "pages""#, with: #""metric": "conversions""#),
    ])
  func edited(rules: String) async throws {
    try await Installation.run { installation in
      try await Self.begin(installation)
      #expect(try Self.incidents(installation) == ["trigger"])
      for _ in 0..<2 { try await Self.run(installation, quota: #"{ "pages": 100, "conversions": 10 }"#, rules: rules) }
      #expect(try Self.incidents(installation) == ["trigger", "resolve"])
      #expect(try await Self.statuses(installation) == [.retired])
      for _ in 0..<2 { try await Self.run(installation) }
      #expect(try Self.incidents(installation) == ["trigger", "resolve", "trigger"])
      #expect(try await Self.statuses(installation) == [.firing])
      #expect(try installation.webhooks.map(\.type) == ["alert.firing"])
    }
  }

  @Test("a quota or an organization that is removed ends it too, and what is below when it comes back is resolved")
  func removed() async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      try await Self.begin(installation, organizations: ["acme", "globex"])
      try await Self.run(installation, organizations: ["acme", "globex"], quota: "{}")
      #expect(try Self.incidents(installation) == ["trigger", "trigger", "resolve", "resolve"])
      try await Self.run(installation, organizations: ["acme", "globex"])
      try await Self.run(installation, organizations: ["globex"])
      #expect(try Self.incidents(installation).dropFirst(4) == ["trigger", "trigger", "resolve"])
      installation.use(10, of: "acme")
      try await Self.run(installation, organizations: ["acme", "globex"])
      #expect(try installation.webhooks.map(\.type) == ["alert.firing", "alert.firing", "alert.resolved"])
    }
  }

  @Test("one level that is removed leaves the incident of the others open")
  func level() async throws {
    try await Installation.run { installation in
      try await Self.begin(installation)
      try await Self.run(installation, rules: Self.pages.replacing("[50, 80]", with: "[50]"))
      #expect(try Self.incidents(installation) == ["trigger", "trigger"])
      #expect(try await Self.statuses(installation) == [.firing, .retired])
    }
  }

  @Test("an edit that ends too much is told once and closes nothing for a day; taken back, it never was")
  func truncated() async throws {
    let all = (1...6).map { "org\($0)" }
    let left = [all[0]]
    try await Installation.run(all) { installation in
      try await Self.begin(installation, organizations: all)
      let opened = try Self.incidents(installation).count
      for _ in 0..<3 { try await Self.run(installation, organizations: left) }
      #expect(try Self.incidents(installation).dropFirst(opened) == ["trigger"])
      try await Self.run(installation, organizations: all)
      #expect(try await Self.statuses(installation) == [.firing])
      try await Self.run(installation, organizations: left)
      installation.advance(by: .seconds(23 * 3_600))
      installation.use(85, of: "org1")
      try await Self.run(installation, organizations: left)
      #expect(try Self.incidents(installation).dropFirst(opened) == ["trigger", "trigger"])
      installation.advance(by: .seconds(3_600))
      try await Self.run(installation, organizations: left)
      let closed = try Self.incidents(installation).dropFirst(opened + 2)
      #expect(closed == ArraySlice(repeating: "resolve", count: 5))
      #expect(try await Self.statuses(installation) == [.firing, .retired])
    }
  }

  @Test("a notifier that is gone leaves its incident open, which the others are told of once")
  func departed() async throws {
    try await Installation.run { installation in
      try await Self.begin(installation)
      let base = installation.sandbox.baseURL
      let left = #"{ "hook": { "type": "webhook", "url": "\#(base)/hooks/ops", "secret": { "env": "HOOK_SECRET" } } }"#
      let rules = Self.pages.replacing(#", "pager""#, with: "")
      for _ in 0..<3 {
        _ = try await installation.service(rules: rules, notifiers: left).collect(.init())
        installation.advance(by: .seconds(900))
      }
      #expect(try Self.incidents(installation) == ["trigger"])
      let told = installation.sandbox.hooks.received(on: "/hooks/ops").map { String(decoding: $0.body, as: UTF8.self) }
      #expect(told.count == 2)
      #expect(told.last?.contains("nothing closes the 1 incident about acme that it has opened") == true)
      // Configured again, it closes what it has opened.
      installation.use(10)
      try await Self.run(installation)
      #expect(try Self.incidents(installation) == ["trigger", "resolve"])
    }
  }
}
