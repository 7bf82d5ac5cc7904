import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("A forecast rule")
struct ForecastRuleTests {
  private let rule = #""metric": "pages""#

  @Test(
    "judges the month by an even pace where nothing else is known",
    // Ten of November's thirty days.
    arguments: [(3_334, false), (4_000, true), (9_000, true)] as [(Int64, Bool)])
  func linear(used: Int64, holds: Bool) throws {
    var world = try RuleWorld("forecast", rule)
    world.read(0, at: moment("2026-11-01T00:00"))
    world.read(used, at: moment("2026-11-11T00:00"))
    #expect(world.holds == (holds ? true : nil))
    #expect(!holds || world.verdicts[0].evidence.projected == used * 3)
  }

  @Test("says nothing before enough of the month is over", arguments: [(71, nil), (72, true)] as [(Int64, Bool?)])
  func minElapsed(hours: Int64, holds: Bool?) throws {
    var world = try RuleWorld("forecast", rule)
    world.read(0, at: moment("2026-11-01T00:00"))
    world.read(5_000, at: moment("2026-11-01T00:00") + .hours(hours))
    #expect(world.holds == holds)
  }

  @Test("stays true of a month that has passed its mark, and needs no pace for that")
  func passed() throws {
    var world = try RuleWorld("forecast", rule)
    world.read(0, at: moment("2026-11-01T00:00"))
    world.read(10_000, at: moment("2026-11-01T01:00"))
    #expect(world.holds == true)
    #expect(world.verdicts[0].reason == "10,000 of 10,000 pages in 2026-11: past 100%, which is 10,000, already")
    #expect(world.verdicts[0].evidence.exhaustedFrom == nil)
    #expect(world.verdicts[0].evidence.dailyAllowance == 0)
  }

  @Test("weighs the days by what is usual on such days")
  func weekdays() throws {
    // 20 working days in October's weeks; November 2026 begins on a Sunday and has 21.
    var (weekdays, plain) = (try RuleWorld("forecast", rule), try RuleWorld("forecast", rule))
    weekdays.quota.pages = 20 * 8 * 60
    plain.quota.pages = 20 * 8 * 60
    var time = moment("2026-10-01T00:00")
    while time <= moment("2026-11-09T00:00") {
      weekdays.read(officeUse(perHour: 60, upTo: time), at: time)
      if time >= moment("2026-11-01T00:00") { plain.read(officeUse(perHour: 60, upTo: time), at: time) }
      time = time + .hours(1)
    }
    // Five working days of 480 pages: 2,400 by the ninth. Evenly that makes 9,000; but 16 working days are to come.
    #expect(plain.holds == nil)
    #expect(weekdays.holds == true)
    let evidence = weekdays.verdicts[0].evidence
    #expect(evidence.used == 2_400)
    #expect(evidence.projected == 10_080)
    #expect(weekdays.verdicts[0].key.level == nil)
  }

