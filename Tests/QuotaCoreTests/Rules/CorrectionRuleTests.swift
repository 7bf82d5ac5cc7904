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
    #expect(world.kind.isMomentary)
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
    #expect(world.verdicts[0].reason == "pages of 2026-10 went up from 1,000 to 1,007 after the month was settled")
    #expect(world.verdicts[0].key.month == billingMonth("2026-10"))
  }

  /// October, closed with so many pages at its end, and what the rule says of a reading of it afterwards.
  private static func closedOctober(
    with closed: Int64?, before: Int64?, seen: String = "2026-11-01T01:00", now pages: Int64
  ) throws -> [String] {
    func snapshot(_ id: Int64, _ pages: Int64, _ seenAt: Date) -> Snapshot {
      Snapshot(
        id: id, organization: OrganizationID("acme"), month: billingMonth("2026-10"),
        counters: Counters(pages: pages, conversions: 0), firstSeenAt: seenAt, lastSeenAt: seenAt)
    }
    var world = try RuleWorld("correction", #""metric": "pages""#)
    let time = moment("2026-11-05T12:00")
    let closing = ClosedMonth(
      snapshot: closed.map { ClosedSnapshot(snapshot(1, $0, moment("2026-11-01T01:00"))) }, quota: Quota(),
      isSettled: false, plan: nil, planVersion: nil, forcedBecause: nil)
    let month = ObservedMonth(
      snapshot: snapshot(3, pages, time), before: before.map { snapshot(2, $0, moment(seen)) }, quota: Quota(),
      period: billingMonth("2026-10").period(in: .gmt), closed: closing)
    return world.judge([month], at: time).map(\.reason)
  }

  @Test(
    "tells of a closed month that changed in either direction, and says what it was closed with",
    arguments: [
      (120, 120, 120, nil),
      (120, 120, 125, "pages of 2026-10 went up from 120 to 125 after the month was closed"),
      (120, 120, 118, "pages of 2026-10 went down from 120 to 118 after the month was closed"),
      (120, 125, 130, "pages of 2026-10 went up from 125 to 130; the month was closed with 120"),
      (120, 125, 120, "pages of 2026-10 went down from 125 to 120; the month was closed with 120"),
      (120, 125, 125, nil),
      (nil, nil, 7, "pages of 2026-10: 7, and the month was closed without a reading"),
      (nil, 7, 9, "pages of 2026-10 went up from 7 to 9; the month was closed without a reading"),
      (nil, 7, 7, nil),
    ] as [(Int64?, Int64?, Int64, String?)])
  func closed(closed: Int64?, before: Int64?, now: Int64, reason: String?) throws {
    #expect(try Self.closedOctober(with: closed, before: before, now: now) == (reason.map { [$0] } ?? []))
  }

  @Test("tells once, when it is over, what a month has grown by that was closed while it ran")
  func closedWhileRunning() throws {
    let told = try Self.closedOctober(with: 70, before: 100, seen: "2026-10-31T23:45", now: 100)
    #expect(told == ["pages of 2026-10 went up from 70 to 100 after the month was closed"])
    #expect(try Self.closedOctober(with: 70, before: 100, now: 100) == [])
  }

  @Test("takes no time to hold, and is not repeated", arguments: [#""for": 2"#, #""remind_every": "1d""#])
  func momentary(setting: String) {
    #expect(throws: RuleWorld.Refused.self) { try RuleWorld("correction", setting) }
  }
}
