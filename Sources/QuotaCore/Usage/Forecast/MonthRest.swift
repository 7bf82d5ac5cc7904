import FoundationEssentials

/// Where in its month a moment lies, and the days to come.
struct MonthRest: Hashable, Sendable {
  let month: BillingMonth
  /// The moment's day, in days since 1970, and how much of it is over, 0 to 1.
  let today: Int
  let elapsedOfToday: Double
  let periodEnd: Date

  /// Nil where nothing of the month has passed, or all of it.
  ///
  /// - Parameter offset: the seconds east of UTC at the moment; nil where they follow from the month's first moment.
  init?(of month: BillingMonth, _ period: Range<Date>, at: Date, _ offset: Int?) {
    guard period.contains(at), at > period.lowerBound else { return nil }
    let days = offset.map { (at.timeIntervalSince1970 + TimeInterval($0)) / 86_400 - Double(month.firstDay) }
    let even = at.timeIntervalSince(period.lowerBound) / 86_400
    // Another zone's offset may lead out of the month.
    let elapsed =
      days.flatMap { $0 >= 0 && $0 < Double(month.dayCount) ? $0 : nil } ?? min(even, Double(month.dayCount).nextDown)
    (self.month, periodEnd) = (month, period.upperBound)
    today = month.firstDay + Int(elapsed)
    elapsedOfToday = elapsed - elapsed.rounded(.down)
  }

  /// How many days are to come up to the beginning of a day.
  func days(upTo day: Int) -> Double { max(Double(day - today) - elapsedOfToday, 0) }

  var days: Double { days(upTo: month.end) }

  func weight(_ weekdays: WeekdayProfile, _ factors: MonthFactors) -> Double {
    weight(weekdays, factors, upTo: month.end)
  }

  /// The weight of the days to come up to the beginning of a day after today.
  func weight(_ weekdays: WeekdayProfile, _ factors: MonthFactors, upTo end: Int) -> Double {
    var sum = weekdays.weight(of: today) * (1 - elapsedOfToday) * factors[MonthPart(of: today, in: month)]
    sum += weekdays.weight(of: today + 1..<max(end, today + 1))
    guard factors != MonthFactors() else { return sum }
    for part in [month.firstDay..<month.firstDay + MonthPart.days, month.end - MonthPart.days..<month.end] {
      for day in part where day > today && day < end {
        sum += weekdays.weight(of: day) * (factors[MonthPart(of: day, in: month)] - 1)
      }
    }
    return sum
  }
}
