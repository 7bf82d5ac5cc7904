/// What an organization usually uses on each day of the week: the mean of the last weeks' days without the highest and
/// the lowest of them, so that one day out of the ordinary does not shift what is usual for six weeks.
///
/// This is the ratio-to-average method of seasonal indices, with a week as the season (Hyndman and Athanasopoulos,
/// "Forecasting: Principles and Practice", 3rd edition, chapter 3, on classical decomposition). The means are not
/// divided by their average, since only ratios of them are used.
struct WeekdayProfile: Hashable, Sendable {
  /// From Monday to Sunday; the eighth lane is 0.
  private let means: SIMD8<Double>
  /// How many days the means come from.
  let count: Int
  /// Of a whole week.
  let week: Double

  /// How many days of each weekday have to be known.
  static let leastWeeks = 2

  /// Nil if there are not enough observed days before the given one.
  init?(_ days: AmountSeries, of metric: Metric, before end: Int) {
    var (means, counts) = (SIMD8<Double>(), SIMD8<Double>())
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 28) { lanes in
      lanes.initialize(repeating: 0)
      for lane in 21..<28 { lanes[lane] = .max }
      days.forEachKnownRun(metric, in: days.first..<max(days.first, end)) { first, amounts in
        var lane = Self.weekday(first)
        for amount in amounts {
          lanes[lane] += amount
          lanes[lane + 7] += 1
          lanes[lane + 14] = max(lanes[lane + 14], amount)
          lanes[lane + 21] = min(lanes[lane + 21], amount)
          lane = lane == 6 ? 0 : lane + 1
        }
      }
      for lane in 0..<7 {
        let isTrimmed = lanes[lane + 7] > Int64(Self.leastWeeks)
        let extremes = isTrimmed ? lanes[lane + 14] + lanes[lane + 21] : 0
        means[lane] = Double(lanes[lane] - extremes) / Double(lanes[lane + 7] - (isTrimmed ? 2 : 0))
        counts[lane] = Double(lanes[lane + 7])
      }
    }
    counts[7] = Double(Self.leastWeeks)
    guard counts.min() >= Double(Self.leastWeeks) else { return nil }
    self.means = means
    count = Int(counts.sum()) - Self.leastWeeks
    week = means.sum()
  }

  /// Monday is 0; day 0 is 1 January 1970, a Thursday.
  static func weekday(_ day: Int) -> Int {
    let shifted = (day + 3) % 7
    return shifted < 0 ? shifted + 7 : shifted
  }

  func weight(of day: Int) -> Double { means[Self.weekday(day)] }

  /// The sum over some days.
  func weight(of days: Range<Int>) -> Double {
    let weeks = days.count / 7
    var sum = Double(weeks) * week
    for day in days.dropFirst(weeks * 7) { sum += weight(of: day) }
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
