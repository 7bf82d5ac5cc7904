import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("The usage profile")
struct UsageProfileTests {
  @Test("says nothing of what was used before the first reading")
  func firstReading() {
    var world = ProfileWorld()
    world.read(5_000, at: moment("2026-11-10T12:00"))
    #expect(world.dailyPages == [0])
    #expect(world.profile.lastUsed(of: nil) == nil)
    #expect(world.profile.lastObservedAt == moment("2026-11-10T12:00"))
  }

  @Test("spreads an increase over the hours since the reading before, and loses nothing")
  func spread() {
    var world = ProfileWorld()
    world.read(1_000, at: moment("2026-11-10T12:00"))
    world.read(1_100, at: moment("2026-11-10T14:30"))
    #expect(world.hourlyPages == [40, 40, 20])
    #expect(world.dailyPages == [100])
    world.read(1_107, at: moment("2026-11-10T16:30"))
    #expect(world.hourlyPages.reduce(0, +) == 107)
  }

  @Test("an hour read some seconds after its end says nothing of the next", arguments: [-9, 0, 7, 119])
  func secondsOffTheHour(seconds: Int64) throws {
    var world = ProfileWorld()
    let start = moment("2026-10-01T00:00") + .seconds(seconds)
    // One batch in the third hour of each day, of which rounding takes nothing.
    world.watch(start..<start + .days(20), every: .hours(1)) { time in
      let hour = Int64((time.timeIntervalSince(start) / 3_600).rounded())
      return (hour / 24 + (hour % 24 >= 3 ? 1 : 0)) * 1_024
    }
    let hours = world.profile.hours
    #expect(hours.pages.contains(1_024))
    #expect(hours.pages.indices.allSatisfy { hours.pages[$0] == ((hours.first + $0) % 24 == 2 ? 1_024 : 0) })
    let end = try #require(world.profile.lastObservedAt)
    let active = try #require(ActiveHours(hoursOf: world.profile, metric: .pages, before: end))
    #expect(active.seconds(from: end, to: end + .days(7)) == 7 * 3_600)
  }

  @Test("a batch that begins at midnight is its own day's, also if a reading falls into it")
  func batchAtMidnight() {
    var world = ProfileWorld()
    let start = moment("2026-10-05T00:00") + .seconds(30)
    // 600 pages in the first quarter of an hour of each working day.
    world.watch(start..<start + .days(26), every: .hours(1)) { time in
      let second = time.wholeSeconds - 30 - moment("2026-10-05T00:00").wholeSeconds
      let (day, hour) = (second / 86_400, second % 86_400 / 3_600)
      let before = day / 7 * 5 + min(day % 7, 5)
      return Int64(before) * 600 + (day % 7 < 5 ? (hour == 0 ? 20 : 600) : 0)
    }
    let weekends = world.dailyPages.indices.filter { $0 > 14 && $0 % 7 > 4 }
    #expect(weekends.allSatisfy { world.dailyPages[$0] == 0 })
  }

  @Test("what is used as usual after a correction is no return of what was taken back", arguments: [1, 24])
  func useAfterCorrection(hours: Int64) {
    var world = ProfileWorld()
    let start = moment("2026-10-01T00:00")
    // 500 pages in the third hour of each day; on the 15th 1,500 are taken back for good.
    world.watch(start..<start + .days(20), every: .hours(hours)) { time in
      let hour = (time.wholeSeconds - start.wholeSeconds) / 3_600
      return Int64(hour / 24 + (hour % 24 >= 3 ? 1 : 0)) * 500 - (hour > 14 * 24 + 12 ? 1_500 : 0)
    }
    #expect(world.dailyPages.dropFirst(15).prefix(4) == [500, 500, 500, 500])
  }

  @Test("what is read more than two minutes into an hour is spread over it")
  func minutesOffTheHour() {
    var world = ProfileWorld()
    let start = moment("2026-10-01T00:03")
    world.watch(start..<start + .hours(4), every: .hours(1)) { $0 > start + .hours(1) ? 1_000 : 0 }
    #expect(world.hourlyPages == [0, 950, 50, 0])
  }

  @Test("counts a new month from zero, since the turn of the month")
  func turnOfMonth() {
    var world = ProfileWorld()
    world.read(1_000, at: moment("2026-11-30T23:00"))
    world.read(60, at: moment("2026-12-01T01:00"))
    world.read(1_030, at: moment("2026-12-01T01:00"), month: billingMonth("2026-11"))
    #expect(world.hourlyPages == [30, 60, 0])
    #expect(world.dailyPages == [30, 60])
  }

