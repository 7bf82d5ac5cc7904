/// What an organization usually uses on each day of the week: the mean of the last weeks' days.
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
    var sums = SIMD8<Double>()
    var counts = SIMD8<Int32>()
    days.forEachKnown(metric, in: days.first..<max(days.first, end)) { day, amount in
      let lane = Self.weekday(day)
      sums[lane] += Double(amount)
      counts[lane] += 1
    }
    counts[7] = Int32(Self.leastWeeks)
    guard counts.min() >= Self.leastWeeks else { return nil }
    means = sums / SIMD8<Double>(counts)
    count = Int(counts.wrappedSum()) - Self.leastWeeks
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
    let range = units.clamped(to: first..<max(first, last + 1))
    guard !range.isEmpty else { return }
    let hasGaps = !gaps.ranges.isEmpty
    self[metric].withUnsafeBufferPointer { amounts in
      for unit in range where !hasGaps || !gaps.contains(unit) { body(unit, amounts[unit - first]) }
    }
  }
}
