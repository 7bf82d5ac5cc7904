/// What an organization usually uses on each day of the week: the mean of the last weeks' days, from the third of a
/// weekday on without the highest and the lowest of them, so that one day out of the ordinary does not shift what is usual for six weeks.
///
/// This is the ratio-to-average method of seasonal indices, with a week as the season (Hyndman and Athanasopoulos,
/// "Forecasting: Principles and Practice", 3rd edition, chapter 3, on classical decomposition). The means are not
/// divided by their average, since only ratios of them are used.
struct WeekdayProfile: Hashable, Sendable {
  /// From Monday to Sunday; the eighth lane is 0.
  private let means: SIMD8<Double>
  /// Whether enough is known of every weekday.
  let isKnown: Bool
  /// Of a whole week.
  let week: Double

  /// How many days of each weekday have to be known.
  static let leastWeeks = 2.0

  /// Nil if there are not enough days before the given one. Where too few of a weekday were observed by themselves, those
  /// count too of which only the sum over several days is known, each with its share.
  init?(_ days: AmountSeries, of metric: Metric, before end: Int) {
    let range = days.first..<max(days.first, end)
    let profile = WeekdayTally.with { tally in
      days.forEachKnownRun(metric, in: range) { first, amounts in
        var weekday = Self.weekday(first)
        for amount in amounts {
          tally.add(amount, on: weekday)
          weekday = weekday == 6 ? 0 : weekday + 1
        }
      }
      if !days.gaps.isEmpty { Self.addShares(of: days, metric, in: range, to: tally) }
      return WeekdayProfile(tally)
    }
    guard profile.isKnown else { return nil }
    self = profile
  }

  private static func addShares(
    of days: AmountSeries, _ metric: Metric, in range: Range<Int>, to tally: WeekdayTally
  ) {
    let counts = tally.counts
    for day in range.clamped(to: days.first..<days.last + 1) where days.gaps.contains(day) {
      let weekday = weekday(day)
      if counts[weekday] < leastWeeks { tally.add(days[metric][day - days.first], on: weekday) }
    }
  }

  /// A weekday of which too little is known is taken to lie between that and the mean of all days.
  init(_ tally: WeekdayTally) {
    let (sums, counts) = (tally.sums, tally.counts)
    let count = counts.sum()
    let mean = SIMD8(repeating: count > 0 ? sums.sum() / count : 0)
    let trimmed = (sums - tally.highest - tally.lowest) / (counts - 2)
    var means = (sums / counts).replacing(with: trimmed, where: counts .> Self.leastWeeks)
    var known = counts
    known[7] = .infinity
    isKnown = known.min() >= Self.leastWeeks
    if !isKnown { means.replace(with: (sums + mean) / (counts + 1), where: counts .< Self.leastWeeks) }
    means[7] = 0
    (self.means, week) = (means, means.sum())
  }

  private init(means: SIMD8<Double>, isKnown: Bool) {
    (self.means, self.isKnown) = (means, isKnown)
    week = means.sum()
  }

  /// Where nothing is known: one day is like another.
  static let alike = WeekdayProfile(means: SIMD8(1, 1, 1, 1, 1, 1, 1, 0), isKnown: false)

  /// Monday is 0; day 0 is 1 January 1970, a Thursday.
  static func weekday(_ day: Int) -> Int {
    let shifted = (day + 3) % 7
    return shifted < 0 ? shifted + 7 : shifted
  }

  subscript(weekday: Int) -> Double { means[weekday] }

  func weight(of day: Int) -> Double { means[Self.weekday(day)] }

  /// The sum over some days.
  func weight(of days: Range<Int>) -> Double {
    let (weeks, rest) = days.count.quotientAndRemainder(dividingBy: 7)
    var (sum, weekday) = (Double(weeks) * week, Self.weekday(days.lowerBound))
    for _ in 0..<rest {
      sum += means[weekday]
      weekday = weekday == 6 ? 0 : weekday + 1
    }
    return sum
  }
}

extension AmountSeries {
  /// Visits the days, or hours, whose own amount is known.
  @inline(__always)
  func forEachKnown(_ metric: Metric, in units: Range<Int>, _ body: (_ unit: Int, _ amount: Int64) -> Void) {
    forEachKnownRun(metric, in: units) { first, amounts in
      for index in amounts.indices { body(first + index, amounts[index]) }
    }
  }

  /// The same by runs of successive days, or hours.
  @inline(__always)
  func forEachKnownRun(
    _ metric: Metric, in units: Range<Int>, _ body: (_ first: Int, _ amounts: UnsafeBufferPointer<Int64>) -> Void
  ) {
    let range = units.clamped(to: first..<max(first, last + 1))
    guard !range.isEmpty else { return }
    self[metric].withUnsafeBufferPointer { amounts in
      func visit(_ run: Range<Int>) {
        guard !run.isEmpty else { return }
        body(run.lowerBound, UnsafeBufferPointer(rebasing: amounts[run.lowerBound - first..<run.upperBound - first]))
      }
      var next = range.lowerBound
      for gap in gaps.ranges where gap.upperBound >= next {
        guard gap.lowerBound < range.upperBound else { break }
        visit(next..<max(next, gap.lowerBound))
        next = gap.upperBound + 1
      }
      visit(next..<max(next, range.upperBound))
    }
  }
}