  @Test("counts an organization's first reading of a month from zero only if it was watched before")
  func firstMonth() {
    var world = ProfileWorld()
    world.read(700, at: moment("2026-11-01T00:10"))
    // The past month, read for the first time: nobody knows when its use happened.
    world.read(9_000, at: moment("2026-11-01T00:10"), month: billingMonth("2026-10"))
    #expect(world.dailyPages == [0])
    world.read(750, at: moment("2026-11-01T00:25"))
    #expect(world.dailyPages == [50])
  }

  @Test("takes what a past month still grows by for use of its last hour")
  func lateResults() {
    var world = ProfileWorld()
    world.read(1_000, at: moment("2026-10-31T22:30"))
    world.read(0, at: moment("2026-11-01T00:30"))
    world.read(1_000, at: moment("2026-11-01T00:30"), month: billingMonth("2026-10"))
    world.read(0, at: moment("2026-11-02T00:30"))
    world.read(1_080, at: moment("2026-11-02T00:30"), month: billingMonth("2026-10"))
    #expect(world.dailyPages == [80, 0, 0])
    #expect(world.profile.lastUsed(of: .pages) == moment("2026-11-01T00:00"))
    // And takes it back from there.
    world.read(0, at: moment("2026-11-03T00:30"))
    world.read(1_000, at: moment("2026-11-03T00:30"), month: billingMonth("2026-10"))
    #expect(world.dailyPages == [0, 0, 0, 0])
  }

  @Test(
    "what a month came to after its last reading was used on its last days, whichever month is read first",
    arguments: [false, true])
  func monthsEnd(isPastFirst: Bool) {
    var world = ProfileWorld()
    // Up to Friday morning, and on Monday morning.
    for day in 0..<30 { world.read(Int64(day) * 48, at: moment("2026-10-01T00:00") + .days(Int64(day))) }
    for isPast in [isPastFirst, !isPastFirst] {
      world.read(
        isPast ? 31 * 48 : 54, at: moment("2026-11-02T06:00"), month: isPast ? billingMonth("2026-10") : nil)
    }
    let days = world.profile.days
    #expect(days.pages.suffix(5).prefix(3) == [48, 48, 48])
    #expect(days.pages.suffix(2).reduce(0, +) == 54)
    // Of Friday and Saturday the sum is known, and of Sunday and Monday.
    #expect(days.gaps.ranges.last == days.last - 3...days.last)
    #expect(world.hourlyPages.suffix(31).reduce(0, +) == 54)
    #expect(world.hourlyPages.suffix(31 + 48).reduce(0, +) == 54 + 96)
  }

