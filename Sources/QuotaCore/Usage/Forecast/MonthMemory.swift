import Glibc

/// What the four months before one have shown of a metric.
struct MonthMemory {
  /// The month before, if it was read: its first day, in days since 1970, and what it came to.
  private(set) var latest: Latest?
  /// The mean use of a day in each month, the latest first, -1 where it was not read; and the middles of the months, in
  /// days since 1970.
  private var levels = SIMD4<Double>(repeating: -1)
  private var middles = SIMD4<Double>()
  private var beginning = SpecialDays()
  private var end = SpecialDays()
  private var misfit = (sum: 0.0, weight: 0.0)
  /// The day after the last of them, in days since 1970.
  private let next: Int
  /// How many lulls have ended in the months that are measured, and up to which day these are.
  private(set) var lulls = 0
  /// What all of them came to.
  private var total = 0.0
  private(set) var measuredUpTo = 0

  typealias Latest = (start: Int, total: Double)

  private static let count = 4
  /// What each month counts, as a part of what the month after it counts.
  private static let discount = 0.8
  /// As many months without any surprise are counted in.
  private static let unsurprising = 2.0
  private static let steepestTrend = 0.012
  /// A trend of a day that is not more than this says nothing.
  private static let leastTrend = 0.001
  /// What is left of a trend after a day: 0.9 after a week.
  private static let damping = 0.985_061_459_646_634_6

  /// What was used on the special days of months, and what the days between let expect.
  private struct SpecialDays {
    private var used = 0.0
    private var expected = 0.0

    mutating func add(_ share: MonthCourse.Share?, level: Double, discount: Double) {
      guard let share else { return }
      let expected = level * Double(MonthPart.days) * discount
      used += share.value * expected
      self.expected += expected
    }

    /// A day's use is counted in as expected, and what may be chance is taken for chance.
    ///
    /// - Parameters:
    ///   - days: those between: with the special ones, days that are used evenly would seem to scatter.
    ///   - mean: what is used on one of them.
    func factor(_ days: DayScatter, mean: Double) -> Double {
      let difference = used - expected
      let squaredError = days.scatter * expected
      // Most differ by chance alone.
      guard days.pace * difference * difference > 4 * squaredError else { return 1 }
      let certain = 1 - 4 * squaredError / (days.pace * difference * difference)
      return 1 + difference / (expected + mean) * certain
    }
  }

  /// - Parameters:
  ///   - months: in order.
  ///   - rest: of the month that they are before.
  init(_ months: [RememberedMonth], before rest: MonthRest, _ metric: Metric) {
    next = rest.firstDay
    var (year, number, end, discount) = (rest.month.year, rest.month.month, rest.firstDay, 1.0)
    let ordinal = rest.month.ordinal
    var index = months.lastIndex { $0.month < ordinal } ?? -1
    for distance in 1...Self.count {
      (year, number) = number == 1 ? (year - 1, 12) : (year, number - 1)
      let start = end - CivilDate.lastDay(of: number, in: year)
      var level = -1.0
      if index >= 0, months[index].month == ordinal - distance {
        let use = Double(months[index].counters[metric])
        if distance == 1 { latest = (start, use) }
        if measuredUpTo == 0, months[index].isMeasured { measuredUpTo = end }
        total += use
        level = use / Double(end - start)
        add(metric == .pages ? months[index].pages : months[index].conversions, level, discount)
        index -= 1
      }
      levels = SIMD4(levels[1], levels[2], levels[3], level)
      middles = SIMD4(middles[1], middles[2], middles[3], Double(start + end) / 2)
      (end, discount) = (start, discount * Self.discount)
    }
  }

  @inline(__always)
  private mutating func add(_ course: MonthCourse, _ level: Double, _ discount: Double) {
    lulls += course.lulls
    beginning.add(course.beginning, level: level, discount: discount)
    end.add(course.end, level: level, discount: discount)
    guard let misfit = course.misfit else { return }
    self.misfit.sum += discount * misfit.value
    self.misfit.weight += discount
  }

  /// Whether anything was used before the days that are kept, as far back as months are known.
  func hasUse(before days: AmountSeries, _ metric: Metric) -> Bool {
    guard total > 0, days[metric].first == 0 else { return total > 0 }
    let kept = days.first..<max(days.first, next)
    return total > Double(days.sum(of: metric, in: kept) + days.roundingError(of: metric, in: kept))
  }

  func factors(_ sums: DaySums, _ weekdays: WeekdayProfile) -> MonthFactors {
    let days = DayScatter(sums.between, units: sums.units)
    let mean = days.pace * weekdays.week / 7
    return MonthFactors(
      between: 1, beginning: beginning.factor(days, mean: mean), end: end.factor(days, mean: mean))
  }

  /// What a forecast's variance is to be multiplied with: by how much earlier errors were larger than expected.
  var surprise: Double { (misfit.sum + Self.unsurprising) / (misfit.weight + Self.unsurprising) }

  /// How much faster the logarithm of the level grows each day, if it has changed the same way three times and has gone on
  /// since; what may be chance is taken for chance.
  private func trend(level: Double) -> Double {
    guard levels.min() > 0, level > 0 else { return 0 }
    let grows = levels[0] > levels[1]
    guard (level > levels[0]) == grows, (levels[1] > levels[2]) == grows, (levels[2] > levels[3]) == grows else {
      return 0
    }
    let logarithms = SIMD4(log(levels[0]), log(levels[1]), log(levels[2]), log(levels[3]))
    let (times, values) = (middles - middles.sum() / 4, logarithms - logarithms.sum() / 4)
    let squares = (times * times).sum()
    let slope = (times * values).sum() / squares
    let residuals = values - slope * times
    let squaredError = (residuals * residuals).sum() / 2 / squares
    let certain = abs(slope) * max(0, 1 - 4 * squaredError / (slope * slope))
    let size = min(max(certain - Self.leastTrend, 0), Self.steepestTrend)
    return slope < 0 ? -size : size
  }

  /// What the days to come are to be multiplied with: the trend from the days that the pace comes from to the middle of
  /// those to come.
  func growth(_ sums: DaySums, _ estimate: UsageEstimate, days: Double) -> Double {
    let trend = trend(level: sums.level)
    guard trend != 0 else { return 1 }
    let ahead = (1 - pow(Self.damping, days / 2)) / (1 - Self.damping)
    return exp(min(max(trend * (estimate.age + 0.5 + ahead), -1), 1))
  }
}
