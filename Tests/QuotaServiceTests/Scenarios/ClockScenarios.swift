import FoundationEssentials
import QuotaCore
import Synchronization
import TestSupport
import Testing

@testable import QuotaService

@Suite("A clock that is wrong")
struct ClockScenarios {
  private static func set(_ story: Story, wrongBy seconds: TimeInterval) {
    story.installation.clockError.withLock { $0 = seconds }
  }

  @Test(
    "that was ahead in one run hides nothing in the next ones, and that is said once",
    arguments: [5, 7_200, 21 * 86_400, 90 * 86_400] as [TimeInterval])
  func ahead(error: TimeInterval) async throws {
    try await Story.tell(Plot(["acme", "globex"])) { story in
      try await story.run("11-10 12:00", ["acme": 10, "globex": 20])
      Self.set(story, wrongBy: error)
      try await story.run("11-10 12:10", ["acme": 55])
      Self.set(story, wrongBy: 0)
      let before = story.installation.complaints.lines.count
      // Back to back with the run before, so that a few seconds are a step back, too.
      try await story.run("11-10 12:10", ["acme": 85, "globex": 55])
      #expect(
        story.installation.complaints.lines.dropFirst(before).count { $0.contains("in the future") } == 1)
      try await story.run("11-10 12:20", ["acme": 85, "globex": 40])
      try await story.run("11-10 13:30", ["acme": 100, "globex": 60])
      #expect(
        story.installation.complaints.lines.dropFirst(before).count { $0.contains("in the future") } == 1)
      #expect(
        story.told == [
          "11-10 12:10 → ops → firing pages acme 2026-11 50% [50%]",
          "11-10 12:10 → ops → firing pages acme 2026-11 80% [80%]",
          "11-10 12:10 → ops → firing pages globex 2026-11 50% [50%]",
          "11-10 12:20 → ops → resolved pages globex 2026-11 50% [50%]",
          "11-10 13:30 → ops → firing pages acme 2026-11 100% [100%]",
          "11-10 13:30 → ops → firing pages globex 2026-11 50% [50%] #2",
        ])
      let status = try await story.service.status([])
      #expect(status.filter { $0.metric == .pages }.map(\.used) == [100, 60])
    }
  }

  @Test(
    "that is behind makes good history no future, and that is said",
    arguments: [-1_800, -10_800, -3 * 86_400, -1_794_312_000] as [TimeInterval])
  func behind(error: TimeInterval) async throws {
    try await Story.tell(Plot()) { story in
      try await story.run("11-10 12:00", ["acme": 55])
      Self.set(story, wrongBy: error)
      try await story.run("11-10 12:10", ["acme": 85])
      #expect(story.installation.complaints.lines.contains { $0.contains("this machine's clock is behind") })
      try await story.run("11-10 12:20", ["acme": 85])
      Self.set(story, wrongBy: 0)
      try await story.run("11-10 12:30", ["acme": 100])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages acme 2026-11 50% [50%]",
          "11-10 12:10 → ops → firing pages acme 2026-11 80% [80%]",
          "11-10 12:30 → ops → firing pages acme 2026-11 100% [100%]",
        ])
      let november = try story.november
      let times = try await story.service.database.openForReading().read { reader in
        try reader.latestSnapshots(of: OrganizationID("acme"), month: november, limit: 9).map(\.firstSeenAt)
      }
      #expect(times == times.sorted())
      #expect(times.allSatisfy { $0 >= story.installation.clock.date - .hours(1) })
    }
  }

  @Test("a clock that is a year ahead makes no corrections of what the vendor counts in its current month")
  func yearAhead() async throws {
    try await Story.tell(Plot(rules: [Plot.corrections])) { story in
      try await story.run("11-10 12:00", ["acme": 10])
      story.installation.clockError.withLock { $0 = 366 * 86_400 }
      for hour in 13...18 { try await story.run("11-10 \(hour):00", ["acme": Int64(hour)]) }
      #expect(story.told == [])
    }
  }

  @Test("a first run on a machine without the time is a run all the same")
  func neverSet() async throws {
    try await Story.tell(Plot()) { story in
      Self.set(story, wrongBy: -1_794_312_000)
      try await story.run("11-10 12:00", ["acme": 55])
      #expect(story.installation.complaints.lines.contains { $0.contains("behind the vendor's") })
      Self.set(story, wrongBy: 0)
      try await story.run("11-10 12:10", ["acme": 85])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages acme 2026-11 50% [50%]",
          "11-10 12:10 → ops → firing pages acme 2026-11 80% [80%]",
        ])
    }
  }

  @Test("that is ahead of the vendor's is told of in every run")
  func aheadOfVendor() async throws {
    try await Story.tell(Plot()) { story in
      Self.set(story, wrongBy: 300)
      try await story.run("11-10 12:00", ["acme": 10])
      try await story.run("11-10 12:10", ["acme": 20])
      #expect(story.installation.complaints.lines.count { $0.contains("ahead of the vendor's") } == 2)
      Self.set(story, wrongBy: 0)
      try await story.run("11-10 12:20", ["acme": 20])
      #expect(story.installation.complaints.lines.count == 2)
    }
  }

  @Test("a silence made by a clock that was ahead begins at once and lasts as long as it was meant to")
  func silence() async throws {
    try await Story.tell(Plot()) { story in
      try await story.run("11-10 12:00", ["acme": 10])
      Self.set(story, wrongBy: 5 * 86_400)
      let now = story.installation.clock.date.addingTimeInterval(5 * 86_400)
      _ = try await story.service.addSilence(
        AddSilence.Request(
          organizations: ["acme"], rule: nil, until: now + .hours(1), reason: "moving", createdBy: "ada"))
      Self.set(story, wrongBy: 0)
      try await story.run("11-10 12:10", ["acme": 55])
      try await story.run("11-10 13:00", ["acme": 55])
      #expect(story.told.isEmpty)
      try await story.run("11-10 13:20", ["acme": 55])
      #expect(story.told == ["11-10 13:20 → ops → firing pages acme 2026-11 50% [50%]"])
    }
  }

  @Test("reminders and acknowledgements that were counted by a clock that was ahead are counted from now")
  func reminders() async throws {
    let rule =
      #"{ "id": "pages", "type": "threshold", "metric": "pages", "percent": [50], "remind_every": "2h", "notify": ["ops"] }"#
    try await Story.tell(Plot(rules: [rule])) { story in
      Self.set(story, wrongBy: 10 * 86_400)
      try await story.run("11-10 12:00", ["acme": 55])
      Self.set(story, wrongBy: 0)
      try await story.runs(["11-10 12:10", "11-10 13:00", "11-10 14:15", "11-10 15:00"])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages acme 2026-11 50% [50%]",
          "11-10 14:15 → ops → reminder pages acme 2026-11 50% [50%]",
        ])
      Self.set(story, wrongBy: 10 * 86_400)
      _ = try await story.service.acknowledge(
        "pages/acme/2026-11/pages/50%", by: "ada", for: .hours(1), note: nil, budget: 3)
      Self.set(story, wrongBy: 0)
      try await story.runs(["11-10 15:10", "11-10 16:00", "11-10 16:20"])
      #expect(
        story.told.dropFirst(2) == [
          "11-10 15:10 → ops → acknowledged pages acme 2026-11 50% [50%]",
          "11-10 16:20 → ops → reminder pages acme 2026-11 50% [50%]",
        ])
    }
  }
}

extension Story {
  fileprivate var november: BillingMonth {
    get throws { try #require(BillingMonth("2026-11")) }
  }
}
