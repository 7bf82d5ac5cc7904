import FoundationEssentials
import QuotaCore

/// What is expected of a row's month, in words.
struct ForecastWords {
  private let row: StatusRow

  init(_ row: StatusRow) { self.row = row }

  /// Between which counts the month is expected to end: `1,180–1,300`; of a month that is over what it came to. Nil where
  /// nothing can be said yet.
  var range: String? {
    guard let forecast = row.forecast else { return row.projected.map(\.grouped) }
    let range = forecast.range
    return range.lowerBound == range.upperBound
      ? range.lowerBound.grouped : "\(range.lowerBound.grouped)–\(range.upperBound.grouped)"
  }

  /// On which days the quota is expected to be used up: `28–30 Nov`, `from 28 Nov`. Nil where it is expected to last, and
  /// where there is none.
  func runsOut(in zone: TimeZone) -> String? {
    guard !row.isExhausted else { return "used up" }
    guard let (from, to) = row.exhaustion else { return nil }
    let first = LocalTime(from, in: zone).day
    guard let to else { return "from \(DayText.day(first))" }
    return DayText.days(first, LocalTime(to, in: zone).day)
  }
}
