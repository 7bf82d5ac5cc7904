import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("The weights of weekdays")
struct WeekdayProfileTests {
  /// Six weeks of an office, read once an hour, in one of which a day is out of the ordinary.
  private func profile(unusual day: String?, pages extra: Int64) throws -> WeekdayProfile {
    var world = ProfileWorld()
    let end = moment("2026-10-30T00:00")
    world.watch(moment("2026-09-13T00:00")..<end, every: .hours(1)) { time in
      let bonus =
        day.map { time >= moment("\($0)T12:00") && time.isInMonth(of: $0) ? extra : 0 } ?? 0
      return officeUse(perHour: 60, upTo: time) + bonus
    }
    return try #require(WeekdayProfile(world.profile.days, of: .pages, before: world.profile.days.last))
  }

  @Test("one day out of the ordinary shifts nothing", arguments: ["2026-10-06", "2026-10-10", "2026-10-28"])
  func outlier(day: String) throws {
    let (usual, unusual) = (try profile(unusual: nil, pages: 0), try profile(unusual: day, pages: 40_000))
    for weekday in 0..<7 { #expect(abs(usual.weight(of: weekday) - unusual.weight(of: weekday)) <= 1) }
  }
}

extension Date {
  /// Whether it lies in the month of a day, so that what is added then is gone when the counter starts again.
  fileprivate func isInMonth(of day: String) -> Bool {
    BillingMonth(containing: self, in: .gmt) == BillingMonth(day.prefix(7))
  }
}