  @Test("does not run ahead of a vendor whose months turn before the billing zone's")
  func earlyMonth() throws {
    var world = ProfileWorld(try #require(TimeZone(identifier: "America/Los_Angeles")))
    world.read(1_000, at: moment("2026-10-31T23:50"))
    world.read(10, at: moment("2026-11-01T02:05"), month: billingMonth("2026-11"))
    #expect(world.profile.lastObservedAt == moment("2026-11-01T02:05"))
    world.read(20, at: moment("2026-11-01T03:05"), month: billingMonth("2026-11"))
    #expect(world.hourlyPages.suffix(1) == [10] || world.hourlyPages.suffix(2).reduce(0, +) >= 10)
  }

  @Test("keeps no trace of a glitch that was taken back")
  func glitch() {
    var (glitched, plain) = (ProfileWorld(), ProfileWorld())
    for world in [0, 1] {
      let pages: [Int64] = world == 0 ? [1_000, 1_010, 10_100, 1_020] : [1_000, 1_010, 1_010, 1_020]
      for (index, pages) in pages.enumerated() {
        let time = moment("2026-11-10T12:00") + .minutes(60 * Int64(index) + 1)
        if world == 0 { glitched.read(pages, at: time) } else { plain.read(pages, at: time) }
      }
    }
    #expect(glitched.hourlyPages.reduce(0, +) == 20)
    #expect(glitched.dailyPages == plain.dailyPages)
  }

  /// A counter that grows by ten an hour, with an answer or some that are wrong.
  private func world(wrong: [Int: Int64] = [:]) -> ProfileWorld {
    var world = ProfileWorld()
    for hour in 0..<60 {
      let right = 1_000 + 10 * Int64(hour)
      world.read(
        wrong[hour] ?? right, wrong[hour].map { $0 / 5 } ?? right / 5,
        at: moment("2026-11-10T00:01") + .hours(Int64(hour)))
    }
    return world
  }

  @Test(
    "keeps no trace of what the vendor takes back, and of what comes back",
    arguments: [
      [30: 0], [30: 0, 31: 0, 32: 0], [30: 400, 31: 800, 32: 1_200], [30: 0, 31: 5, 32: 10], [30: 13_000],
      [30: 4_000], [30: 13_000, 31: 13_010, 32: 13_020], [30: 0, 31: 13_000], [30: 13_000, 31: 0],
    ] as [[Int: Int64]])
  func traceless(wrong: [Int: Int64]) {
    let (plain, wrong) = (world(), world(wrong: wrong))
    for (one, other) in zip(plain.dailyPages, wrong.dailyPages) { #expect(abs(one - other) <= 10) }
    #expect(abs(plain.hourlyPages.reduce(0, +) - wrong.hourlyPages.reduce(0, +)) <= 10)
    #expect((wrong.hourlyPages.max() ?? 0) <= 45)
    #expect(wrong.profile.lastUsed(of: .pages) == plain.profile.lastUsed(of: .pages))
  }

  @Test("keeps no trace of a past month's figures that are gone for a while")
  func pastMonth() {
    var world = ProfileWorld()
    let october = billingMonth("2026-10")
    for hour in 0..<48 { world.read(1_000 + Int64(hour) * 10, at: moment("2026-10-30T00:00") + .hours(Int64(hour))) }
    for (hour, pages) in [1_480, 0, 1_480].enumerated() {
      let time = moment("2026-11-01T00:30") + .hours(Int64(hour))
      world.read(0, at: time)
      world.read(Int64(pages), at: time, month: october)
    }
    #expect(world.dailyPages.reduce(0, +) == 480)
    #expect(world.dailyPages.last == 0)
  }

  @Test("a correction leaves what was seen to be used, and later use counts in full")
  func correction() {
    var world = ProfileWorld()
    for hour in 0..<48 { world.read(100 + Int64(hour) * 10, at: moment("2026-11-10T00:00") + .hours(Int64(hour))) }
    for hour in 48..<72 { world.read(Int64(hour) * 10 - 200, at: moment("2026-11-10T00:00") + .hours(Int64(hour))) }
    #expect(world.dailyPages.suffix(2) == [230, 230])
  }

  @Test("a silence that was seen from both its ends is known, however long nobody looked")
  func silentGap() {
    var world = ProfileWorld()
    let start = moment("2026-11-10T06:00")
    world.read(100, at: start)
    world.read(100, at: start + .hours(60))
    #expect(world.profile.days.gaps.ranges.map(\.count) == [1])
  }

  @Test("takes a correction back from its own month only")
  func correctionWithinMonth() {
    var world = ProfileWorld()
    world.read(500, at: moment("2026-10-31T12:00"))
    world.read(600, at: moment("2026-10-31T13:00"))
    world.read(50, at: moment("2026-11-01T01:00"))
    world.read(10, at: moment("2026-11-01T02:00"))
    world.read(0, at: moment("2026-11-01T03:00"))
    #expect(world.dailyPages == [100, 0])
  }

  @Test("marks days that were not observed by themselves", arguments: [(26, true), (27, false)])
  func gaps(hours: Int64, isObserved: Bool) {
    var world = ProfileWorld()
    let start = moment("2026-11-10T06:00")
    world.read(0, at: start)
    world.read(100, at: start + .hours(20))
    world.read(200, at: start + .hours(20 + hours))
    let day = world.profile.days.last - 1
    #expect(world.profile.days.gaps.contains(day) != isObserved)
    #expect(world.dailyPages.reduce(0, +) == 200)
  }

  @Test("keeps the last eight days of hours and six weeks of days, whatever the history's length")
  func bounded() {
    var world = ProfileWorld()
    world.watch(moment("2026-08-01T00:00")..<moment("2026-11-20T00:00"), every: .hours(1)) { time in
      let hours = Int64(time.timeIntervalSince1970 / 3_600)
      return BillingMonth(containing: time, in: .gmt).map {
        hours - Int64($0.period(in: .gmt).lowerBound.wholeSeconds) / 3_600
      } ?? 0
    }
    #expect(world.profile.hours.count == 193)
    #expect(world.profile.days.count == 43)
    #expect(world.dailyPages.suffix(19).dropLast().allSatisfy { $0 == 24 })
    #expect(world.profile.bytes.count < 1_500)
  }

  @Test("knows the days of a zone with daylight saving", arguments: [("2026-10-25", 25), ("2026-03-29", 23)])
  func daylightSaving(day: String, hours: Int) throws {
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    var world = ProfileWorld(zone)
    let midnight = moment("\(day)T00:00") - .hours(day.hasPrefix("2026-10") ? 2 : 1)
    world.watch(midnight - .hours(24)..<midnight + .hours(48), every: .minutes(60)) { time in
      Int64(time.timeIntervalSince(midnight) / 3_600) + 100
    }
    #expect(world.dailyPages[1] == hours)
  }

  @Test("splits at a midnight that lies within an hour of UTC")
  func quarterHourZone() throws {
    let zone = try #require(TimeZone(identifier: "Asia/Kathmandu"))
    var world = ProfileWorld(zone)
    // Midnight is at 18:15 UTC.
    world.read(0, at: moment("2026-11-10T18:00"))
    world.read(100, at: moment("2026-11-10T19:00"))
    #expect(world.dailyPages == [25, 75])
  }

  @Test("remembers in which hours of the week there was use")
  func weekHours() {
    var world = ProfileWorld()
    let start = moment("2026-11-02T00:00")
    // Four weeks; 10 pages in each hour from 9:00 to 17:00 on working days.
    var pages: Int64 = 0
    world.watch(start - .days(21)..<start + .days(7), every: .minutes(30)) { time in
      let (day, hour) = (time.wholeSeconds / 86_400, time.wholeSeconds / 3_600 % 24)
      if time == moment("2026-11-01T00:00") { pages = 0 }
      if (day + 3) % 7 < 5, (9..<17).contains(hour) { pages += 5 }
      return pages
    }
    #expect(world.profile.week.activity(of: .pages, in: 12) == (3, 3))
    #expect(world.profile.week.activity(of: .pages, in: 4 * 24 + 12) == (3, 3))
    #expect(world.profile.week.activity(of: nil, in: 5 * 24 + 12) == (0, 3))
    #expect(world.profile.week.activity(of: nil, in: 6 * 24 + 12) == (0, 2))
    #expect(world.profile.week.activity(of: .conversions, in: 12) == (0, 3))
  }

  @Test("does not take a long silence for a habit")
  func longSilence() {
    var world = ProfileWorld()
    let start = moment("2026-11-02T00:00")
    world.read(0, at: start)
    world.read(100, at: start + .hours(1))
    for hour in 2..<600 { world.read(100, at: start + .hours(Int64(hour))) }
    #expect((0..<168).allSatisfy { world.profile.week.activity(of: nil, in: $0).observed <= 1 })
    #expect(world.profile.lastUsed(of: .pages) == start + .hours(1))
  }

  @Test("survives being stored")
  func bytes() throws {
    var world = ProfileWorld()
    #expect(UsageProfile(bytes: world.profile.bytes) == world.profile)
    world.watch(moment("2026-10-05T00:13")..<moment("2026-10-30T00:00"), every: .minutes(45)) { time in
      Int64(time.timeIntervalSince(moment("2026-10-01T00:00")) / 77)
    }
    world.read(90_000, 17, at: moment("2026-10-31T12:00"))
    world.read(7, at: moment("2026-11-09T12:00"))
    world.read(9, at: moment("2026-11-09T13:00"))
    #expect(world.profile.months.map(\.isMeasured) == [true, false])
    let bytes = world.profile.bytes
    #expect(UsageProfile(bytes: bytes) == world.profile)
    for length in bytes.indices { #expect(UsageProfile(bytes: Array(bytes.prefix(length))) == nil) }
    #expect(UsageProfile(bytes: bytes + [0]) == nil)
    #expect(UsageProfile(bytes: [2] + bytes.dropFirst()) == nil)
  }

  @Test("refuses damaged bytes without breaking")
  func damaged() {
    var world = ProfileWorld()
    world.watch(moment("2026-10-05T00:13")..<moment("2026-10-15T00:00"), every: .hours(2)) { time in
      Int64(time.timeIntervalSince(moment("2026-10-01T00:00")) / 77)
    }
    let bytes = world.profile.bytes
    for index in bytes.indices {
      for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[index] = value
        // Whatever is read of it can be used.
        var profile = UsageProfile(bytes: damaged) ?? UsageProfile()
        var zone = ZoneOffsets(.gmt)
        let snapshot = world.latest[billingMonth("2026-10")]
        if let snapshot {
          profile.record(
            before: snapshot, after: snapshot, observedAt: moment("2026-10-15T01:00"),
            period: billingMonth("2026-10").period(in: .gmt), zone: &zone)
        }
        #expect(profile.bytes.count < 4_000)
      }
    }
  }

  @Test("takes the vendor's largest counters without overflowing")
  func largest() {
    var world = ProfileWorld()
    world.read(0, at: moment("2026-11-10T12:00"))
    world.read(.max, .max, at: moment("2026-11-10T12:15"))
    world.read(0, 0, at: moment("2026-11-10T12:30"))
    #expect(world.hourlyPages == [0])
  }
}
