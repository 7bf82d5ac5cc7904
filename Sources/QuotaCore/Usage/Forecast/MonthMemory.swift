import Glibc

/// What the four months before one have shown of a metric.
struct MonthMemory {
  /// The month before, if it was read: its first day, in days since 1970, and what it came to.
  private(set) var latest: (start: Int, total: Double)?
  /// The mean use of a day in each month, the latest first; -1 where it was not read.
  private var levels = SIMD4<Double>(repeating: -1)
  private var beginning = SpecialDays()
  private var end = SpecialDays()
  private var misfit = (sum: 0.0, weight: 0.0)
  /// The one that they are before.
  private let month: BillingMonth?
  /// How many lulls have ended in the months that are measured, and up to which day these are.
  private(set) var lulls = 0
  /// What all of them came to.
  private var total = 0.0
  private(set) var measuredUpTo = 0

  /// What each month counts: 0.8 of what the month after it counts.
  private static let discounts = SIMD4(1, 0.8, 0.64, 0.512)
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

    /// Two average days are counted in as expected, and what may be chance is taken for chance.
    func factor(_ estimate: UsageEstimate) -> Double {
      guard expected > 0, estimate.pace > 0 else { return 1 }
      let prior = 2 * estimate.pace * estimate.weekdays.week / 7
      let weight = expected + prior
      let difference = (used + prior) / weight - 1
      let squaredError = estimate.scatter / estimate.pace * expected / (weight * weight)
      return 1 + difference * max(0, 1 - 4 * squaredError / max(difference * difference, .leastNormalMagnitude))
    }
  }

  init() {
    month = nil
  }

  /// - Parameter months: in order.
  init(_ months: [RememberedMonth], before month: BillingMonth, _ metric: Metric) {
    self.month = month
    for index in months.indices.reversed() {
      let lane = month.ordinal - 1 - months[index].month
      guard lane >= 0 else { continue }
      guard lane < 4 else { return }
      let (year, number) = (months[index].month / 12, months[index].month % 12 + 1)
      let (dayCount, total) = (CivilDate.lastDay(of: number, in: year), Double(months[index].counters[metric]))
      if lane == 0 { latest = (month.firstDay - dayCount, total) }
      if measuredUpTo == 0, months[index].isMeasured {
        measuredUpTo = lane == 0 ? month.firstDay : CivilDate.dayNumber(year: year, month: number, day: 1) + dayCount
      }
      levels[lane] = total / Double(dayCount)
      self.total += total
      add(metric == .pages ? months[index].pages : months[index].conversions, levels[lane], Self.discounts[lane])
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
    guard let month, total > 0, days[metric].first == 0 else { return total > 0 }
    let kept = days.first..<max(days.first, month.firstDay)
    return total > Double(days.sum(of: metric, in: kept) + days.roundingError(of: metric, in: kept))
  }

  func factors(_ estimate: UsageEstimate) -> MonthFactors {
    MonthFactors(beginning: beginning.factor(estimate), end: end.factor(estimate))
  }

  /// What a forecast's variance is to be multiplied with: by how much earlier errors were larger than expected.
  var surprise: Double { (misfit.sum + Self.unsurprising) / (misfit.weight + Self.unsurprising) }

  /// How much faster the logarithm of the level grows each day, if it has changed the same way three times and has gone on
  /// since; what may be chance is taken for chance.
  private func trend(level: Double) -> Double {
    guard let month, levels.min() > 0, level > 0 else { return 0 }
    let grows = levels[0] > levels[1]
    guard (level > levels[0]) == grows, (levels[1] > levels[2]) == grows, (levels[2] > levels[3]) == grows else {
      return 0
    }
    let middles = month.middlesOfMonthsBefore
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

extension BillingMonth {
  /// The middle of each of the four months before, the latest first, in days since 1970.
  fileprivate var middlesOfMonthsBefore: SIMD4<Double> {
    var (middles, start) = (SIMD4<Double>(), firstDay)
    for lane in 0..<4 {
      let ordinal = ordinal - lane - 1
      let dayCount = CivilDate.lastDay(of: ordinal % 12 + 1, in: ordinal / 12)
      start -= dayCount
      middles[lane] = Double(start) + Double(dayCount) / 2
    }
    return middles
  }
}
