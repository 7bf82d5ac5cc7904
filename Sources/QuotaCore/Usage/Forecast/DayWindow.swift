/// The days from which a forecast is made: the last six weeks before a day, by the part of the month that they belong to.
///
/// Left out, and so of no part, are lulls that have ended, of seven days and more in which four days with use were to be
/// expected, and the time before the first use; where months' parts are compared, other such times across the turn of a month,
/// too. Days of which only the sum over several is known count with their shares of it.
struct DayWindow {
  private let days: Range<Int>
  /// What was used on each day.
  private let amounts: ArraySlice<Int64>
  /// By number from the window's first day.
  private var parts = ByMonthPart(repeating: DaySet.none)
  /// How many lulls have ended on the days that were asked for.
  private(set) var lulls = 0

  private static let leastLull = 7
  /// A day is quiet with no more than this part of the mean.
  private static let quiet = 0.4
  /// So many days with use have to be missing for a lull to be one.
  private static let leastMissing = 4
  /// So many days between the beginnings and the ends of months are needed for the weekdays to be judged by these alone.
  private static let leastBetween = 14
  /// So many of them have to be known of a month for its beginning and its end to be compared with them.
  private static let leastOfMonth = 10

  /// Nil if no whole day is known.
  ///
  /// - Parameters:
  ///   - first: the first day that is known as a whole.
  ///   - end: the day after the last that counts.
  ///   - month: the one of `end`.
  ///   - lullEnds: the days on which lulls that end are counted.
  ///   - usedBefore: whether anything was used before the days that are kept, if there are as many as are kept.
  ///   - comparesParts: whether the parts of months are to be compared: then lulls across the turn of a month are left out that
  ///     are shorter or still go on, since they say nothing of its beginning or its end.
  init?(
    _ series: AmountSeries, _ metric: Metric, from first: Int, before end: Int, in month: BillingMonth,
    lullEnds: Range<Int> = 0..<0, usedBefore: Bool = true, comparesParts: Bool = false
  ) {
    let begin = max(first, series.first, end - UsageProfile.dayCapacity + 1)
    let end = min(end, series.last + 1)
    guard begin < end, !series.isEmpty else { return nil }
    days = begin..<end
    amounts = series[metric][begin - series.first..<end - series.first]
    markParts(in: month)
    var turns = DaySet.none
    if comparesParts {
      for month in [month, month.advanced(by: -1)] {
        if let month { turns.insert(DaySet(1, from: month.firstDay - days.lowerBound)) }
      }
    }
    markLulls(
      endedOn: lullEnds, usedBefore: usedBefore && days.count >= UsageProfile.dayCapacity - 1, across: turns)
  }

  /// Nil for a day that is left out, or not one of the window's.
  private func part(of day: Int) -> MonthPart? {
    days.contains(day) ? MonthPart.allCases.first { parts[$0].contains(day - days.lowerBound) } : nil
  }

  private func amount(of day: Int) -> Double { Double(amounts[amounts.startIndex + day - days.lowerBound]) }

  private mutating func markParts(in month: BillingMonth) {
    let start = month.firstDay
    markTurn(start - (month.advanced(by: -1)?.dayCount ?? 31))
    markTurn(start)
    markTurn(start + month.dayCount)
    parts.between = DaySet(0..<days.count)
    parts.end = parts.end.and(parts.between)
    parts.beginning = parts.beginning.and(parts.between)
    parts.between.remove(parts.beginning)
    parts.between.remove(parts.end)
  }

  /// Marks the days around the first day of a month.
  private mutating func markTurn(_ day: Int) {
    let number = day - days.lowerBound
    parts.end.insert(DaySet(MonthPart.days, from: number - MonthPart.days))
    parts.beginning.insert(DaySet(MonthPart.days, from: number))
  }

