import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("A spike rule")
struct SpikeRuleTests {
  private let rule = #""metric": "pages""#

  /// 240 pages a day, ten each hour, for so many days up to a moment.
  private func steady(_ settings: String, days: Int64 = 14, upTo end: Date) throws -> RuleWorld {
    var world = try RuleWorld("spike", settings)
    var time = end - .days(days)
    while time <= end {
      world.read(Self.counter(at: time), at: time)
      time = time + .hours(1)
    }
    return world
  }

  /// Ten pages each hour since the month began.
  private static func counter(at time: Date) -> Int64 {
    guard let month = BillingMonth(containing: time, in: .gmt) else { return 0 }
    return Int64(time.wholeSeconds - month.firstDay * 86_400) / 3_600 * 10
  }

  // 240 within 24 hours are usual; of the next hour's window 230 are.
  @Test("fires above the factor and not at it", arguments: [(489, nil), (490, nil), (491, true)] as [(Int64, Bool?)])
  func boundary(burst: Int64, holds: Bool?) throws {
    let end = moment("2026-11-25T12:00")
    var world = try steady(rule, upTo: end)
    #expect(world.holds == nil)
    world.read(Self.counter(at: end) + burst, at: end + .hours(1))
    #expect(world.holds == holds)
    guard holds != nil else { return }
    let evidence = world.verdicts[0].evidence
    #expect(evidence.used == 721)
    #expect(evidence.baseline == 240)
    #expect(evidence.windowSeconds == 86_400)
    #expect(evidence.threshold == 721)
    #expect(world.verdicts[0].key == AlertKey(rule: RuleID("r"), organization: OrganizationID("acme"), metric: .pages))
  }

  @Test("counts a large hour only while it is within the window", arguments: [9_205, 11_705])
  func largeHour(burst: Int64) throws {
    let end = moment("2026-11-05T12:00")
    var world = try steady(rule, upTo: end)
    for hour in 1...200 {
      let time = end + .hours(Int64(hour))
      world.read(Self.counter(at: time) + burst, at: time)
      guard hour > 25 else { continue }
      let used = try #require(world.profile.profile.used(.pages, since: time - .hours(24)))
      #expect(abs(used - 240) <= 24, "\(hour) h later")
    }
  }

  @Test("takes an hour of the day of which nothing is known for one like the others")
  func watchedByDay() throws {
    var world = try RuleWorld("spike", rule + #", "window": "6h", "minimum": 50"#)
    let start = moment("2026-11-02T00:00")
    for hour in 0..<20 * 24 where (8...20).contains(hour % 24) {
      world.read(Self.counter(at: start + .hours(Int64(hour))), at: start + .hours(Int64(hour)))
      #expect(world.holds != true, "after \(hour) h")
    }
  }

  @Test("resolves when the window is back under the limit")
  func resolves() throws {
    let end = moment("2026-11-25T12:00")
    var world = try steady(rule, upTo: end)
    world.read(Self.counter(at: end) + 2_000, at: end + .hours(1))
    #expect(world.holds == true)
    world.tell()
    world.read(Self.counter(at: end + .hours(24)) + 2_000, at: end + .hours(24))
    #expect(world.holds == true)
    world.read(Self.counter(at: end + .hours(26)) + 2_000, at: end + .hours(26))
    #expect(world.holds == false)
  }

  @Test("goes on over the turn of the month as the same alert")
  func turnOfMonth() throws {
    let end = moment("2026-11-30T23:00")
    var world = try steady(rule, upTo: end)
    world.read(Self.counter(at: end) + 2_000, at: moment("2026-11-30T23:50"))
    #expect(world.holds == true)
    let key = world.verdicts[0].key
    world.tell()
    world.read(5, at: moment("2026-12-01T00:30"), past: [("2026-11", Self.counter(at: end) + 2_010)])
    #expect(world.holds == true)
    #expect(world.verdicts[0].key == key)
  }

  @Test("passes over what is less than the minimum", arguments: [(99, nil), (100, true)] as [(Int64, Bool?)])
  func minimum(burst: Int64, holds: Bool?) throws {
    var world = try RuleWorld("spike", rule)
    let start = moment("2026-11-02T00:00")
    for hour in 0..<(14 * 24) { world.read(5, at: start + .hours(Int64(hour))) }
    world.read(5 + burst, at: start + .days(14))
    #expect(world.holds == holds)
  }

  @Test(
    "says nothing before half of the baseline's days are known", arguments: [(5, nil), (6, true)] as [(Int64, Bool?)])
  func unknown(days: Int64, holds: Bool?) throws {
    let end = moment("2026-11-25T00:00")
    // The first day is known in part only, and the window covers the last one.
    var world = try steady(rule, days: days, upTo: end)
    world.read(Self.counter(at: end) + 5_000, at: end + .minutes(15))
    #expect(world.holds == holds)
  }

  @Test("spreads what came after an outage over the outage")
  func outage() throws {
    let end = moment("2026-11-20T12:00")
    var world = try steady(rule, upTo: end)
    world.read(Self.counter(at: end + .days(4)), at: end + .days(4))
    #expect(world.holds == nil)
  }

  @Test("takes a Monday for a Monday where the weekdays are known")
  func weekdays() throws {
    // All of the use is on Mondays: measured by the average day it would be seven times the usual.
    var world = try RuleWorld("spike", rule + #", "baseline": "28d""#)
    let start = moment("2026-08-31T00:00")
    var fired = 0
    for hour in 0..<(7 * 7 * 24) {
      let time = start + .hours(Int64(hour))
      let month = billingMonth(String(time.iso8601.prefix(7)))
      let mondays = (month.firstDay * 24..<time.wholeSeconds / 3_600).count { WeekdayProfile.weekday($0 / 24) == 0 }
      world.read(Int64(mondays) * 50, at: time)
      // Until two Mondays are known, the average day is all there is.
      if hour > 4 * 7 * 24, world.holds == true { fired += 1 }
    }
    #expect(fired == 0)
  }

  @Test("knows the hours of the day in a window of an hour")
  func hourOfDay() throws {
    var world = try RuleWorld("spike", rule + #", "window": "1h", "minimum": 10"#)
    var fired = 0
    var time = moment("2026-11-02T00:00")
    while time < moment("2026-11-27T00:00") {
      world.read(officeUse(perHour: 60, upTo: time), at: time)
      if time > moment("2026-11-20T00:00"), world.holds == true { fired += 1 }
      time = time + .minutes(30)
    }
    #expect(fired == 0)
  }

  @Test("says nothing where nothing was read")
  func notRead() throws {
    var world = try steady(rule, upTo: moment("2026-11-25T12:00"))
    #expect(world.judge([], at: moment("2026-11-25T13:00")).isEmpty)
  }

  @Test(
    "is refused with settings that mean nothing",
    arguments: [
      "", #""metric": "pages", "window": "30m""#, #""metric": "pages", "window": "8d""#,
      #""metric": "pages", "factor": 1"#, #""metric": "pages", "factor": 1000.5"#, #""metric": "pages", "factor": "3""#,
      #""metric": "pages", "baseline": "6d""#, #""metric": "pages", "baseline": "36d""#,
      #""metric": "pages", "baseline": "170h""#, #""metric": "pages", "minimum": 0"#,
    ])
  func refused(settings: String) {
    #expect(throws: RuleWorld.Refused.self) { try RuleWorld("spike", settings) }
  }
}
