import QuotaCore

/// Days as pages write them.
enum DayText {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// `28 Nov`.
  ///
  /// - Parameter number: in days since 1970.
  static func day(_ number: Int) -> String {
    let date = CivilDate(dayNumber: number)
    return "\(date.day) \(months[date.month - 1])"
  }

  /// `28 Nov`, `28–30 Nov` or `30 Nov – 2 Dec`.
  static func days(_ first: Int, _ last: Int) -> String {
    let (from, to) = (CivilDate(dayNumber: first), CivilDate(dayNumber: last))
    if first == last { return day(first) }
    return from.month == to.month ? "\(from.day)–\(day(last))" : "\(day(first)) – \(day(last))"
  }

  /// `November 2026`.
  static func month(_ month: BillingMonth) -> String { "\(longMonths[month.month - 1]) \(month.year)" }

  private static let longMonths = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
}
