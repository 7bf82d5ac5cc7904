import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Scenarios: silences and acknowledgements")
struct SilenceScenarios {
  static func silence(_ story: Story, until: String) async throws {
    _ = try await story.service.addSilence(
      AddSilence.Request(
        organizations: ["acme"], rule: nil, until: try Date(until, strategy: .iso8601), reason: "a migration",
        createdBy: "kim"))
  }

  @Test("what still fires when a silence ends is told once")
  func stillFires() async throws {
    try await Story.tell(Plot(["acme", "globex"])) { story in
      try await story.run("11-10 12:00", ["acme": 10, "globex": 10])
      try await Self.silence(story, until: "2026-11-10T18:00:00Z")
      try await story.run("11-10 13:00", ["acme": 85, "globex": 55])
      try await story.runs(["11-10 15:00", "11-10 17:59", "11-10 18:00", "11-10 19:00", "11-11 19:00"])
      #expect(
        story.told == [
          "11-10 13:00 → ops → firing pages globex 2026-11 50% [50%]",
          "11-10 18:00 → ops → firing pages acme 2026-11 80% [50% 80%]",
        ])
    }
  }

  @Test("what fires and ends in a silence is not told; what was told before it is told to be over after it")
  func overMeanwhile() async throws {
    try await Story.tell(Plot()) { story in
      try await story.run("11-10 12:00", ["acme": 55])
      try await Self.silence(story, until: "2026-11-10T18:00:00Z")
      try await story.run("11-10 13:00", ["acme": 85])
      try await story.run("11-10 15:00", ["acme": 60])
      try await story.runs(["11-10 18:00", "11-10 19:00"])
      try await Self.silence(story, until: "2026-11-11T18:00:00Z")
      try await story.run("11-11 13:00", ["acme": 40])
      try await story.runs(["11-11 18:00", "11-11 19:00"])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages acme 2026-11 50% [50%]",
          "11-11 18:00 → ops → resolved pages acme 2026-11 50% [50%]",
        ])
    }
  }

  @Test("reminders come while it fires, and not while somebody takes care of it")
  func acknowledged() async throws {
    let rule = #"""
      { "id": "pages", "type": "threshold", "metric": "pages", "percent": [80], "remind_every": "6h",
        "notify": ["ops"] }
      """#
    try await Story.tell(Plot(rules: [rule])) { story in
      try await story.run("11-10 12:00", ["acme": 85])
      try await story.runs(["11-10 17:59", "11-10 18:01"])
      try story.at("11-10 19:00")
      _ = try await story.service.acknowledge(
        "pages/acme/2026-11/pages/80%", by: "kim", for: .hours(12), note: "asked for more", budget: 3)
      try story.note("11-10 19:00")
      try await story.runs(["11-11 00:02", "11-11 06:30", "11-11 07:01", "11-11 12:00", "11-11 13:02"])
      try await story.run("11-11 14:00", ["acme": 70])
      try await story.runs(["11-11 20:10"])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages acme 2026-11 80% [80%]",
          "11-10 18:01 → ops → reminder pages acme 2026-11 80% [80%]",
          "11-10 19:00 → ops → acknowledged pages acme 2026-11 80% [80%]",
          "11-11 07:01 → ops → reminder pages acme 2026-11 80% [80%]",
          "11-11 13:02 → ops → reminder pages acme 2026-11 80% [80%]",
          "11-11 14:00 → ops → resolved pages acme 2026-11 80% [80%]",
        ])
    }
  }
}
