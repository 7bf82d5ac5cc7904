import FoundationEssentials
import QuotaCore

/// How moments are shown to whoever reads the terminal: the one way in which screens print them.
struct ReaderTime: Sendable {
  let zone: TimeZone

  static let utc = ReaderTime(zone: .gmt)

  /// `2026-11-23 14:05Z`, or `2026-11-23 15:05+01:00` in another zone.
  func callAsFunction(_ date: Date) -> String { date.minute(in: zone) }

  /// A text in which moments stand as programs get them, such as a reason.
  func callAsFunction(in text: String) -> String { TimedText(stamped: text).text(in: zone, as: Date.minute(in:)) }
}

extension Int64? {
  /// `12,345`, or a dash.
  var grouped: String { map { $0.grouped } ?? "–" }
}
