/// The days of a window, each with the part of its month that it belongs to, or as left out.
struct SortedDays {
  private let days: Range<Int>
  private let kinds: UnsafeMutableBufferPointer<UInt8>
  private let amounts: UnsafeBufferPointer<Int64>
  /// How many lulls have ended on the days that were asked for.
  private(set) var lulls = 0

  /// The kind of a day that does not count; the others are those of ``MonthPart``.
  static let leftOut: UInt8 = 3

  private static let leastLull = 7
  /// A day is quiet with no more than this part of the mean.
  private static let quiet = 0.4
  /// So many days with use have to be missing for a lull to be one.
  private static let leastMissing = 4
  /// So many days between the beginnings and the ends of months are needed for the weekdays to be judged by these alone.
  private static let leastBetween = 14

  /// Sorts days for as long as `body` runs.
  ///
  /// - Parameters:
  ///   - days: all of them kept by `series`.
  ///   - month: the one of the day after them.
  ///   - lullEnds: the days on which lulls that end are counted.
  ///   - usedBefore: whether anything was used before the days.
  static func with<Result>(
    _ days: Range<Int>, of series: AmountSeries, _ metric: Metric, in month: BillingMonth,
    lullEnds: Range<Int> = 0..<0, usedBefore: Bool = true, _ body: (SortedDays) -> Result
  ) -> Result {
    series[metric].withUnsafeBufferPointer { all in
      let offset = days.lowerBound - series.first
      return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: days.count) { kinds in
        kinds.initialize(repeating: MonthPart.between.rawValue)
        var sorted = SortedDays(
          days: days, kinds: kinds, amounts: UnsafeBufferPointer(rebasing: all[offset..<offset + days.count]))
        sorted.markParts(in: month)
        sorted.markLulls(endedOn: lullEnds, usedBefore: usedBefore)
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

  /// Leaves out the lulls that have ended, and what is before the first use.
  private mutating func markLulls(endedOn ends: Range<Int>, usedBefore: Bool) {
    if !usedBefore { leaveOut(0..<(amounts.firstIndex { $0 > 0 } ?? 0)) }
    let quiet = Int64(Self.quiet * Double(amounts.reduce(0, &+)) / Double(amounts.count))
    // A lull of that length has a day in every so many.
    var (first, next) = (0, Self.leastLull - 1)
    while next < amounts.count {
      let begin = amounts[first...next].lastIndex { $0 > quiet }.map { $0 + 1 } ?? first
      guard next - begin + 1 >= Self.leastLull else {
        next = begin + Self.leastLull - 1
        continue
      }
      guard let end = amounts[next...].firstIndex(where: { $0 > quiet }) else { return }
      if isLull(begin..<end, quiet) {
        leaveOut(begin..<end)
        if begin > 0 || usedBefore, ends.contains(days.lowerBound + end) { lulls += 1 }
      }
      (first, next) = (end, end + Self.leastLull)
    }
  }

  private func isLull(_ days: Range<Int>, _ quiet: Int64) -> Bool {
    let active = amounts.reduce(0) { $0 + ($1 > quiet ? 1 : 0) }
    return days.count * active >= Self.leastMissing * amounts.count
  }

  private func leaveOut(_ indices: Range<Int>) {
    for index in indices { kinds[index] = Self.leftOut }
  }

  /// What is usual on the weekdays; all are alike where next to nothing was used.
  func weekdays() -> WeekdayProfile {
    let between = kinds.reduce(0) { $0 + ($1 == MonthPart.between.rawValue ? 1 : 0) }
    let limit = between >= Self.leastBetween ? MonthPart.between.rawValue : MonthPart.end.rawValue
    return WeekdayTally.with { tally in
      for offset in 0..<min(7, amounts.count) {
        var (sum, count, highest, lowest) = (Int64(0), 0, Int64.min, Int64.max)
        var index = offset
        while index < amounts.count {
          if kinds[index] <= limit {
            sum += amounts[index]
            count += 1
            highest = max(highest, amounts[index])
            lowest = min(lowest, amounts[index])
          }
          index += 7
        }
        if count > 0 {
          let weekday = WeekdayProfile.weekday(days.lowerBound + offset)
          tally.add(sum, ofDays: count, between: lowest, and: highest, on: weekday)
        }
      }
      let profile = WeekdayProfile(tally)
      return profile.week > 0 ? profile : .alike
    }
  }

  func sums(_ weekdays: WeekdayProfile, _ gaps: UnitGaps) -> DaySums {
    var sums = weekdays.withWeights { weights in
      var (run, sums) = (DayRun(part: Self.leftOut), DaySums())
      var weekday = WeekdayProfile.weekday(days.upperBound - 1)
      for index in amounts.indices.reversed() {
        if kinds[index] != run.part {
          sums.add(run)
          run.begin(kinds[index])
        }
        run.add(Double(amounts[index]), weight: weights[weekday])
        weekday = weekday == 0 ? 6 : weekday - 1
      }
      sums.add(run)
      return sums
    }
    for gap in gaps.ranges { takeTogether(days.clamped(to: gap.lowerBound..<gap.upperBound + 1), weekdays, &sums) }
    return sums
  }

  /// Of days of which only the sum is known, only its scatter counts.
  private func takeTogether(_ unknown: Range<Int>, _ weekdays: WeekdayProfile, _ sums: inout DaySums) {
    var gap = (use: 0.0, weight: 0.0)
    for day in unknown where kind(of: day) != Self.leftOut {
      let (use, weight) = (amount(of: day), weekdays.weight(of: day))
      sums.addScatter(of: use, weight: weight, part: kind(of: day), times: -1)
      gap = (gap.use + use, gap.weight + weight)
    }
    if gap.weight > 0 { sums.addScatter(of: gap.use, weight: gap.weight) }
  }
}
