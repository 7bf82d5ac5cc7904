import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

@Suite("Scenarios: every key refused at once")
struct KeyRefusalScenarios {
  private static let ids = ["a", "b", "c", "d", "e"]
  private static let deadKey =
    #"{ "id": "dead-key", "type": "credential", "severity": "critical", "notify": ["ops"], "remind_every": "1d" }"#
  private static let held =
    #""quiet_hours": { "from": "22:00", "to": "07:00" }, "digest": { "at": "09:00" }, "max_messages": 1"#

  @Test("is one message at once, whatever holds messages back, and the keys that stay refused are told when it is over")
  func once() async throws {
    var plot = Plot(Self.ids, rules: [Self.deadKey], notifiers: ["ops": Self.held])
    plot.organizations["a"] = #""notify": ["client"]"#
    plot.notifiers["client"] = #""organization": "a""#
    try await Story.tell(plot) { story in
      try await story.run("11-10 12:00")
      _ = try await story.service.addSilence(
        AddSilence.Request(
          rule: "dead-key", until: story.installation.clock.date + .hours(30), reason: "noise",
          createdBy: "test")
      )
      for id in Self.ids { story.vendor.revokeKey("key-\(id)") }
      let report = try await story.run("11-10 23:00")
      #expect(report.events.contains { $0.topic == .keys && $0.reason.hasPrefix("5 of 5 keys are refused at once: ") })
      try await story.runs(["11-10 23:10", "11-11 12:00", "11-12 12:00"])
      for id in Self.ids.dropLast() { story.vendor.addKey("key-\(id)", to: OrganizationID(id)) }
      try await story.run("11-12 13:00")
      story.vendor.addKey("key-e", to: OrganizationID("e"))
      try await story.runs(["11-12 14:00", "11-12 15:00"])
      #expect(
        story.told == [
          "11-10 23:00 → ops → firing keys", "11-12 12:00 → client → firing dead-key a",
          "11-12 13:00 → client → resolved dead-key a", "11-12 13:00 → ops → resolved keys",
          "11-12 13:00 → ops → firing dead-key e",
          "11-12 14:00 → ops → resolved dead-key e",
        ])
    }
  }

  @Test("is not told again by single keys that are found later, nor by those that were told before")
  func notDoubled() async throws {
    try await Story.tell(Plot(Self.ids + ["f"], rules: [Self.deadKey])) { story in
      try await story.run("11-10 12:00")
      for id in Self.ids + ["f"] { story.vendor.revokeKey("key-\(id)") }
      try await story.run("11-10 13:00", only: ["a", "b"])
      story.vendor.inject(.disconnect, times: 1, for: OrganizationID("f"))
      try await story.runs(["11-10 14:00", "11-10 15:00", "11-10 16:00"])
      #expect(
        story.told == [
          "11-10 13:00 → ops → firing dead-key a", "11-10 13:00 → ops → firing dead-key b",
          "11-10 14:00 → ops → firing keys",
        ])
    }
  }

  @Test("is told of without a rule about keys, too, and not of fewer organizations than the breaker's minimum")
  func minimum() async throws {
    try await Story.tell(Plot(Self.ids, further: #""breaker": { "enabled": false, "minimum": 5 }"#)) { story in
      try await story.run("11-10 12:00")
      for id in Self.ids { story.vendor.revokeKey("key-\(id)") }
      try await story.run("11-10 13:00")
      #expect(story.told == ["11-10 13:00 → ops → firing keys"])
    }
    let few = Plot(
      Self.ids, rules: [Self.deadKey], notifiers: ["ops": #""group_above": 9"#],
      further: #""breaker": { "minimum": 6 }"#)
    try await Story.tell(few) { story in
      try await story.run("11-10 12:00")
      for id in Self.ids { story.vendor.revokeKey("key-\(id)") }
      try await story.run("11-10 13:00")
      #expect(story.told == Self.ids.map { "11-10 13:00 → ops → firing dead-key \($0)" })
    }
  }

  @Test("is not what a gateway does, which is told of each after six hours, in other words")
  func gateway() async throws {
    try await Story.tell(Plot(Self.ids, rules: [Self.deadKey], notifiers: ["ops": #""group_above": 9"#])) { story in
      try await story.run("11-10 12:00")
      story.vendor.inject(.status(403, body: "<html>blocked</html>"))
      try await story.runs(["11-10 13:00", "11-10 18:50"])
      let row = try #require(try await story.service.status(["a"]).first)
      #expect(row.state == .gateway)
      #expect(row.problem?.contains("a web page instead of JSON (HTTP 403)") == true)
      #expect(story.told.isEmpty)
      try await story.run("11-10 19:00")
      #expect(story.told == Self.ids.map { "11-10 19:00 → ops → firing dead-key \($0)" })
      #expect(
        story.bodies(of: "ops").allSatisfy { $0.contains("a web page instead of JSON") && !$0.contains("rejects") })
    }
  }
}
