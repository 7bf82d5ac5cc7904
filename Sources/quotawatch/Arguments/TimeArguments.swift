import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService

/// A moment as it is named on the command line: `2026-11-05T08:00:00Z`, a day such as `2026-11-05`, `yesterday`, `today` or
/// `tomorrow` (its beginning in the billing time zone), or a length of time such as `6h` or `2w` from now or before now.
enum TimeArgument {
  case at(Date)
  case day(CalendarDay)
  /// So many days after today.
  case daysFromToday(Int)
  case distance(TimeSpan)

  private static let days = ["yesterday": -1, "today": 0, "tomorrow": 1]

  /// A moment that was.
  static func parsePast(_ text: String) throws -> TimeArgument {
    try parse(text, expecting: "a moment such as 2026-11-05T08:00:00Z, a day such as 2026-11-05 or yesterday")
  }

  /// A moment to come.
  static func parseComing(_ text: String) throws -> TimeArgument {
    try parse(text, expecting: "a moment to come such as 2026-12-05T08:00:00Z, a day such as 2026-12-05 or tomorrow")
  }

  private static func parse(_ text: String, expecting words: String) throws -> TimeArgument {
    if let days = days[text] { return .daysFromToday(days) }
    if let span = TimeSpan(text) { return .distance(span) }
    if let date = Date(zonedISO8601: text) { return .at(date) }
    if let day = CalendarDay(text) { return .day(day) }
    throw ValidationError("expected \(words), or a length of time from 1s on such as 6h or 2w")
  }

  /// A moment to come: lengths of time count from now.
  func moment(in service: Setup) -> Date { moment(in: service) { $0 + $1 } }

  /// A moment that was: lengths of time count back from now.
  func pastMoment(in service: Setup) -> Date { moment(in: service) { $0 - $1 } }

  private func moment(in service: Setup, _ at: (Date, TimeSpan) -> Date) -> Date {
    let (now, zone) = (service.world.now(), service.configuration.billingTimeZone)
    switch self {
    case .at(let date): return date
    case .distance(let span): return at(now, span)
    case .day(let day): return LocalTime.moment(day: day.dayNumber, in: zone)
    case .daysFromToday(let days): return LocalTime.moment(day: LocalTime(now, in: zone).day + days, in: zone)
    }
  }
}

extension TimeSpan {
  /// A length of time as it is named on the command line.
  static func parse(_ text: String) throws -> TimeSpan {
    guard let span = TimeSpan(text) else {
      throw ValidationError("expected a length of time such as 30s, 15m, 6h, 2d or 2w")
    }
    return span
  }
}
