import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Scenarios: looking ahead")
struct ForecastStories {
  private static let rule = #"{ "id": "ahead", "type": "forecast", "metric": "pages", "for": 1, "notify": ["ops"] }"#

  private static func plot(quota: Int) -> Plot {
    var plot = Plot(rules: [rule])
    plot.organizations["acme"] = #""quota": { "pages": \#(quota) }"#
    return plot
  }

  /// An office in December 2026: 100 pages on each working day, read in the evening.
  private func december(_ days: ClosedRange<Int>, _ story: Story) async throws {
    var used: Int64 = 0
    for day in 1...31 {
      if day % 7 != 5, day % 7 != 6 { used += 100 }
      guard days.contains(day) else { continue }
      try await story.run("12-\(day < 10 ? "0" : "")\(day) 20:00", ["acme": used])
    }
  }

  private func backfill(_ story: Story, _ first: String, _ last: String) async throws {
    let months = try (#require(BillingMonth(first)))...(#require(BillingMonth(last)))
    #expect(try await story.service.backfill(Backfill.Options(months: months)).status == .success)
  }

  private func projected(_ story: Story) async throws -> Int64 {
    try #require(try await story.service.status([]).first { $0.metric == .pages }?.projected)
  }

  @Test("months that were filled in keep the first days from being taken at their word")
  func filledIn() async throws {
    for isFilledFirst in [true, false] {
      try await Story.tell(Self.plot(quota: 2_700), from: "2026-12-01 00:10") { story in
        for month in 1...11 { story.installation.use(2_300, in: month < 10 ? "2026-0\(month)" : "2026-\(month)") }
        if isFilledFirst { try await backfill(story, "2026-01", "2026-11") }
        try await story.run("12-01 00:20", ["acme": 0])
        try await december(1...2, story)
        // The latest last, and in two goes.
        if !isFilledFirst {
          try await backfill(story, "2026-06", "2026-11")
          try await backfill(story, "2026-01", "2026-05")
        }
        let filled = try await projected(story)
        #expect((2_150...2_600).contains(filled), "\(filled)")
        try await december(3...4, story)
        #expect(story.told == [])
      }
    }
    try await Story.tell(Self.plot(quota: 2_700), from: "2026-12-01 00:10") { story in
      try await story.run("12-01 00:20", ["acme": 0])
      try await december(1...4, story)
      #expect(story.told == ["12-04 20:00 → ops → firing ahead acme 2026-12"])
    }
  }

  @Test("of what was not read for a day nothing is said of that day, and a month that is over looks ahead no more")
  func tooOld() async throws {
    try await Story.tell(Self.plot(quota: 2_700), from: "2026-11-20 08:00") { story in
      func row() async throws -> StatusRow {
        try #require(try await story.service.status([]).first { $0.metric == .pages })
      }
      for (day, used) in [("20", 1_900), ("21", 2_000), ("22", 2_100)] as [(String, Int64)] {
        try await story.run("11-\(day) 20:00", ["acme": used])
      }
      let fresh = try await row()
      #expect(fresh.sinceYesterday == 100 && fresh.forecast != nil && fresh.exhaustion != nil)
      try story.at("11-24 21:00")
      let old = try await row()
      #expect(old.sinceYesterday == nil && old.forecast != nil)
      try story.at("12-01 00:10")
      let over = try await row()
      #expect(over.used == 2_100 && over.sinceYesterday == nil)
      #expect(over.forecast == nil && over.exhaustion == nil)
    }
  }

  @Test("a profile that is made anew says the same as the one that was carried on")
  func madeAnew() async throws {
    var said: [[String]] = []
    for isMadeAnew in [false, true] {
      try await Story.tell(Self.plot(quota: 2_200), from: "2026-11-01 00:10") { story in
        // Nobody looks at profiles while the rule is off.
        if isMadeAnew { story.plot.rules = [Plot.pages] }
        var used: Int64 = 0
        for day in 1...30 {
          if day % 7 != 0, day % 7 != 1 { used += 100 }
          try await story.run("11-\(day < 10 ? "0" : "")\(day) 20:00", ["acme": used])
        }
        try await december(1...14, story)
        story.plot.rules = [Self.rule]
        try await december(15...15, story)
        let why = try await story.service.why("acme", rule: "ahead")
        let verdict = try #require(why.rules.first?.verdicts.first)
        said.append([verdict.reason] + (verdict.evidence.projections ?? []).map(\.words))
      }
    }
    #expect(said[0] == said[1])
    #expect(said[0].count == 2)
    #expect(said[0][0].contains("will very likely pass 100%") || said[0][0].contains("will almost certainly pass 100%"))
    #expect(said[0][1].hasPrefix("pages: 1,100 used, "))
  }

  @Test("a rule that is sure enough of what a month costs tells it, and is silent where it may as well not")
  func spend() async throws {
    for (amount, isTold) in [("30.00", true), ("44.00", false)] {
      var plot = SpendScenarios.plot
      plot.rules = [
        #"{ "id": "budget", "type": "spend", "amount": "\#(amount)", "basis": "projected", "notify": ["ops"] }"#
      ]
      try await Story.tell(plot, from: "2026-11-01 00:10") { story in
        try await story.run("11-01 00:10", ["acme": 0])
        for day in 2...12 {
          try await story.run("11-\(day < 10 ? "0" : "")\(day) 00:10", ["acme": Int64(day - 1) * 10])
        }
        #expect(story.told == (isTold ? ["11-05 00:10 → ops → firing budget acme 2026-11"] : []))
      }
    }
  }
}
