import Foundation
import Glibc
import TestSupport
import Testing

@testable import QuotaCore

@Suite("Scenarios: what a month is expected to come to")
struct ForecastScenarios {
  /// December 2026 has 23 working days.
  private static func office(_ date: CivilDate) -> Double { date.isOfficeDay ? 100 : 0 }

  private func expect(_ truth: Int64, within percent: Double, _ forecast: Forecast?) throws {
    let forecast = try #require(forecast)
    let error = abs(Double(forecast.projected - truth)) / Double(truth) * 100
    #expect(error <= percent, "\(forecast.parts.words)")
    #expect(forecast.range.lowerBound < forecast.projected && forecast.projected < forecast.range.upperBound)
  }

  @Test(
    "an office that is read on working days only", arguments: ["2026-12-05", "2026-12-10", "2026-12-16", "2026-12-25"])
  func readOnWorkdays(day: String) throws {
    for first in ["2026-09-01", "2026-11-23"] {
      var once = ForecastWorld()
      once.watch(first...day, when: { weekday, hour in weekday < 5 && hour == 6 }, Self.office)
      try expect(2_300, within: 10, once.forecast())
      var often = ForecastWorld()
      often.watch(first...day, when: { weekday, hour in weekday < 5 && (8...18).contains(hour) }, Self.office)
      try expect(2_300, within: 10, often.forecast())
    }
  }

  @Test("an office that is read on Mondays only", arguments: ["2026-12-08", "2026-12-15", "2026-12-29"])
  func readOnMondays(day: String) throws {
    var world = ForecastWorld()
    world.watch("2026-09-01"...day, when: { weekday, hour in weekday == 0 && hour == 6 }, Self.office)
    try expect(2_300, within: 10, world.forecast())
  }

  @Test("an outage tells the sum of its days", arguments: [2, 5, 9])
  func outage(days: Int) throws {
    var world = ForecastWorld()
    let (start, end) = (10, 10 + days)
    var hour = 0
    world.watch(
      "2026-11-01"..."2026-12-20",
      when: { _, _ in
        hour += 1
        return !(start..<end).contains(hour / 24 - 30)
      }, Self.office)
    try expect(2_300, within: 2, world.forecast())
  }

  @Test("a customer who starts within the month", arguments: ["2026-11-24", "2026-11-25", "2026-11-28"])
  func start(day: String) throws {
    var world = ForecastWorld()
    world.watch("2026-11-01"...day) { $0.day >= 20 ? 100 : 0 }
    try expect(1_100, within: 3, world.forecast())
    // One who was watched only since then has never used anything before, either.
    var late = ForecastWorld()
    late.watch("2026-11-19"...day) { $0.day >= 20 ? 100 : 0 }
    try expect(1_100, within: 3, late.forecast())
    // Nor has one who was watched without any use for months.
    var idle = ForecastWorld()
    idle.watch("2026-05-01"...day) { $0.month == 11 && $0.day >= 20 ? 100 : 0 }
    try expect(1_100, within: 3, idle.forecast())
    #expect(idle.forecast()?.lulls.count == 0)
  }

  @Test("a customer who starts with the second month", arguments: ["2026-12-03", "2026-12-10", "2026-12-20"])
  func startWithMonth(day: String) throws {
    var world = ForecastWorld()
    world.watch("2026-11-01"...day) { $0.month == 12 ? 100 : 0 }
    try expect(3_100, within: 3, world.forecast())
  }

  @Test(
    "months that were filled in tell the level of the first days",
    arguments: [("2026-12-03", 8), ("2026-12-05", 13)] as [(String, Double)])
  func filledIn(day: String, percent: Double) throws {
    var (plain, filled) = (ForecastWorld(), ForecastWorld())
    filled.fill(1...11, of: 2026, pages: 2_300, at: moment("2026-12-01T00:00"))
    for month in [11, 7, 9, 10, 8] {
      filled.fill(month...month, of: 2026, pages: 2_300, at: moment("2026-12-01T00:00"))
    }
    plain.watch("2026-12-01"...day, Self.office)
    filled.watch("2026-12-01"...day, Self.office)
    let forecast = try #require(plain.forecast())
    #expect(forecast.projected == 3_100)
    try expect(2_300, within: percent, filled.forecast())
  }

