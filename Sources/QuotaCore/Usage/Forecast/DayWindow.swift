/// The days from which a forecast is made: the last six weeks before a day.
///
/// Left out are lulls that have ended: of seven days and more in which four days with use were to be expected, and the
/// time before the first use. Days of which only the sum over several is known count with their shares of it.
struct DayWindow {
  let days: Range<Int>
  let weekdays: WeekdayProfile
  let sums: DaySums
  /// How many lulls have ended on the days that were asked for.
  let lulls: Int

  /// So many days between have to be known of a month for its beginning and its end to be compared with them.
  private static let leastBetween = 10

  /// Nil if no whole day is known.
  ///
  /// - Parameters:
  ///   - first: the first day that is known as a whole.
  ///   - end: the day after the last that counts.
  ///   - month: the one of `end`.
  ///   - lullEnds: the days on which lulls that end are counted.
  ///   - usedBefore: whether anything was used before the days that are kept, if there are as many as are kept.
  init?(
    _ series: AmountSeries, _ metric: Metric, from first: Int, before end: Int, in month: BillingMonth,
    lullEnds: Range<Int> = 0..<0, usedBefore: Bool = true
  ) {
    let begin = max(first, series.first, end - UsageProfile.dayCapacity + 1)
    let end = min(end, series.last + 1)
    guard begin < end, !series.isEmpty else { return nil }
    let days = begin..<end
    self.days = days
    var (weekdays, sums, lulls) = (WeekdayProfile.alike, DaySums(), 0)
    SortedDays.with(
      days, of: series, metric, in: month, lullEnds: lullEnds,
      usedBefore: usedBefore && days.count >= UsageProfile.dayCapacity - 1
    ) { sorted in
      weekdays = sorted.weekdays()
      sums = sorted.sums(weekdays, series.gaps)
      lulls = sorted.lulls
    }
    (self.weekdays, self.sums, self.lulls) = (weekdays, sums, lulls)
  }

  func estimate(with factors: MonthFactors = MonthFactors()) -> UsageEstimate {
    UsageEstimate(weekdays, sums, factors)
  }

  /// What was used on the first and on the last days of a month, as a part of what the days between let expect; nil where
  /// that is not known.
  ///
  /// - Parameters:
  ///   - series: what the window was made from.
  ///   - next: the month after it.
  func parts(
    of month: BillingMonth, before next: BillingMonth, _ series: AmountSeries, _ metric: Metric
  ) -> (beginning: Double?, end: Double?) {
    SortedDays.with(days, of: series, metric, in: next) { sorted in
      var (use, weight, count) = (0.0, 0.0, 0)
      for day in days.clamped(to: month.firstDay..<month.end) where sorted.kind(of: day) == MonthPart.between.rawValue {
        use += sorted.amount(of: day)
        weight += weekdays.weight(of: day)
        count += 1
      }
      guard count >= Self.leastBetween, use > 0, weight > 0 else { return (nil, nil) }
      func share(_ part: Range<Int>) -> Double? {
        let expected = weekdays.weight(of: part) * use / weight
        guard expected > 0, part.allSatisfy({ isKnown($0, sorted, series.gaps) }) else { return nil }
        return part.reduce(0.0) { $0 + sorted.amount(of: $1) } / expected
      }
      return (
        share(month.firstDay..<month.firstDay + MonthPart.days), share(month.end - MonthPart.days..<month.end)
      )
    }
  }

  private func isKnown(_ day: Int, _ sorted: SortedDays, _ gaps: UnitGaps) -> Bool {
    days.contains(day) && sorted.kind(of: day) != SortedDays.leftOut && !gaps.contains(day)
  }
}
