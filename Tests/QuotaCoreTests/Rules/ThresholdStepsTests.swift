import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("A threshold rule with steps")
struct ThresholdStepsTests {
  private let start = moment("2026-11-10T12:00")

  /// What is newly told at each reading; the readings are an hour apart.
  private func told(_ settings: String, quota: Int64? = 1_000, _ readings: [Int64]) throws -> [[String]] {
    var world = try RuleWorld("threshold", #""metric": "pages", "# + settings)
    world.quota.pages = quota
    return readings.enumerated().map { index, pages in
      world.read(pages, at: start + .hours(Int64(index)))
      let news = world.verdicts.filter { verdict in
        verdict.holds && !world.alerts.contains { $0.key == verdict.key && $0.status == .firing }
      }
      world.tell()
      return news.compactMap { $0.key.level.map { "\($0)" } }
    }
  }

  @Test("tells each step past the last level once")
  func eachStep() throws {
    #expect(
      try told(#""percent": [100], "every": 10"#, [990, 1_000, 1_050, 1_100, 1_100, 1_199, 1_200]) == [
        [], ["100%"], [], ["110%"], [], [], ["120%"],
      ])
  }

  @Test("makes one verdict of a jump over many steps")
  func jump() throws {
    #expect(try told(#""percent": [80, 100], "every": 0.01"#, [0, 2_000_000]) == [[], ["80%", "100%", "100000%"]])
    #expect(try told(#""every": 1"#, [0, 1_000_000]) == [[], ["1000000"]])
  }

  @Test("never tells a lower step after a correction, but tells it when it is reached anew")
  func correction() throws {
    let every = #""percent": [100], "every": 10"#
    #expect(try told(every, [1_310, 1_215, 1_216, 1_310]) == [["100%", "130%"], [], [], ["130%"]])
    // A glitch that is taken back does not swallow the true steps of later.
    #expect(try told(every, [900, 9_000, 900, 1_010, 1_105]) == [[], ["100%", "900%"], [], ["100%"], ["110%"]])
  }

  @Test("resolves the steps that do not hold any more")
  func resolves() throws {
    var world = try RuleWorld("threshold", #""metric": "pages", "percent": [100], "every": 10"#)
    world.quota.pages = 1_000
    world.read(1_310, at: start)
    world.tell()
    world.read(1_215, at: start + .hours(1))
    #expect(
      world.verdicts.map { "\($0.key.level.map { "\($0)" } ?? "") \($0.holds)" } == ["100% true", "130% false"])
  }

  @Test("tells a step that a lowered quota makes", arguments: [(500, ["220%"]), (1_000, [])] as [(Int64, [String])])
  func loweredQuota(quota: Int64, told: [String]) throws {
    var world = try RuleWorld("threshold", #""metric": "pages", "percent": [100], "every": 10"#)
    world.quota.pages = 1_000
    world.read(1_100, at: start)
    world.tell()
    world.quota.pages = quota
    world.read(1_100, at: start + .hours(1))
    let known = world.alerts
    let news = world.verdicts.filter { verdict in verdict.holds && !known.contains { $0.key == verdict.key } }
    #expect(news.compactMap { $0.key.level.map { "\($0)" } } == told)
  }

  @Test(
    "counts a plain number in the unit of its levels",
    arguments: [
      (#""percent": [50], "every": 25"#, "25%"), (#""percent": [50], "count": [10], "every": 25"#, "25"),
      (#""every": 25"#, "25"), (#""count": [10], "every": "25%""#, "25%"),
      (#""percent": [50], "every": "2.5%""#, "2.5%"),
    ])
  func unit(settings: String, step: String) throws {
    guard let rule = try RuleWorld("threshold", #""metric": "pages", "# + settings).kind as? ThresholdRule else {
      Issue.record("not a threshold")
      return
    }
    #expect(rule.every == alertLevel(step))
  }

  @Test("takes percentages and counts in one rule")
  func both() throws {
    #expect(
      try told(#""percent": [50], "count": [400, 700]"#, [399, 400, 500, 700]) == [[], ["400"], ["50%"], ["700"]])
    #expect(try told(#""percent": [50], "count": [400]"#, quota: nil, [500]) == [["400"]])
  }

  @Test("has no percent steps with a quota of 0 or none", arguments: [0, nil] as [Int64?])
  func noQuota(quota: Int64?) throws {
    #expect(try told(#""every": "10%""#, quota: quota, [5, .max]) == [[], []])
  }

  @Test(
    "is refused with steps that mean nothing",
    arguments: [
      #""every": 0"#, #""every": "0%""#, #""every": "10""#, #""every": 1.5"#, #""every": -1"#, #""every": "x%""#,
      #""percent": [50], "every": 0.001"#, #""every": [10]"#, #""every": "10.123%""#,
    ])
  func refused(settings: String) {
    #expect(throws: RuleWorld.Refused.self) { try RuleWorld("threshold", #""metric": "pages", "# + settings) }
  }
}