  @Test("the last days of each month bring three times as much", arguments: ["2026-12-10", "2026-12-20"])
  func monthEnd(day: String) throws {
    var world = ForecastWorld()
    world.watch("2026-09-01"...day) { $0.daysLeft < 3 ? 300 : 100 }
    try expect(3_700, within: 3, world.forecast())
  }

  @Test(
    "the first days of each month bring three times as much", arguments: ["2026-12-02", "2026-12-04", "2026-12-10"])
  func monthBeginning(day: String) throws {
    var world = ForecastWorld()
    world.watch("2026-09-01"...day) { $0.day <= 3 ? 300 : 100 }
    try expect(3_700, within: 5, world.forecast())
  }

  @Test("a February", arguments: ["2027-02-02", "2027-02-14", "2027-02-28"])
  func february(day: String) throws {
    var world = ForecastWorld()
    world.watch("2026-12-01"...day) { $0.daysLeft < 3 ? 200 : 100 }
    try expect(3_100, within: 5, world.forecast())
  }

  @Test(
    "a month whose clocks change",
    arguments: [
      ("2026-10-15", "2026-10-25", 3_100), ("2026-10-15", "2026-10-26", 3_100), ("2027-03-15", "2027-03-28", 3_100),
    ]
      as [(String, String, Int64)])
  func clocks(first: String, day: String, truth: Int64) throws {
    for name in ["Europe/Berlin", "America/Santiago"] {
      var world = ForecastWorld(try #require(TimeZone(identifier: name)))
      world.watch("2026-09-01"...first) { _ in 100 }
      try expect(truth, within: 1, world.forecast())
      world.watch(first...day) { _ in 100 }
      try expect(truth, within: 1, world.forecast())
    }
  }

  @Test("growth of 5 % and a decline of 4 % a week", arguments: [1.05, 0.96])
  func trend(factor: Double) throws {
    func use(_ date: CivilDate) -> Double { 200 * exp(log(factor) * Double(date.dayNumber - 20_700) / 7) }
    var (world, whole) = (ForecastWorld(), ForecastWorld())
    world.watch("2026-06-01"..."2026-12-11", use)
    whole.watch("2026-06-01"..."2027-01-01", use)
    let truth = try #require(whole.world.latest[billingMonth("2026-12")]).counters.pages
    try expect(truth, within: 5, world.forecast())
  }

  @Test("a return after two silent weeks", arguments: ["2026-12-03", "2026-12-08", "2026-12-20"])
  func afterLull(day: String) throws {
    var world = ForecastWorld()
    world.watch("2026-09-01"...day) { $0.month == 11 && $0.day >= 17 ? 0 : 100 }
    try expect(3_100, within: 4, world.forecast())
  }

  @Test("holidays on which little is used say nothing of the days after", arguments: ["2026-12-03", "2026-12-12"])
  func holidays(day: String) throws {
    var world = ForecastWorld()
    world.watch("2026-09-01"...day) { $0.month == 11 && $0.day >= 14 ? 20 : 100 }
    try expect(3_100, within: 4, world.forecast())
  }

  @Test("a week without use is a lull wherever it lies, and six days are none", arguments: 10...17)
  func week(first: Int) throws {
    let days = "2026-09-01"..."2026-12-05"
    for length in [6, 7] {
      var world = ForecastWorld()
      world.watch(days) { $0.month == 11 && (first..<first + length).contains($0.day) ? 0 : 100 }
      #expect(world.forecast()?.lulls.count == length - 6)
    }
  }

  @Test(
    "a pause across the turn of a month says nothing of the ends and the beginnings of months",
    arguments: [
      ("11-24", "12-03"), ("11-24", "12-12"), ("11-27", "12-08"), ("11-28", "12-02"), ("11-29", "12-03"),
      ("11-29", "12-08"), ("10-29", "11-03"), ("10-30", "11-04"),
    ], [0, 0.3])
  func acrossMonths(pause: (String, String), level: Double) throws {
    var world = ForecastWorld()
    let days = "2026-\(pause.0)"..."2026-\(pause.1)"
    world.watch("2026-09-01"..."2027-01-02") { days.contains("\($0)") ? 100 * level : 100 }
    let forecast = try #require(world.forecast())
    #expect(abs(forecast.factors.end - 1) < 0.02 && abs(forecast.factors.beginning - 1) < 0.02, "\(forecast.factors)")
  }

  @Test("a level that has fallen for good is no lull")
  func fallen() throws {
    var world = ForecastWorld()
    world.watch("2026-09-01"..."2026-12-21") { $0.month == 12 ? 30 : 100 }
    let forecast = try #require(world.forecast())
    #expect((930...1_250).contains(forecast.projected) && forecast.lulls.count == 0, "\(forecast.parts.words)")
  }

  /// Two weeks without use after each month's first days.
  private static func stopAndGo(_ date: CivilDate) -> Double { (5...18).contains(date.day) ? 0 : 100 }

  @Test("lulls that come again and again are expected, and only widen the range downwards")
  func lulls() throws {
    var (steady, once, often) = (ForecastWorld(), ForecastWorld(), ForecastWorld())
    let days = "2026-07-01"..."2026-12-05"
    steady.watch(days) { _ in 100 }
    once.watch(days) { $0.month == 11 ? Self.stopAndGo($0) : 100 }
    often.watch(days, Self.stopAndGo)
    let forecasts = try [steady, once, often].map { try #require($0.forecast()) }
    #expect(forecasts[1].lulls.count == 1 && forecasts[2].lulls.count == 4)
    #expect(forecasts[0].projected == 3_100 && forecasts[1].projected == 3_100)
    #expect((1_700...2_400).contains(forecasts[2].projected), "\(forecasts[2].parts.words)")
    #expect(forecasts[0].outlook.below == forecasts[0].outlook.above)
    #expect(forecasts[1].outlook.below > 2 * forecasts[1].outlook.above)
    #expect(forecasts[2].range.contains(1_700))
    #expect(forecasts[2].parts.words.contains("lulls such as those of the last months leave 0."))
    #expect(forecasts[1].parts.lulls == nil)
  }

  @Test("few pages now and then are no lulls")
  func tiny() throws {
    var world = ForecastWorld()
    world.watch("2026-09-01"..."2026-12-16") { $0.dayNumber % 8 == 0 ? 1 : 0 }
    try expect(4, within: 30, world.forecast())
  }

  @Test("nothing was used yet")
  func nothing() throws {
    var world = ForecastWorld()
    world.watch("2026-12-01"..."2026-12-11") { _ in 0 }
    let forecast = try #require(world.forecast())
    #expect(forecast.projected == 0)
    #expect(forecast.range.upperBound > 0)
    #expect(forecast.probability(ofReaching: 1_000) < 0.001)
  }

  @Test("a single reading tells the month's pace, and that little is sure", arguments: [0, 1, 500] as [Int64])
  func singleReading(pages: Int64) throws {
    var world = ForecastWorld()
    world.read(pages, at: moment("2026-12-11T00:00"))
    let forecast = try #require(world.forecast())
    #expect(forecast.projected == pages * 31 / 10)
    #expect(forecast.range.lowerBound < forecast.range.upperBound)
    #expect(forecast.probability(ofReaching: 5_000) < 0.01)
  }

  @Test("a counter that begins anew within the month, and one that is corrected downwards")
  func fallingCounter() throws {
    for (lost, truth) in [(900, 2_200), (300, 2_800)] as [(Int64, Int64)] {
      var world = ForecastWorld()
      world.watch("2026-10-01"..."2026-12-10") { _ in 100 }
      world.read(900 - lost, at: moment("2026-12-10T00:00"))
      world.watch("2026-12-10"..."2026-12-16") { _ in 100 }
      #expect(try #require(world.forecast()).used == 1_500 - lost)
      try expect(truth, within: 3, world.forecast())
    }
  }

  @Test("the range is one as long as anything may still be used", arguments: [0, 1, 100, 1e6, 1e12] as [Double])
  func neverNothing(use: Double) throws {
    for isKnown in [true, false] {
      var world = ForecastWorld()
      world.watch((isKnown ? "2026-10-01" : "2026-12-01")..."2026-12-31") { _ in use }
      world.watch("2026-12-31"..."2027-01-01") { _ in use }
      let forecast = try #require(world.forecast())
      #expect(forecast.range.lowerBound < forecast.range.upperBound)
      #expect(forecast.range.contains(forecast.projected))
      for point in forecast.path.dropFirst() { #expect(point.range.lowerBound < point.range.upperBound) }
    }
  }

  @Test("an outlier day does not shift the weekdays")
  func outlier() throws {
    var (plain, outlying) = (ForecastWorld(), ForecastWorld())
    plain.watch("2026-10-01"..."2026-12-16", Self.office)
    outlying.watch("2026-10-01"..."2026-12-16") { $0.month == 11 && $0.day == 10 ? 5_000 : Self.office($0) }
    let (first, second) = (try #require(plain.forecast()), try #require(outlying.forecast()))
    #expect(first.estimate.weekdays.weight(of: 0) == second.estimate.weekdays.weight(of: 0))
  }

  @Test("says how sure it is: the range and the probability belong to one distribution")
  func distribution() throws {
    var world = ForecastWorld()
    world.watch("2026-09-01"..."2026-12-11") { 100 + Double($0.dayNumber * 7 % 40) }
    let forecast = try #require(world.forecast())
    #expect(abs(forecast.probability(ofReaching: forecast.range.lowerBound) - 0.9) < 0.01)
    #expect(abs(forecast.probability(ofReaching: forecast.projected) - 0.5) < 0.01)
    #expect(abs(forecast.probability(ofReaching: forecast.range.upperBound) - 0.1) < 0.01)
    #expect(forecast.probability(ofReaching: forecast.used) == 1)
  }

  @Test(
    "knows the quantiles of the normal distribution",
    arguments: [(0.1, -1.2816), (0.3, -0.5244), (0.5, 0), (0.99, 2.3263)])
  func quantiles(probability: Double, value: Double) {
    #expect(abs(Normal.quantile(probability) - value) < 1e-4)
    #expect(abs(Normal.probability(below: value) - probability) < 1e-4)
  }
}

@Suite("The example of the forecast's documentation")
struct ForecastDocumentationTests {
  @Test("is what the program makes of it")
  func example() throws {
    var world = ForecastWorld()
    world.watch("2026-09-01"..."2026-12-17") { $0.isOfficeDay ? 100 : 0 }
    let forecast = try #require(world.forecast())
    let rest = forecast.rest.weight(forecast.estimate.weekdays, forecast.factors)
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../../../docs/rules/forecast.md")
    let text = try String(contentsOf: page.standardized, encoding: .utf8)
    func states(_ words: String) -> Bool { text.contains(words) }
    #expect(forecast.used == 1_200 && Int(rest) == 1_100 && forecast.projected == 2_300)
    #expect(states("Expected are 1,200 + 1 × 1,100 = **2,300**"))
    #expect(Int(forecast.estimate.effectiveWeight.rounded()) == 2_062 && states("weigh like 2,062 units"))
    #expect(Int(forecast.estimate.variance(ofWeight: 1_100, days: 15).rounded()) == 6_587 && states("6,587 together"))
    #expect(Int((forecast.surprise * 1_000).rounded()) == 464 && states("= 0.464"))
    #expect(forecast.range == 2_229...2_371 && states("**2,229 to 2,371**"))
    #expect(Int((forecast.probability(ofReaching: 2_200) * 100).rounded()) == 96 && states("**96 %**"))
  }
}
