import QuotaCore
import Sandbox
import Testing

@Suite("Scenarios: months and corrections")
struct MonthScenarios {
  @Test("an early crossing right after the reset is told at once, and each month starts from zero")
  func earlyCrossing() async throws {
    try await Story.tell(Plot(), from: "2026-10-31 20:00") { story in
      try await story.run("10-31 20:00", ["acme": 45])
      try await story.run("10-31 23:00", ["acme": 90])
      try await story.run("11-01 00:10", ["acme": 55])
      try await story.run("11-02 12:00", ["acme": 85])
      try await story.runs(["11-15 12:00", "11-30 23:50"])
      try await story.run("12-01 00:05", ["acme": 0])
      try await story.run("12-01 00:20", ["acme": 50])
      try await story.run("12-02 00:20", ["acme": 60])
      #expect(
        story.told == [
          "10-31 23:00 → ops → firing pages acme 2026-10 80% [50% 80%]",
          "11-01 00:10 → ops → firing pages acme 2026-11 50% [50%]",
          "11-02 12:00 → ops → firing pages acme 2026-11 80% [80%]",
          "12-01 00:20 → ops → firing pages acme 2026-12 50% [50%]",
        ])
    }
  }

  @Test("two levels in one step are one message")
  func twoLevels() async throws {
    try await Story.tell(Plot()) { story in
      try await story.run("11-10 12:00", ["acme": 10])
      try await story.run("11-10 13:00", ["acme": 85])
      try await story.run("11-11 13:00", ["acme": 99])
      try await story.run("11-12 13:00", ["acme": 100])
      try await story.run("11-13 13:00", ["acme": 400])
      #expect(
        story.told == [
          "11-10 13:00 → ops → firing pages acme 2026-11 80% [50% 80%]",
          "11-12 13:00 → ops → firing pages acme 2026-11 100% [100%]",
        ])
    }
  }

  @Test("after an outage over the turn of the month, the old month's late crossing is told and the new one is empty")
  func outage() async throws {
    try await Story.tell(Plot(), from: "2026-10-31 20:00") { story in
      try await story.run("10-31 20:00", ["acme": 45])
      story.vendor.inject(.status(503))
      try await story.run("10-31 23:50", ["acme": 85])
      try await story.runs(["11-01 00:10", "11-01 03:00", "11-01 06:00"])
      story.vendor.clearFaults()
      try await story.run("11-01 09:00", ["acme": 0])
      story.installation.use(100, in: "2026-10")
      try await story.run("11-02 09:00", ["acme": 20])
      try await story.run("11-03 09:00", ["acme": 50])
      try await story.runs(["11-04 09:00", "11-05 09:00", "11-06 09:00"])
      #expect(
        story.told == [
          "11-01 09:00 → ops → firing pages acme 2026-10 80% [50% 80%]",
          "11-02 09:00 → ops → firing pages acme 2026-10 100% [100%]",
          "11-03 09:00 → ops → firing pages acme 2026-11 50% [50%]",
        ])
    }
  }

  @Test("a downward correction resolves what is below again and is told as a correction")
  func correction() async throws {
    try await Story.tell(Plot(rules: [Plot.pages, Plot.corrections])) { story in
      try await story.run("11-10 12:00", ["acme": 85])
      try await story.run("11-10 14:00", ["acme": 70])
      try await story.run("11-10 15:00", ["acme": 90])
      try await story.run("11-10 16:00", ["acme": 95])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages acme 2026-11 80% [50% 80%]",
          "11-10 14:00 → ops → resolved pages acme 2026-11 80% [80%]",
          "11-10 14:00 → ops → firing corrections acme 2026-11",
          "11-10 15:00 → ops → firing pages acme 2026-11 80% [80%] #2",
        ])
    }
  }

  @Test("a quota that is raised resolves, and one that is lowered fires")
  func quota() async throws {
    try await Story.tell(Plot()) { story in
      func pages(_ quota: Int) { story.plot.organizations["acme"] = #""quota": { "pages": \#(quota) }"# }
      try await story.run("11-10 12:00", ["acme": 85])
      pages(1_000)
      try await story.run("11-10 13:00")
      pages(80)
      try await story.run("11-11 13:00")
      pages(90)
      try await story.runs(["11-12 13:00", "11-13 13:00"])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages acme 2026-11 80% [50% 80%]",
          "11-10 13:00 → ops → resolved pages acme 2026-11 80% [50% 80%]",
          "11-11 13:00 → ops → firing pages acme 2026-11 100% [50% 80% 100%]",
          "11-12 13:00 → ops → resolved pages acme 2026-11 100% [100%]",
        ])
    }
  }

  @Test("a revoked key is told once; its replacement ends that, and tells what happened meanwhile")
  func replacedKey() async throws {
    let deadKey = #"{ "id": "dead-key", "type": "credential", "severity": "critical", "notify": ["ops"] }"#
    try await Story.tell(Plot(rules: [Plot.pages, deadKey]), from: "2026-10-30 22:00") { story in
      try await story.run("10-30 22:00", ["acme": 45])
      story.vendor.revokeKey("key-acme")
      try await story.run("10-30 23:00", ["acme": 60])
      try await story.runs(["10-31 12:00", "11-01 00:10", "11-01 12:00"])
      story.vendor.addKey("key-new", to: OrganizationID("acme"))
      try await story.run("11-01 13:00")
      story.configureKey("key-new", of: "acme")
      try await story.runs(["11-01 14:00", "11-02 14:00"])
      #expect(
        story.told == [
          "10-30 23:00 → ops → firing dead-key acme",
          "11-01 14:00 → ops → firing pages acme 2026-10 50% [50%]",
          "11-01 14:00 → ops → resolved dead-key acme",
        ])
    }
  }
}
