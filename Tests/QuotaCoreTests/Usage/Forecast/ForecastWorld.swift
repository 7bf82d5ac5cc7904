import FoundationEssentials
import TestSupport

@testable import QuotaCore

/// One organization with so much use on each day, all of it in ten hours, that is read in some hours of the day.
struct ForecastWorld {
  private(set) var world: ProfileWorld
  private var used = 0.0
  private var month: BillingMonth?
  /// A month that is over and was not read since.
  private var past: (month: BillingMonth, used: Int64)?

  init(_ zone: TimeZone = .gmt) {
    world = ProfileWorld(zone)
  }

  /// The current month's forecast at the latest reading.
  func forecast() -> Forecast? {
    guard let month, let latest = world.latest[month] else { return nil }
    return Forecast(
      of: .pages, used: latest.counters.pages, at: latest.lastSeenAt, month: month,
      period: month.period(in: world.zone),
      profile: world.profile)
  }

  /// Fills months in, each with what it came to.
  mutating func fill(_ months: ClosedRange<Int>, of year: Int, pages: Int64, at time: Date) {
    for number in months {
      guard let month = BillingMonth(year: year, month: number) else { continue }
      world.read(pages, at: time, month: month)
    }
  }

  /// Reads from a day up to the end of the one before another, and then once more.
  mutating func watch(
    _ days: ClosedRange<String>, when isRead: (_ weekday: Int, _ hour: Int) -> Bool = { _, hour in hour % 6 == 0 },
    _ use: (CivilDate) -> Double
  ) {
    let (first, last) = (midnight(days.lowerBound), midnight(days.upperBound))
    for hour in 0..<Int(last.timeIntervalSince(first)) / 3_600 {
      read(at: first + .hours(Int64(hour)), isRead, use)
    }
    world.read(Int64(used.rounded()), at: last - .seconds(1))
  }

  /// Reads a count that has nothing to do with what was used.
  mutating func read(_ pages: Int64, at time: Date) {
    (used, month) = (Double(pages), BillingMonth(containing: time, in: world.zone))
    world.read(pages, at: time)
  }

  private func midnight(_ day: String) -> Date {
    LocalTime.moment(day: moment("\(day)T00:00").wholeSeconds / 86_400, in: world.zone)
  }

  private mutating func read(
    at time: Date, _ isRead: (_ weekday: Int, _ hour: Int) -> Bool, _ use: (CivilDate) -> Double
  ) {
    let local = LocalTime(time, in: world.zone)
    let (day, hour) = (local.day, local.minutes / 60)
    let isDue = isRead(WeekdayProfile.weekday(day), hour)
    let now = BillingMonth(containing: time, in: world.zone)
    if now != month {
      past = month.map { ($0, Int64(used.rounded())) }
      (used, month) = (0, now)
    }
    if isDue, let past {
      world.read(past.used, at: time, month: past.month)
      self.past = nil
    }
    if isDue { world.read(Int64(used.rounded()), at: time) }
    if (8..<18).contains(hour) { used += use(CivilDate(dayNumber: day)) / 10 }
  }
}

extension CivilDate {
  /// Monday is 0.
  var weekday: Int { WeekdayProfile.weekday(dayNumber) }
  var isOfficeDay: Bool { weekday < 5 }
  /// How many days of its month are left after it.
  var daysLeft: Int { CivilDate.lastDay(of: month, in: year) - day }
}
