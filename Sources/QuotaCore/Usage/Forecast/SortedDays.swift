/// The days of a window, each with the part of its month that it belongs to, or as left out.
struct SortedDays {
  private let days: Range<Int>
  private let kinds: UnsafeMutableBufferPointer<UInt8>
  private let amounts: UnsafeBufferPointer<Int64>

  /// The kind of a day that does not count; the others are those of ``MonthPart``.
  static let leftOut: UInt8 = 3

  private static let leastSilence = 7
  /// So many days with use have to be missing for a silence to be one.
  private static let leastMissing = 4
  /// So many days between the beginnings and the ends of months are needed for the weekdays to be judged by these alone.
  private static let leastBetween = 14

  /// Sorts days for as long as `body` runs.
  ///
  /// - Parameters:
  ///   - days: all of them kept by `series`.
  ///   - month: the one of the day after them.
  static func with<Result>(
    _ days: Range<Int>, of series: AmountSeries, _ metric: Metric, in month: BillingMonth,
    _ body: (SortedDays) -> Result
  ) -> Result {
    series[metric].withUnsafeBufferPointer { all in
      let offset = days.lowerBound - series.first
      return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: days.count) { kinds in
        kinds.initialize(repeating: MonthPart.between.rawValue)
        let sorted = SortedDays(
          days: days, kinds: kinds, amounts: UnsafeBufferPointer(rebasing: all[offset..<offset + days.count]))
        sorted.markParts(in: month)
        sorted.markSilences()
        return body(sorted)
      }
    }
  }

  func kind(of day: Int) -> UInt8 { kinds[day - days.lowerBound] }
  func amount(of day: Int) -> Double { Double(amounts[day - days.lowerBound]) }

  private func markParts(in month: BillingMonth) {
    let before = month.advanced(by: -1)?.dayCount ?? 31
    for turn in [month.firstDay - before, month.firstDay, month.end] {
      mark(turn - MonthPart.days..<turn, MonthPart.end.rawValue)
      mark(turn..<turn + MonthPart.days, MonthPart.beginning.rawValue)
    }
  }

  private func mark(_ range: Range<Int>, _ kind: UInt8) {
    for day in range.clamped(to: days) { kinds[day - days.lowerBound] = kind }
  }

  /// Leaves out the silences that have ended. What a window that is not full begins with is before the first use.
  private func markSilences() {
    let isFull = days.count >= UsageProfile.dayCapacity - 1
    let active = amounts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    guard active > 0, active < amounts.count else { return }
    var length = 0
    for index in amounts.indices {
      if amounts[index] == 0 {
        length += 1
        continue
      }
      let isLong = length >= Self.leastSilence && length * active >= Self.leastMissing * amounts.count
      if isLong || (length == index && !isFull) {
        for silent in index - length..<index { kinds[silent] = Self.leftOut }
      }
      length = 0
    }
  }

  /// What is usual on the weekdays; all are alike where next to nothing was used.
  func weekdays() -> WeekdayProfile {
    let between = kinds.reduce(0) { $0 + ($1 == MonthPart.between.rawValue ? 1 : 0) }
    let limit = between >= Self.leastBetween ? MonthPart.between.rawValue : MonthPart.end.rawValue
    return WeekdayTally.with { tally in
      var weekday = WeekdayProfile.weekday(days.lowerBound)
      for index in amounts.indices {
        if kinds[index] <= limit { tally.add(amounts[index], on: weekday) }
        weekday = weekday == 6 ? 0 : weekday + 1
      }
      let profile = WeekdayProfile(tally)
      return profile.week > 0 ? profile : .alike
    }
  }

  func sums(_ weekdays: WeekdayProfile, _ gaps: UnitGaps) -> DaySums {
    weekdays.withWeights { weights in
      var (run, sums) = (DayRun(part: Self.leftOut, discount: 1, age: 0), DaySums())
      var gap = (use: 0.0, weight: 0.0)
      var weekday = WeekdayProfile.weekday(days.upperBound - 1)
      for index in amounts.indices.reversed() {
        let isKnown = gaps.isEmpty || !gaps.contains(days.lowerBound + index)
        if isKnown, gap.weight > 0 {
          sums.addScatter(ofSum: gap.use, weight: gap.weight)
          gap = (0, 0)
        }
        if kinds[index] != run.part {
          sums.add(run)
          run.begin(kinds[index])
        }
        let (use, weight) = (Double(amounts[index]), weights[weekday])
        run.add(use, weight: weight, isKnown: isKnown)
        if !isKnown, run.part != Self.leftOut { gap = (gap.use + use, gap.weight + weight) }
        weekday = weekday == 0 ? 6 : weekday - 1
      }
      sums.add(run)
      if gap.weight > 0 { sums.addScatter(ofSum: gap.use, weight: gap.weight) }
      return sums
    }
  }
}
