import FoundationEssentials

/// Where in its month a moment lies, and the days to come.
struct MonthRest: Hashable, Sendable {
  let month: BillingMonth
  /// Its first day, and the day after its last, in days since 1970.
  let firstDay: Int
  let end: Int
  /// The moment's day, in days since 1970, and how much of it is over, 0 to 1.
  let today: Int
  let elapsedOfToday: Double
  let periodEnd: Date

  /// Nil where nothing of the month has passed, or all of it.
  ///
  /// - Parameter offset: the seconds east of UTC at the moment; nil where they follow from the month's first moment.
  init?(of month: BillingMonth, _ period: Range<Date>, at: Date, _ offset: Int?) {
    guard period.contains(at), at > period.lowerBound else { return nil }
    let (firstDay, dayCount) = (month.firstDay, month.dayCount)
    let days = offset.map { (at.timeIntervalSince1970 + TimeInterval($0)) / 86_400 - Double(firstDay) }
    let even = at.timeIntervalSince(period.lowerBound) / 86_400
    // Another zone's offset may lead out of the month.
    let elapsed =
      days.flatMap { $0 >= 0 && $0 < Double(dayCount) ? $0 : nil } ?? min(even, Double(dayCount).nextDown)
    (self.month, self.firstDay, end, periodEnd) = (month, firstDay, firstDay + dayCount, period.upperBound)
    today = firstDay + Int(elapsed)
    elapsedOfToday = elapsed - Double(Int(elapsed))
  }

  /// How many days are to come up to the beginning of a day.
  func days(upTo day: Int) -> Double { max(Double(day - today) - elapsedOfToday, 0) }

  var days: Double { days(upTo: end) }

  func weight(_ weekdays: WeekdayProfile, _ factors: MonthFactors) -> Double {
    weight(weekdays, factors, upTo: end)
  }

  /// The weight of the days to come up to the beginning of a day after today.
  func weight(_ weekdays: WeekdayProfile, _ factors: MonthFactors, upTo end: Int) -> Double {
    let ahead = today + 1..<max(end, today + 1)
    let sum =
      weekdays.weight(of: today) * (1 - elapsedOfToday) * factors[part(of: today)] + weekdays.weight(of: ahead)
    guard factors != .none else { return sum }
    func further(_ days: Range<Int>, _ factor: Double) -> Double {
      weekdays.weight(of: days.clamped(to: ahead)) * (factor - 1)
    }
    return sum + further(firstDay..<firstDay + MonthPart.days, factors.beginning)
      + further(self.end - MonthPart.days..<self.end, factors.end)
  }

  /// How uncertain it is that today's rest is an even part of the day: its variance as a square of weight. It is as if one
  /// day in three had all of its use at once.
  func squaredDoubt(_ weekdays: WeekdayProfile) -> Double {
    let weight = weekdays.weight(of: today)
    return weight * weight * elapsedOfToday * (1 - elapsedOfToday) / 3
  }

  private func part(of day: Int) -> MonthPart {
    if day < firstDay + MonthPart.days { return .beginning }
    return day < end - MonthPart.days ? .between : .end
  }
}
