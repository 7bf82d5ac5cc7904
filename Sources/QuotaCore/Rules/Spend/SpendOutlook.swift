/// What a month will cost, by the forecasts of its counters.
///
/// Both counters are taken to be high or low together, since they count the same documents.
struct SpendOutlook {
  private let month: ObservedMonth
  private let forecasts: [Forecast]
  private let price: (Counters) -> Money?

  /// - Parameter price: what counters cost; nil without prices.
  init(_ month: ObservedMonth, _ profile: UsageProfile, price: @escaping (Counters) -> Money?) {
    self.month = month
    self.price = price
    forecasts = Metric.allCases.compactMap { metric in
      Forecast(
        of: metric, used: month.snapshot.counters[metric], at: month.snapshot.lastSeenAt, month: month.snapshot.month,
        period: month.period, profile: profile)
    }
  }

  /// What it costs with counters that lie so many standard deviations above what is expected.
  func cost(_ deviations: Double) -> Money? {
    func total(_ metric: Metric) -> Int64 {
      forecasts.first { $0.metric == metric }?.total(deviations) ?? month.snapshot.counters[metric]
    }
    return price(Counters(pages: total(.pages), conversions: total(.conversions)))
  }

  /// Whether it is sure enough to cost an amount, or not sure enough any more.
  func holds(_ amount: ExactDecimal, _ confidence: Confidence) -> Holds {
    func reaches(_ deviations: Double) -> Bool { cost(deviations).map { $0.amount >= amount } ?? false }
    if reaches(confidence.quantiles.holds) { return .yes }
    return reaches(confidence.quantiles.over) ? .between : .no
  }

  /// How probable it is that it costs an amount, 0 to 1: to the percent, since a price need not grow with the counters.
  func probability(of amount: ExactDecimal) -> Double {
    let reaching = (0..<100).count { hundredth in
      cost(Normal.quantile((Double(hundredth) + 0.5) / 100)).map { $0.amount >= amount } ?? false
    }
    return Double(reaching) / 100
  }

  /// Between which the cost lies in four of five cases.
  var range: (low: Money, high: Money)? {
    guard let first = cost(-Normal.fourOfFive), let second = cost(Normal.fourOfFive) else { return nil }
    return first.amount <= second.amount ? (first, second) : (second, first)
  }

  var parts: [ProjectionParts] { forecasts.map(\.parts) }
}