  @Test("names when the quota runs out, and what is left for each day")
  func exhaustion() throws {
    var world = try RuleWorld("forecast", rule)
    // 600 a day with some scatter, from the first on.
    for day in 0..<11 {
      let scatter: Int64 = day % 2 == 0 ? 30 : -30
      world.read(Int64(day) * 600 + (day == 0 ? 0 : scatter), at: moment("2026-11-01T00:00") + .days(Int64(day)))
    }
    let evidence = try #require(world.verdicts.first).evidence
    #expect(evidence.used == 6_030)
    let projected = try #require(evidence.projected)
    #expect(abs(projected - 18_050) <= 100)
    let (low, high) = (try #require(evidence.projectedLow), try #require(evidence.projectedHigh))
    #expect(low > 16_500 && low < projected && high > projected && high < 19_500)
    // 3,970 more at about 600 a day: about 6.6 days after the eleventh's beginning.
    let (from, to) = (try #require(evidence.exhaustedFrom), try #require(evidence.exhaustedTo))
    #expect(from > moment("2026-11-16T12:00") && from < moment("2026-11-17T14:00"))
    #expect(to > moment("2026-11-17T14:00") && to < moment("2026-11-18T20:00"))
    // 3,970 for twenty days.
    #expect(evidence.dailyAllowance == 198)
    #expect(evidence.periodEnd == moment("2026-12-01T00:00"))
  }

  @Test("gives a range on an even pace, whatever is known of the days", arguments: [false, true])
  func evenRange(knowsDays: Bool) throws {
    var world = try RuleWorld("forecast", rule)
    for day in 0...10 where knowsDays || day == 0 || day == 10 {
      world.read(Int64(day) * 600, at: moment("2026-11-01T00:00") + .days(Int64(day)))
    }
    let evidence = try #require(world.verdicts.first).evidence
    let (from, to) = (try #require(evidence.exhaustedFrom), try #require(evidence.exhaustedTo))
    #expect(to.timeIntervalSince(from) > 3_600)
    #expect(try #require(evidence.projectedLow) < 18_000)
    #expect(try #require(evidence.projectedHigh) > 18_000)
  }

  @Test("has an open end where the quota may last")
  func mayLast() throws {
    var world = try RuleWorld("forecast", rule + ", \"confidence\": 60")
    let daily: [Int64] = [100, 700, 50, 900, 20, 500, 60, 800, 90, 780]
    var used: Int64 = 0
    world.read(0, at: moment("2026-11-01T00:00"))
    for (day, pages) in daily.enumerated() {
      used += pages
      world.read(used, at: moment("2026-11-02T00:00") + .days(Int64(day)))
    }
    let evidence = try #require(world.verdicts.first).evidence
    #expect(try #require(evidence.projected) > 10_000)
    #expect(try #require(evidence.projectedLow) < 10_000)
    #expect(evidence.exhaustedFrom != nil)
    #expect(evidence.exhaustedTo == nil)
  }

  @Test(
    "resolves when passing the mark has become improbable, and not for a hair's breadth",
    arguments: [(3_700, true), (3_334, true), (3_260, true), (3_050, false)] as [(Int64, Bool)])
  func resolves(used: Int64, holds: Bool) throws {
    var world = try RuleWorld("forecast", rule)
    world.read(0, at: moment("2026-11-01T00:00"))
    world.read(3_000, at: moment("2026-11-08T00:00"))
    world.tell()
    world.read(used, at: moment("2026-11-11T00:00"))
    #expect(world.holds == holds)
  }

  @Test("has another mark than the quota if it is told to")
  func percent() throws {
    var world = try RuleWorld("forecast", rule + #", "percent": 80, "min_elapsed": "1d""#)
    world.read(0, at: moment("2026-11-01T00:00"))
    world.read(500, at: moment("2026-11-02T00:00"))
    #expect(world.holds == true)
    #expect(world.verdicts[0].evidence.threshold == 8_000)
    #expect(world.verdicts[0].reason.contains("pass 80%, which is 8,000"))
  }

  @Test("is as sure as it is told to be", arguments: [(50, true), (80, true), (99, nil)] as [(Int, Bool?)])
  func confidence(percent: Int, holds: Bool?) throws {
    var world = try RuleWorld("forecast", rule + ", \"confidence\": \(percent)")
    world.read(0, at: moment("2026-11-01T00:00"))
    world.read(3_700, at: moment("2026-11-11T00:00"))
    #expect(world.holds == holds)
    guard holds == true else { return }
    #expect((80...98).contains(try #require(world.verdicts[0].evidence.probability)))
  }

  @Test("names the vendor's days", arguments: ["Pacific/Auckland", "America/Los_Angeles", "UTC"])
  func days(name: String) throws {
    let zone = try #require(TimeZone(identifier: name))
    let month = try #require(BillingMonth("2026-11"))
    var world = try RuleWorld("forecast", rule, zone: zone)
    let start = month.period(in: zone).lowerBound
    for day in 0...10 { world.read(Int64(day) * 400, at: start + .days(Int64(day))) }
    let verdict = try #require(world.verdicts.first)
    let from = try #require(verdict.evidence.exhaustedFrom)
    let day = try #require((0..<30).last { start + .days(Int64($0)) <= from }) + 1
    #expect(verdict.reason.contains("the quota runs out between 2026-11-\(day) and "))
  }

  @Test("says in words how sure it is, with the range and the days")
  func words() throws {
    var world = try RuleWorld("forecast", rule)
    for day in 0...10 { world.read(Int64(day) * 400, at: moment("2026-11-01T00:00") + .days(Int64(day))) }
    let reason = try #require(world.verdicts.first).reason
    #expect(
      reason.hasPrefix(
        "4,000 of 10,000 pages in 2026-11: will almost certainly pass 100%, which is 10,000 (99 % to pass)")
    )
    #expect(reason.contains("; expected are 12,000, 11,"))
    #expect(reason.contains(" in four of five cases; the quota runs out between 2026-11-2"))
    #expect(reason.hasSuffix("; 300 a day are left to stay inside"))
  }

  @Test("has no opinion without a quota, without a reading, and on months that are over")
  func nothing() throws {
    var world = try RuleWorld("forecast", rule)
    world.quota = Quota()
    world.read(9_000, at: moment("2026-11-11T00:00"))
    #expect(world.holds == nil)
    world.quota = Quota(pages: 10)
    #expect(world.judge([], at: moment("2026-11-11T01:00")).isEmpty)
    let october = billingMonth("2026-10")
    let late = Snapshot(
      id: 9, organization: OrganizationID("acme"), month: october, counters: Counters(pages: 500, conversions: 0),
      firstSeenAt: moment("2026-11-01T00:00"), lastSeenAt: moment("2026-11-02T00:00"))
    let month = ObservedMonth(snapshot: late, before: nil, quota: world.quota, period: october.period(in: .gmt))
    #expect(world.judge([month], at: moment("2026-11-02T00:00")).isEmpty)
  }

  @Test("holds for two readings unless the rule says otherwise")
  func usualHold() throws {
    #expect(try RuleWorld("forecast", rule).kind.usualHoldFor == .readings(2))
  }

  @Test(
    "is refused with settings that mean nothing",
    arguments: [
      "", #""metric": "page""#, #""metric": "pages", "percent": 0"#, #""metric": "pages", "percent": [100]"#,
      #""metric": "pages", "min_elapsed": "30m""#, #""metric": "pages", "min_elapsed": "28d""#,
      #""metric": "pages", "after": "1d""#, #""metric": "pages", "confidence": 49"#,
      #""metric": "pages", "confidence": 100"#, #""metric": "pages", "confidence": "80""#,
    ])
  func refused(settings: String) {
    #expect(throws: RuleWorld.Refused.self) { try RuleWorld("forecast", settings) }
  }
}
