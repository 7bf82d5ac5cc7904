/// A day of the week, written `mon`.
package enum Weekday: String, Hashable, CaseIterable, Sendable {
  case monday = "mon"
  case tuesday = "tue"
  case wednesday = "wed"
  case thursday = "thu"
  case friday = "fri"
  case saturday = "sat"
  case sunday = "sun"

  /// The weekday of a day, counted from 1970-01-01, which was a Thursday.
  package init(daysSince1970 days: Int) {
    self = Self.allCases[((days + 3) % 7 + 7) % 7]
  }
}
