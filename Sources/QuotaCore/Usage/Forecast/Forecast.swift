package import FoundationEssentials

/// What a month is expected to come to, as a distribution. See `docs/rules/forecast.md`.
///
/// Making one is cheap, since it is done for every organization in every run.
package struct Forecast: Hashable, Sendable {
  /// Whether each weekday is known by itself; otherwise some are taken to be like the others.
  package let knowsWeekdays: Bool
  let metric: Metric
  /// Of the month's total.
  let outlook: Outlook
  let used: Int64
  let at: Date
  let estimate: UsageEstimate
  let factors: MonthFactors
  /// What the days to come are multiplied with, since the months have grown or shrunk.
  let growth: Double
  /// What the variance is multiplied with, since earlier forecasts were off by more or less.
  let surprise: Double
  let lulls: Lulls
  let rest: MonthRest

  /// Nil where nothing of the month has passed, or all of it.
  ///
  /// - Parameters:
  ///   - used: the month's counter.
  ///   - at: when it was read.
  ///   - month: the billing month, whose days are `period` in the billing time zone.
  ///   - profile: of the same reading; empty where none is known.
  package init?(
    of metric: Metric, used: Int64, at: Date, month: BillingMonth, period: Range<Date>,
    profile: borrowing UsageProfile
  ) {
    guard let rest = MonthRest(of: month, period, at: at, profile.lastOffset) else { return nil }
    let memory = MonthMemory(profile.months, before: rest, metric)
    let past = PastUse(of: metric, used, rest, profile, memory)
    factors = memory.factors(past.sums, past.weekdays)
    estimate = UsageEstimate(past.weekdays, past.sums, factors)
    growth = memory.growth(past.sums, estimate, days: rest.days)
    surprise = memory.surprise
    lulls = Lulls(count: past.lulls + memory.lulls)
    knowsWeekdays = past.weekdays.isKnown
    (self.metric, self.used, self.at, self.rest) = (metric, used, at, rest)
    outlook = Self.outlook(
      used, rest.weight(past.weekdays, factors) * growth, days: rest.days, estimate, surprise, lulls, rest)
  }

  /// At the beginning of a day after today.
  func outlook(at day: Int) -> Outlook {
    Self.outlook(
      used, rest.weight(estimate.weekdays, factors, upTo: day) * growth, days: rest.days(upTo: day), estimate, surprise,
      lulls, rest)
  }

  @inline(__always)
  private static func outlook(
    _ used: Int64, _ weight: Double, days: Double, _ estimate: UsageEstimate, _ surprise: Double, _ lulls: Lulls,
    _ rest: MonthRest
  ) -> Outlook {
    let use = estimate.pace * weight
    let variance =
      surprise * estimate.variance(ofWeight: weight, days: days)
      + estimate.pace * estimate.pace * rest.squaredDoubt(estimate.weekdays)
    let lost = lulls.count > 0 ? use * use * lulls.variance(of: days) : 0
    return Outlook(
      expected: Double(used) + use * (1 - lulls.share(of: days)), below: (variance + lost).squareRoot(),
      above: variance.squareRoot())
  }

  /// The month's total, never below what was used.
  package var projected: Int64 { max(Self.whole(outlook.expected), used) }

  /// Between which the total lies in four of five cases.
  package var range: ClosedRange<Int64> { range(of: outlook) }

  /// Rounded outwards, so that it is a range as long as anything may still be used.
  func range(of outlook: Outlook) -> ClosedRange<Int64> {
    let low = outlook.value(-Normal.fourOfFive).rounded(.down)
    let high = outlook.value(Normal.fourOfFive).rounded(.up)
    return max(Self.whole(low), used)...max(Self.whole(high), used)
  }

  /// How many standard deviations the expected total lies above a mark.
  func distance(above mark: Int64) -> Double { outlook.distance(above: Double(mark)) }

  /// How probable it is that the month reaches a mark, 0 to 1.
  package func probability(ofReaching mark: Int64) -> Double {
    used >= mark ? 1 : Normal.probability(below: distance(above: mark))
  }

  /// The total that lies so many standard deviations above what is expected.
  func total(_ deviations: Double) -> Int64 { max(Self.whole(outlook.value(deviations)), used) }

  /// How much may be used on each remaining day, today's rest being a part of one, to stay inside of a quota.
  package static func dailyAllowance(quota: Int64, used: Int64, at: Date, monthEnd: Date) -> Int64 {
    let days = max(monthEnd.timeIntervalSince(at) / 86_400, 1)
    return Int64(Double(max(0, quota - used)) / days)
  }

  /// Rounded, and within what a counter can show.
  static func whole(_ value: Double) -> Int64 {
    Int64(min(max(value.rounded(), 0), 9.0e18))
  }
}
