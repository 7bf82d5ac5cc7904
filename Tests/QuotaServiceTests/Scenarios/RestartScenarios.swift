import QuotaCore
import Testing

@testable import QuotaService

@Suite("Scenarios: edits and interruptions")
struct RestartScenarios {
  @Test("editing the configuration between runs re-sends nothing")
  func edits() async throws {
    try await Story.tell(Plot()) { story in
      try await story.run("11-10 12:00", ["acme": 85])
      story.plot.rules = [
        #"""
        { "id": "pages", "type": "threshold", "metric": "pages", "percent": [100, 80, 50], "severity": "critical",
          "notify": ["new", "ops"] }
        """#
      ]
      story.plot.notifiers = ["new": "", "ops": #""group_above": 1"#]
      try await story.run("11-10 13:00")
      story.plot.organizations["acme"] = Plot.quota + #", "tags": ["gold"], "notify": ["new"]"#
      story.plot.further = #""routes": [{ "match": { "tags": ["gold"] }, "notify": ["new"] }]"#
      try await story.run("11-10 14:00")
      story.plot.rules = []
      try await story.run("11-10 15:00")
      story.plot.rules = [Plot.pages]
      try await story.run("11-10 16:00", ["acme": 86])
      try await story.run("11-10 17:00", ["acme": 100])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages acme 2026-11 80% [50% 80%]",
          "11-10 17:00 → new → firing pages acme 2026-11 100% [100%]",
          "11-10 17:00 → ops → firing pages acme 2026-11 100% [100%]",
        ])
    }
  }

  @Test("what a run has judged before it was killed is told once by the next")
  func killed() async throws {
    try await Story.tell(Plot(["acme", "globex"])) { story in
      try await story.run("11-10 12:00", ["acme": 10, "globex": 10])
      try story.at("11-10 13:05", ["acme": 85, "globex": 55])
      try await Self.collectAndDie(story.service)
      try story.note("11-10 13:05")
      #expect(story.told.isEmpty)
      try await story.run("11-10 13:15", ["globex": 40])
      try await story.runs(["11-10 13:30", "11-11 12:00"])
      #expect(
        story.told == [
          // What was over again before anybody could be told of it is no news.
          "11-10 13:15 → ops → firing pages acme 2026-11 80% [50% 80%]"
        ])
    }
  }

  /// A run up to the moment at which everything is judged and stored, and nothing is in a message yet.
  static func collectAndDie(_ service: Setup) async throws {
    let organizations = try service.configuration.organizations([])
    try await service.database.writing { store in
      var tally = CollectTally(
        CollectReport(startedAt: service.world.now(), dryRun: false), breaker: service.configuration.breaker,
        listsOrganizations: false)
      _ = try await CollectCycle(
        setup: service, organizations: organizations, options: CollectUsage.Options(), store: store
      ).collectUsage(service.vendor.policy(requests: organizations.count), into: &tally)
    }
  }
}
