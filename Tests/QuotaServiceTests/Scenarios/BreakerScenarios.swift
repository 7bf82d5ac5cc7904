import QuotaCore
import Testing

@Suite("Scenarios: the vendor's figures go wrong for everybody")
struct BreakerScenarios {
  static let ids = ["o1", "o2", "o3", "o4", "o5", "o6"]

  /// A client's own notifier, and one that hears of no resolutions, beside the operator's.
  static var plot: Plot {
    let pages =
      #"{ "id": "pages", "type": "threshold", "metric": "pages", "percent": [50, 100], "notify": ["firings", "ops"] }"#
    var plot = Plot(
      ids, rules: [pages, Plot.corrections],
      notifiers: ["client": "", "firings": #""send_resolved": false"#, "ops": ""])
    plot.organizations["o1"] = #""quota": { "pages": 100 }, "notify": ["client"]"#
    return plot
  }

  static func all(_ pages: Int64) -> [String: Int64] { Dictionary(uniqueKeysWithValues: ids.map { ($0, pages) }) }

  @Test("figures that are ten times too high and taken back are told as such, and nothing else is")
  func denied() async throws {
    var plot = Self.plot
    plot.further = #""breaker": { "notify": ["ops"] }"#
    try await Story.tell(plot) { story in
      try await story.run("11-10 12:00", Self.all(30))
      try await story.run("11-10 13:00", Self.all(300))
      try await story.run("11-10 14:00", Self.all(30))
      try await story.runs(["11-10 15:00", "11-11 15:00"])
      try await story.run("11-12 15:00", ["o1": 55])
      #expect(
        story.told == [
          "11-10 13:00 → ops → firing breaker",
          "11-10 14:00 → ops → resolved breaker",
          "11-12 15:00 → client → firing pages o1 2026-11 50% [50%]",
          "11-12 15:00 → firings → firing pages o1 2026-11 50% [50%]",
          "11-12 15:00 → ops → firing pages o1 2026-11 50% [50%]",
        ])
    }
  }

  @Test("figures that stand are told in one message when they are confirmed, each client's to itself")
  func confirmed() async throws {
    var plot = Self.plot
    plot.further = #""breaker": { "notify": ["ops"] }"#
    try await Story.tell(plot) { story in
      try await story.run("11-10 12:00", Self.all(30))
      try await story.run("11-10 13:00", Self.all(300))
      try await story.runs(["11-10 14:00", "11-10 15:00"])
      let events = Self.ids.map { "firing pages \($0) 2026-11 100% [50% 100%]" }.joined(separator: "; ")
      #expect(
        story.told == [
          "11-10 13:00 → ops → firing breaker",
          "11-10 14:00 → client → firing pages o1 2026-11 100% [50% 100%]",
          "11-10 14:00 → firings → caught_up { \(events) }",
          "11-10 14:00 → ops → caught_up { \(events) }",
          "11-10 14:00 → ops → resolved breaker",
        ])
    }
  }

  @Test("when figures are taken back, an organization that was not read by then is told of nothing before it is")
  func deniedUnread() async throws {
    var plot = Self.plot
    plot.further = #""breaker": { "notify": ["ops"] }"#
    try await Story.tell(plot) { story in
      try await story.run("11-10 12:00", Self.all(30))
      try await story.run("11-10 13:00", Self.all(300))
      try await story.run("11-10 14:00", Self.all(30), only: ["o1", "o2", "o3", "o4"])
      try await story.run("11-10 15:00", only: ["o1"])
      // The last ones are read: one is back, the other's figures stand.
      try await story.run("11-10 16:00", ["o6": 310])
      #expect(
        story.told == [
          "11-10 13:00 → ops → firing breaker",
          "11-10 14:00 → ops → resolved breaker",
          "11-10 16:00 → firings → firing pages o6 2026-11 100% [50% 100%]",
          "11-10 16:00 → ops → firing pages o6 2026-11 100% [50% 100%]",
        ])
    }
  }

  @Test("when figures are confirmed, an organization that was not read by then is held until it is, or a day is over")
  func confirmedUnread() async throws {
    var plot = Self.plot
    plot.further = #""breaker": { "notify": ["ops"] }"#
    try await Story.tell(plot) { story in
      try await story.run("11-10 12:00", Self.all(30))
      try await story.run("11-10 13:00", Self.all(300))
      try await story.run("11-10 14:00", only: ["o2", "o3", "o4"])
      try await story.run("11-10 15:00", ["o5": 30], only: ["o5"])
      try await story.run("11-10 16:00", only: ["o1"])
      try await story.run("11-11 12:59", only: ["o2"])
      try await story.run("11-11 13:01", only: ["o2"])
      let events = ["o2", "o3", "o4"].map { "firing pages \($0) 2026-11 100% [50% 100%]" }.joined(separator: "; ")
      #expect(
        story.told == [
          "11-10 13:00 → ops → firing breaker",
          "11-10 14:00 → firings → caught_up { \(events) }",
          "11-10 14:00 → ops → caught_up { \(events) }",
          "11-10 14:00 → ops → resolved breaker",
          "11-10 16:00 → client → firing pages o1 2026-11 100% [50% 100%]",
          "11-10 16:00 → firings → firing pages o1 2026-11 100% [50% 100%]",
          "11-10 16:00 → ops → firing pages o1 2026-11 100% [50% 100%]",
          "11-11 13:01 → firings → firing pages o6 2026-11 100% [50% 100%]",
          "11-11 13:01 → ops → firing pages o6 2026-11 100% [50% 100%]",
        ])
    }
  }
}
