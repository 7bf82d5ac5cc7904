import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("A usage profile that is made anew")
struct ProfileRebuildTests {
  /// What was read, as the store keeps it.
  private struct History {
    private(set) var profile = UsageProfile()
    private(set) var snapshots: [Snapshot] = []
    private var offsets: ZoneOffsets
    private let zone: TimeZone
    private var latest: [BillingMonth: Int] = [:]

    init(_ zone: TimeZone) {
      self.zone = zone
      offsets = ZoneOffsets(zone)
    }

    mutating func read(_ counters: Counters, _ month: BillingMonth, at time: Date) {
      let before = latest[month].map { snapshots[$0] }
      let isSame = before?.counters == counters
      let after = Snapshot(
        id: isSame ? before?.id ?? 0 : Int64(snapshots.count + 1), organization: OrganizationID("acme"), month: month,
        counters: counters, firstSeenAt: isSame ? before?.firstSeenAt ?? time : time, lastSeenAt: time)
      if isSame, let index = latest[month] {
        snapshots[index] = after
      } else {
        latest[month] = snapshots.count
        snapshots.append(after)
      }
      profile.record(before: before, after: after, observedAt: time, period: month.period(in: zone), zone: &offsets)
      // It is stored after every run.
      profile = UsageProfile(bytes: profile.bytes) ?? UsageProfile()
    }

    /// The profile of what was seen since a moment.
    func rebuilt(since start: Date = .distantPast) -> UsageProfile {
      var offsets = ZoneOffsets(zone)
      let zone = self.zone
      return UsageProfile(snapshots.filter { $0.lastSeenAt >= start }.inOrderOfTime, zone: &offsets) {
        $0.period(in: zone)
      }
    }
  }

  /// Use with weekdays and silences, read at odd times, with outages, corrections, figures that are gone for a while, and
  /// months that are filled in late and in any order.
  private func history(seed: UInt64, days: Int, zone: TimeZone) throws -> History {
    var random = SeededGenerator(seed: seed)
    var history = History(zone)
    var (used, lost) = (Counters.zero, Int64(0))
    let start = moment("2026-02-03T05:20")
    var time = start
    var month = try #require(BillingMonth(containing: time, in: zone))
    let level = Double.random(in: 1...500, using: &random)
    while time < start + .days(Int64(days)) {
      let now = try #require(BillingMonth(containing: time, in: zone))
      if now != month {
        history.read(used, month, at: time)
        (used, lost, month) = (.zero, 0, now)
      }
      if Int.random(in: 0..<200, using: &random) == 0,
        let past = month.advanced(by: -Int.random(in: 2...7, using: &random))
      {
        let total = Int64.random(in: 0...20_000, using: &random)
        history.read(Counters(pages: total, conversions: total / 4), past, at: time)
      }
      if Int.random(in: 0..<150, using: &random) == 0 { lost = used.pages / 2 }
      if Int.random(in: 0..<5, using: &random) == 0 { lost = 0 }
      history.read(Counters(pages: used.pages - lost, conversions: used.conversions), month, at: time)
      let outage = Int.random(in: 0..<120, using: &random) == 0
      let step =
        outage ? Int.random(in: 86_400...900_000, using: &random) : Int.random(in: 600...40_000, using: &random)
      let isSilent = Int(time.timeIntervalSince1970) / 86_400 % 30 < 9
      let grown = isSilent ? 0 : Int64(Double.random(in: 0...2, using: &random) * level * Double(step) / 86_400)
      (used.pages, used.conversions) = (used.pages + grown, used.conversions + grown / 3)
      time = time + .seconds(Int64(step))
    }
    return history
  }

  @Test("is the same as the one that was kept run by run", arguments: 1...12)
  func same(seed: UInt64) throws {
    let zone = try #require(TimeZone(identifier: seed % 2 == 0 ? "Europe/Berlin" : "America/St_Johns"))
    let history = try history(seed: seed, days: 190, zone: zone)
    #expect(history.profile.months.count == RememberedMonth.capacity)
    #expect(history.profile == history.rebuilt())
    #expect(history.profile.bytes == history.rebuilt().bytes)
  }

  @Test("is the same but for how long it has been watched, if it is made of what is remembered only", arguments: 1...6)
  func remembered(seed: UInt64) throws {
    let history = try history(seed: seed, days: 400, zone: .gmt)
    let end = try #require(history.profile.lastObservedAt)
    let rebuilt = history.rebuilt(since: end - UsageProfile.memory)
    #expect(history.profile.months.map(\.counters) == rebuilt.months.map(\.counters))
    for (kept, made) in zip(history.profile.months, rebuilt.months) {
      for metric in Metric.allCases { expectClose(kept[metric], made[metric]) }
    }
    #expect(history.profile.days == rebuilt.days)
    #expect(history.profile.hours == rebuilt.hours)
  }

  /// How a sum over days is shared by them depends on what was shared before, and so on: a page may be another day's.
  private func expectClose(_ kept: MonthCourse, _ made: MonthCourse) {
    #expect(kept.lulls == made.lulls)
    for share in [\MonthCourse.beginning, \.end, \.misfit] {
      switch (kept[keyPath: share]?.sixtyFourths, made[keyPath: share]?.sixtyFourths) {
      case (let one?, let other?): #expect(abs(one - other) <= 1)
      case (let one, let other): #expect(one == other)
      }
    }
  }

  @Test("remembers the latest months, in whichever order they are read")
  func order() {
    var (forward, back) = (ProfileWorld(), ProfileWorld())
    for number in 1...11 {
      forward.read(
        Int64(number), at: moment("2026-12-01T00:00"),
        month: billingMonth(number < 10 ? "2026-0\(number)" : "2026-\(number)"))
      let other = 12 - number
      back.read(
        Int64(other), at: moment("2026-12-01T00:00"),
        month: billingMonth(other < 10 ? "2026-0\(other)" : "2026-\(other)"))
    }
    #expect(forward.profile.months == back.profile.months)
    #expect(forward.profile.months.map(\.counters.pages) == [7, 8, 9, 10, 11])
    // What was found to be wrong is forgotten.
    back.read(5_000, at: moment("2026-12-01T00:00"), month: billingMonth("2026-10"))
    back.read(10, at: moment("2026-12-01T01:00"), month: billingMonth("2026-10"))
    #expect(forward.profile.months == back.profile.months)
  }
}
