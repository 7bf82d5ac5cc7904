import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("A correction rule")
struct CorrectionRuleTests {
  private let start = moment("2026-11-10T12:00")

  @Test(
    "tells of a counter that went down, and of nothing else",
    arguments: [(100, nil), (101, nil), (99, true), (0, true)] as [(Int64, Bool?)])
  func wentDown(pages: Int64, holds: Bool?) throws {
    var world = try RuleWorld("correction")
    world.read(100, at: start)
    #expect(world.holds == nil)
    world.read(pages, at: start + .hours(1))
    #expect(world.holds == holds)
    guard holds != nil else { return }
    let verdict = world.verdicts[0]
    #expect(verdict.isMomentary)
    #expect(verdict.reason == "pages of 2026-11 went down from 100 to \(pages)")
    #expect(verdict.evidence.before == 100)
    #expect(verdict.evidence.used == pages)
    #expect(verdict.evidence.observedAfter == start)
    #expect(verdict.evidence.snapshotIDs.count == 2)
  }

  @Test("tells of each metric by itself, or of one alone")
  func metrics() throws {
    var both = try RuleWorld("correction")
    both.read(100, 50, at: start)
    #expect(both.read(90, 40, at: start + .hours(1)).map(\.key.metric) == [.pages, .conversions])
    var one = try RuleWorld("correction", #""metric": "conversions""#)
    one.read(100, 50, at: start)
    #expect(one.read(90, 40, at: start + .hours(1)).map(\.key.metric) == [.conversions])
  }

  @Test("takes the zero of a new month for no correction")
  func turnOfMonth() throws {
    var world = try RuleWorld("correction")
    world.read(100, at: moment("2026-10-31T23:45"))
    #expect(world.read(0, at: moment("2026-11-01T00:15"), past: [("2026-10", 104)]).isEmpty)
  }

  @Test(
    "tells of a past month that changed after it was settled, and not before",
    arguments: [(71, false), (72, true)] as [(Int64, Bool)])
  func settled(hours: Int64, isTold: Bool) throws {
    var world = try RuleWorld("correction")
    let turn = moment("2026-11-01T00:00")
    world.read(0, at: turn, past: [("2026-10", 1_000)])
    world.read(0, at: turn + .hours(hours), past: [("2026-10", 1_000)])
    world.read(0, at: turn + .hours(100), past: [("2026-10", 1_007)])
    #expect(world.verdicts.map(\.holds) == (isTold ? [true] : []))
    guard isTold else { return }
    #expect(world.verdicts[0].reason == "pages of 2026-10 went up from 1000 to 1007 after the month was settled")
    #expect(world.verdicts[0].key.month == billingMonth("2026-10"))
  }

  @Test("takes no time to hold, and is not repeated", arguments: [#""for": 2"#, #""remind_every": "1d""#])
  func momentary(setting: String) {
    #expect(throws: RuleWorld.Refused.self) { try RuleWorld("correction", setting) }
  }
}
