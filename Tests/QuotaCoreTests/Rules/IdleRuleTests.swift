import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("An idle rule")
struct IdleRuleTests {
  /// An office that is watched for four weeks, up to the end of use.
  private func office(_ settings: String, until end: Date) throws -> RuleWorld {
    var world = try RuleWorld("idle", settings)
    watch(&world, from: moment("2026-10-19T00:00"), to: end, usedUntil: end)
    return world
  }

  private func watch(_ world: inout RuleWorld, from start: Date, to end: Date, usedUntil last: Date) {
    var time = start
    while time <= end {
      world.read(officeUse(perHour: 60, upTo: min(time, last)), at: time)
      time = time + .minutes(30)
    }
  }

  @Test(
    "counts plain time where the active hours are not known", arguments: [(359, nil), (360, true)] as [(Int64, Bool?)])
  func plain(minutes: Int64, holds: Bool?) throws {
    var world = try RuleWorld("idle", #""after": "6h""#)
    let start = moment("2026-11-10T12:00")
    world.read(100, at: start)
    world.read(101, at: start + .minutes(15))
    world.read(101, at: start + .minutes(15 + minutes))
    #expect(world.holds == holds)
    guard holds != nil else { return }
    #expect(world.verdicts[0].evidence.observedAfter == start + .minutes(15))
    #expect(world.verdicts[0].reason.contains("by the clock"))
  }

  @Test("counts plain time where a reading a day tells no hours")
  func daily() throws {
    var world = try RuleWorld("idle", #""after": "30h""#)
    let start = moment("2026-10-20T06:00")
    for day in 0..<20 { world.read(Int64(day) * 10, at: start + .days(Int64(day))) }
    for hour in [24, 48] { world.read(190, at: start + .days(19) + .hours(Int64(hour))) }
    #expect(world.verdicts.first?.reason.contains("by the clock") == true)
  }

  @Test("counts from the first reading if nothing was ever used")
  func neverUsed() throws {
    var world = try RuleWorld("idle", #""after": "6h""#)
    let start = moment("2026-11-10T12:00")
    world.read(100, at: start)
    #expect(world.holds == nil)
    world.read(100, at: start + .hours(6))
    #expect(world.holds == true)
    #expect(world.verdicts[0].reason.hasPrefix("no pages or conversions since it is watched"))
  }

  @Test("counts from the first reading, whatever months add that were over before")
  func lateResults() throws {
    var world = try RuleWorld("idle", #""after": "2d""#)
    let start = moment("2026-11-04T10:00")
    world.read(320, at: start, past: [("2026-10", 1_060)])
    world.read(320, at: start + .hours(1), past: [("2026-10", 1_070)])
    #expect(world.holds == nil)
    world.read(320, at: start + .hours(47), past: [("2026-10", 1_080)])
    #expect(world.holds == nil)
    world.read(320, at: start + .hours(48), past: [("2026-10", 1_080)])
    #expect(world.holds == true)
    #expect(world.verdicts[0].reason.hasPrefix("no pages or conversions since it is watched, 2026-11-04T10:00"))
  }

  @Test("takes a silent weekend for no news, and counts on in the working hours")
  func weekend() throws {
    let friday = moment("2026-11-20T17:00")
    var world = try office(#""after": "4h""#, until: friday)
    watch(&world, from: friday + .minutes(30), to: moment("2026-11-23T12:30"), usedUntil: friday)
    #expect(world.holds == nil)
    world.read(officeUse(perHour: 60, upTo: friday), at: moment("2026-11-23T13:00"))
    #expect(world.holds == true)
    #expect(world.verdicts[0].evidence.windowSeconds == 14_400)
    #expect(world.verdicts[0].reason.contains("of the hours in which it usually has some"))
  }

  @Test("counts whole days in days of the week with use")
  func days() throws {
    let friday = moment("2026-11-20T17:00")
    var world = try office(#""after": "1d""#, until: friday)
    // Seven hours of Friday and seventeen of Monday.
    watch(&world, from: friday + .minutes(30), to: moment("2026-11-23T16:30"), usedUntil: friday)
    #expect(world.holds == nil)
    world.read(officeUse(perHour: 60, upTo: friday), at: moment("2026-11-23T17:00"))
    #expect(world.holds == true)
  }

  @Test("goes on firing through a long silence, and resolves with the next use")
  func recovers() throws {
    let friday = moment("2026-11-20T17:00")
    var world = try office(#""after": "4h""#, until: friday)
    var time = friday
    let used = officeUse(perHour: 60, upTo: friday)
    var silentSince: Date?
    while time < moment("2027-02-10T00:00") {
      time = time + .hours(1)
      world.read(BillingMonth(containing: time, in: .gmt) == billingMonth("2026-11") ? used : 0, at: time)
      if world.holds == true, silentSince == nil {
        silentSince = time
        world.tell()
      }
      if silentSince != nil { #expect(world.holds == true) }
    }
    #expect(silentSince == moment("2026-11-23T13:00"))
    world.read(1, at: time + .hours(1))
    #expect(world.holds == false)
  }

  @Test("takes a correction for no silence, however large it is", arguments: [30, 700, 2_100])
  func correction(lost: Int64) throws {
    let thursday = moment("2026-11-19T17:00")
    var world = try office(#""after": "1d""#, until: thursday)
    world.read(officeUse(perHour: 60, upTo: thursday) - lost, at: thursday + .minutes(30))
    #expect(world.holds == nil)
    world.read(officeUse(perHour: 60, upTo: thursday) - lost, at: moment("2026-11-20T09:00"))
    #expect(world.holds == nil)
  }

  @Test(
    "a day that nobody watched does not make silent weekends news",
    arguments: ["2026-10-21", "2026-10-24", "2026-10-28", "2026-10-31", "2026-11-04"])
  func outage(day: String) throws {
    var world = try RuleWorld("idle", #""after": "1d""#)
    let lost = moment("\(day)T00:00")..<(moment("\(day)T00:00") + .hours(30))
    var time = moment("2026-10-19T00:00")
    while time <= moment("2026-11-09T08:30") {
      if !lost.contains(time) {
        world.read(officeUse(perHour: 60, upTo: time), at: time)
        // Two weekends have to be seen.
        if time >= moment("2026-11-02T09:30") { #expect(world.holds != true, "\(time)") }
      }
      time = time + .minutes(30)
    }
  }

  @Test("what is seen shortly after midnight was used before, and makes no weekend busy")
  func afterMidnight() throws {
    var world = try RuleWorld("idle", #""after": "1d""#)
    var time = moment("2026-10-12T00:20")
    while time <= moment("2026-11-23T08:20") {
      // A job at ten to midnight of each working day.
      world.read(nightly(upTo: time), at: time)
      if time >= moment("2026-10-27T00:00") { #expect(world.holds != true, "\(time)") }
      time = time + .hours(1)
    }
    let days = world.profile.profile.days
    for day in days.first..<days.last where WeekdayProfile.weekday(day) >= 5 {
      #expect(days.pages[day - days.first] == 0)
    }
  }

  private func nightly(upTo time: Date) -> Int64 {
    guard let month = BillingMonth(containing: time, in: .gmt) else { return 0 }
    var moment = month.period(in: .gmt).lowerBound.addingTimeInterval(23 * 3_600 + 50 * 60)
    var count: Int64 = 0
    while moment <= time {
      if WeekdayProfile.weekday(moment.wholeSeconds.floored(by: 86_400)) < 5 { count += 40 }
      moment = moment + .days(1)
    }
    return count
  }

  @Test("says when there is use again since when there was none")
  func resolution() throws {
    var world = try RuleWorld("idle", #""after": "6h""#)
    let start = moment("2026-11-10T12:00")
    world.read(100, at: start)
    world.read(101, at: start + .hours(1))
    world.read(101, at: start + .hours(8))
    world.tell()
    world.read(105, at: start + .hours(9))
    #expect(
      world.verdicts.first?.reason
        == "pages or conversions seen at 2026-11-10T21:00:00.000Z: there had been none since 2026-11-10T13:00:00.000Z"
    )
    #expect(world.verdicts.first?.evidence.observedAfter == start + .hours(1))
  }

  @Test("watches one metric if it is told to")
  func metric() throws {
    var (pages, both) = (
      try RuleWorld("idle", #""after": "6h", "metric": "pages""#), try RuleWorld("idle", #""after": "6h""#)
    )
    let start = moment("2026-11-10T12:00")
    for hour in 0...6 {
      pages.read(7, Int64(hour), at: start + .hours(Int64(hour)))
      both.read(7, Int64(hour), at: start + .hours(Int64(hour)))
    }
    #expect(pages.holds == true)
    #expect(pages.verdicts[0].key.metric == .pages)
    #expect(both.holds == nil)
  }

  @Test("does not take a glitch for use")
  func glitch() throws {
    var world = try RuleWorld("idle", #""after": "6h""#)
    let start = moment("2026-11-10T12:00")
    for (hour, pages) in [100, 101, 101, 1_010, 101, 101, 101, 101, 101].enumerated() {
      world.read(Int64(pages), at: start + .hours(Int64(hour)))
    }
    #expect(world.holds == true)
  }

  @Test("says nothing where nothing was read")
  func notRead() throws {
    var world = try RuleWorld("idle", #""after": "1h""#)
    world.read(1, at: moment("2026-11-10T12:00"))
    #expect(world.judge([], at: moment("2026-11-12T12:00")).isEmpty)
  }

  @Test(
    "is refused with settings that mean nothing",
    arguments: ["", #""after": "30m""#, #""after": "91d""#, #""after": "6h", "metric": "page""#, #""after": 6"#])
  func refused(settings: String) {
    #expect(throws: RuleWorld.Refused.self) { try RuleWorld("idle", settings) }
  }
}
