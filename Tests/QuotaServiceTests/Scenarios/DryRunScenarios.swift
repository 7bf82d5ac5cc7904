import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

@Suite("Scenarios: a dry run before each run")
struct DryRunScenarios {
  private static let everything = [
    Plot.pages, Plot.corrections,
    #"{ "id": "duplicates", "type": "duplicate_key", "notify": ["ops"] }"#,
    #"{ "id": "dead-key", "type": "credential", "notify": ["ops"] }"#,
    #"{ "id": "spike", "type": "spike", "metric": "pages", "notify": ["ops"] }"#,
  ]

  /// Lets a dry run and then a run happen, and expects that the one tells what the other does.
  ///
  /// - Returns: what the run has told, as `firing breaker`.
  private static func run(_ story: Story, _ time: String, _ pages: [String: Int64] = [:]) async throws -> Set<String> {
    try story.at(time, pages)
    var options = CollectUsage.Options()
    options.dryRun = true
    let database = URL(filePath: story.installation.databasePath)
    let before = try? Data(contentsOf: database)
    let hooks = story.installation.sandbox.hooks.received.total
    let dry = try await story.service.collect(options)
    #expect((try? Data(contentsOf: database)) == before)
    #expect(story.installation.sandbox.hooks.received.total == hooks)
    #expect(dry.summary.delivered == 0)
    let run = try await story.run(time)
    #expect(dry.events.map(\.id) == run.events.map(\.id), "\(time)")
    #expect(dry.events.map(\.reason) == run.events.map(\.reason), "\(time)")
    #expect(dry.summary.read == run.summary.read)
    return Set(run.events.map { "\($0.transition.rawValue) \($0.rule)" })
  }

  @Test("it tells what the run then tells, the first time and later")
  func thresholds() async throws {
    try await Story.tell(Plot(rules: Self.everything)) { story async throws in
      #expect(try await Self.run(story, "11-10 12:00", ["acme": 60]) == ["firing pages"])
      #expect(try await Self.run(story, "11-10 13:00", ["acme": 90]) == ["firing pages"])
      #expect(try await Self.run(story, "11-10 14:00", ["acme": 10]) == ["resolved pages", "firing corrections"])
    }
  }

  @Test("it tells of figures that are in doubt as a whole, and of the end of that")
  func breaker() async throws {
    let ids = (1...7).map { "o\($0)" }
    let right = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, Int64(20 + $0)) })
    let plot = Plot(ids, rules: Self.everything, further: #""breaker": { "notify": ["ops"] }"#)
    try await Story.tell(plot) { story async throws in
      for time in ["11-10 11:00", "11-10 12:00"] { _ = try await Self.run(story, time, right) }
      #expect(try await Self.run(story, "11-10 13:00", right.mapValues { $0 * 10 }) == ["firing breaker"])
      #expect(try await Self.run(story, "11-10 14:00", right).contains("resolved breaker"))
    }
  }

  @Test("it tells of what only shows when everybody's new figures are held against each other")
  func duplicateKeys() async throws {
    try await Story.tell(Plot(["acme", "globex"], rules: Self.everything)) { story async throws in
      for (time, pages) in [("11-10 12:00", 55), ("11-10 13:00", 62)] as [(String, Int64)] {
        _ = try await Self.run(story, time, ["acme": pages, "globex": pages])
      }
      let told = try await Self.run(story, "11-10 14:00", ["acme": 64, "globex": 64])
      #expect(told == ["firing duplicates"])
    }
  }

  @Test("others do not wait for one that waits for the vendor, and it does not wait for a run")
  func beside() async throws {
    try await Installation.run { installation async throws in
      installation.use(60)
      let service = try installation.service()
      _ = try await service.collect(CollectUsage.Options())
      let vendor = installation.sandbox.vendor
      vendor.inject(.hang)
      installation.use(90)
      var options = CollectUsage.Options()
      options.dryRun = true
      let dry = Task { [options] in try await service.collect(options) }
      try await vendor.requests.wait(untilTotal: vendor.requests.total + 1)
      let request = AddSilence.Request(
        organizations: ["acme"], rule: nil, until: installation.clock.date + .hours(1), reason: "moving",
        createdBy: "ada")
      #expect(try await service.addSilence(request).map(\.id) == [1])
      try await service.database.running { _ async throws in
        vendor.releaseHanging()
        vendor.clearFaults()
        let report = try await dry.value
        #expect(report.events.map(\.level?.description) == ["80%"])
      }
    }
  }
}