  /// Leaves out the lulls that have ended, those across the beginnings of some days, and what is before the first use.
  private mutating func markLulls(endedOn ends: Range<Int>, usedBefore: Bool, across turns: DaySet) {
    let isQuiet = amounts.withUnsafeBufferPointer { amounts in
      let limit = Int64(Self.quiet * Double(amounts.reduce(0, &+)) / Double(amounts.count))
      // Of a long lull's days at least one is among every seventh.
      let sevenths = stride(from: Self.leastLull - 1, to: amounts.count, by: Self.leastLull)
      let mayLull = !turns.isEmpty || sevenths.contains { amounts[$0] <= limit }
      return mayLull ? DaySet(of: amounts, upTo: limit) : .none
    }
    if !usedBefore { leaveOut(0..<(amounts.firstIndex { $0 > 0 } ?? amounts.startIndex) - amounts.startIndex) }
    guard !turns.isEmpty || isQuiet.hasRun(of: Self.leastLull) else { return }
    var rest = isQuiet
    while let run = rest.popRun() {
      let expected = run.count * (days.count - isQuiet.count)
      let hasEnded = run.count >= Self.leastLull && run.upperBound < days.count
      let isAcross = !turns.and(DaySet(run.dropFirst())).isEmpty
      guard hasEnded || isAcross, expected >= Self.leastMissing * days.count else { continue }
      leaveOut(run)
      if hasEnded, run.lowerBound > 0 || usedBefore, ends.contains(days.lowerBound + run.upperBound) { lulls += 1 }
    }
  }

  private mutating func leaveOut(_ numbers: Range<Int>) {
    parts.forEach { $0.remove(DaySet(numbers)) }
  }

  /// What is usual on the weekdays; all are alike where next to nothing was used.
  func weekdays() -> WeekdayProfile {
    var known = parts.between
    if known.count < Self.leastBetween {
      known.insert(parts.beginning)
      known.insert(parts.end)
    }
    let profile = amounts.withUnsafeBufferPointer { amounts in
      WeekdayTally.with { tally in
        var weekday = WeekdayProfile.weekday(days.lowerBound)
        for first in 0..<7 {
          tally.add(amounts, at: known.and(.weekly(from: first)), on: weekday)
          weekday = weekday == 6 ? 0 : weekday + 1
        }
        return WeekdayProfile(tally)
      }
    }
    return profile.week > 0 ? profile : .alike
  }

  /// Adds the days up.
  func add(to sums: inout DaySums, _ weekdays: WeekdayProfile, _ gaps: UnitGaps) {
    amounts.withUnsafeBufferPointer { sums.add($0, from: days.lowerBound, parts, weekdays) }
    for gap in gaps.ranges { takeTogether(days.clamped(to: gap.lowerBound..<gap.upperBound + 1), weekdays, &sums) }
  }

  /// Of days of which only the sum is known, only its scatter counts.
  private func takeTogether(_ unknown: Range<Int>, _ weekdays: WeekdayProfile, _ sums: inout DaySums) {
    var gap = (use: 0.0, weight: 0.0)
    for day in unknown {
      guard let part = part(of: day) else { continue }
      let (use, weight) = (amount(of: day), weekdays.weight(of: day))
      sums.addScatter(of: use, weight: weight, part, times: -1)
      gap = (gap.use + use, gap.weight + weight)
    }
    if gap.weight > 0 { sums.addScatter(of: gap.use, weight: gap.weight, .between) }
  }

  /// What was used on the first and on the last days of a month that has ended, as a part of what the days between let
  /// expect; nil where that is not known.
  func parts(
    of month: BillingMonth, _ weekdays: WeekdayProfile, without gaps: UnitGaps
  ) -> (beginning: Double?, end: Double?) {
    var (use, weight, count) = (0.0, 0.0, 0)
    for day in month.firstDay..<month.end where part(of: day) == .between {
      use += amount(of: day)
      weight += weekdays.weight(of: day)
      count += 1
    }
    guard count >= Self.leastOfMonth, use > 0, weight > 0 else { return (nil, nil) }
    func share(_ days: Range<Int>) -> Double? {
      let expected = weekdays.weight(of: days) * use / weight
      guard expected > 0, days.allSatisfy({ part(of: $0) != nil && !gaps.contains($0) }) else { return nil }
      return days.reduce(0.0) { $0 + amount(of: $1) } / expected
    }
    return (
      share(month.firstDay..<month.firstDay + MonthPart.days), share(month.end - MonthPart.days..<month.end)
    )
  }
}
