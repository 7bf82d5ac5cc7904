package import FoundationEssentials

/// How a file writes dates: `unix`, `unix_ms`, `iso8601`, or a pattern in the letters of Unicode's date formats.
package struct DateGrammar: Hashable, Sendable {
  private enum Kind: Hashable, Sendable {
    /// Since 1970.
    case unix(perSecond: Int64)
    /// With a zone of its own.
    case iso8601
    case pattern(DatePattern)
  }

  private let kind: Kind
  /// As it is written in a mapping.
  package let pattern: String

  /// Nil for a pattern without a year and a month, or with anything twice or unknown.
  package init?(pattern: String) {
    self.pattern = pattern
    switch pattern {
    case "unix": kind = .unix(perSecond: 1)
    case "unix_ms": kind = .unix(perSecond: 1_000)
    case "iso8601": kind = .iso8601
    default:
      guard let parsed = DatePattern(pattern) else { return nil }
      kind = .pattern(parsed)
    }
  }

  /// Whether years have two digits, which need a pivot.
  package var needsPivot: Bool {
    if case .pattern(let pattern) = kind { pattern.hasShortYear } else { false }
  }

  /// A moment, and how much of it was written.
  package struct Moment: Hashable, Sendable {
    package enum Precision: Hashable, Sendable {
      case month
      case day
      case time
    }

    package let date: Date
    package let precision: Precision
  }

  /// The moment in a text; a day or a month is its first moment in the zone, as is a time without a zone of its own.
  ///
  /// - Parameter pivot: the first of the hundred years that a year of two digits may be.
  package func moment(_ text: String, in zone: TimeZone, pivot: Int? = nil) -> Moment? {
    switch kind {
    case .unix(let perSecond):
      guard text.hasOnlyDigits, let count = Int64(text), (0..<10_000_000_000 * perSecond).contains(count) else {
        return nil
      }
      return Moment(date: Date(timeIntervalSince1970: Double(count) / Double(perSecond)), precision: .time)
    case .iso8601: return Date(zonedISO8601: text).map { Moment(date: $0, precision: .time) }
    case .pattern(let pattern): return pattern.moment(text, in: zone, pivot: pivot)
    }
  }

  /// Forms that files often have, for saying which of them a text would be.
  package static let usual = [
    "yyyy-MM-dd", "iso8601", "dd.MM.yyyy", "MM/dd/yyyy", "dd/MM/yyyy", "M/d/yyyy", "d/M/yyyy", "d.M.yyyy", "yyyy/MM/dd",
    "dd-MM-yyyy", "yyyyMMdd", "unix", "unix_ms", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.S",
    "yyyy-MM-dd HH:mm:ss z", "yyyy-MM-dd HH:mm:ss.S z", "yyyy-MM-ddTHH:mm:ss", "dd.MM.yyyy HH:mm", "MM/dd/yyyy HH:mm",
    "M/d/yyyy h:mm a", "d MMM yyyy", "dd-MMM-yyyy", "MMM d, yyyy", "d. MMM yyyy", "yyyy-MM", "yyyyMM", "MM/yyyy",
    "MM.yyyy", "MMM yyyy", "MMM-yyyy", "MMM-yy", "MMM yy", "dd.MM.yy", "M/d/yy", "d/M/yy", "dd-MMM-yy",
  ].compactMap { DateGrammar(pattern: $0) }

  /// Whether a text is written in one of the usual forms.
  static func isUsual(_ text: String) -> Bool {
    usual.contains { form in
      form.moment(text, in: .gmt, pivot: 2_000).flatMap { BillingMonth(containing: $0.date, in: .gmt) } != nil
    }
  }

  /// How a mapping could read a text that none of its own forms does, for the end of a message; empty for none.
  package static func hint(
    for text: String, pivot: Int?, settings: String = "\"dates\"",
    precisions: Set<Moment.Precision> = [.month, .day, .time]
  ) -> String {
    let found = usual.filter { form in
      guard let moment = form.moment(text, in: .gmt, pivot: pivot ?? 2_000) else { return false }
      return precisions.contains(moment.precision) && BillingMonth(containing: moment.date, in: .gmt) != nil
    }
    guard let first = found.first else { return serialHint(for: text) }
    let others = found.dropFirst().prefix(2).map { " or \"\($0.pattern)\"" }.joined()
    let pivot = first.needsPivot && pivot == nil ? ", with a \"pivot_year\" such as 2000" : ""
    return "; \"\(first.pattern)\"\(others) in \(settings) would read it\(pivot)"
  }

  /// That a number may be what a spreadsheet shows of a date: how many days are over since 1900.
  private static func serialHint(for text: String) -> String {
    let daysUntil1970 = 25_569
    guard text.hasOnlyDigits, let count = Int(text), (43_831...73_415).contains(count) else { return "" }
    let date = CivilDate(dayNumber: count - daysUntil1970)
    return "; as the number of a day in a spreadsheet it would be \(date): export the column as a date"
  }
}
