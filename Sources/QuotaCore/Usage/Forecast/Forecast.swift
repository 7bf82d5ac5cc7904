package import FoundationEssentials

/// What a month is expected to come to, and how sure that is.
///
/// With a known weekday profile the pace of the month's complete days, relative to what is usual on such days, is
/// expected of the days to come. Three average days of the weeks before are counted in, so that a pace of few days is
/// not taken at its word. Without a profile it is the plain pace since the month began. See `docs/rules/forecast.md`.
package struct Forecast: Hashable, Sendable {
  package enum Method: String, Hashable, Sendable {
    case weekdays
    case linear
  }

  package let method: Method
  /// The month's total.
  package let projected: Int64
  /// Between which the total lies in about four of five cases; nil where the scatter of the days is not known.
  package let range: ClosedRange<Int64>?

  private let used: Int64
  private let at: Date
  private let path: ForecastPath

  /// Nil where nothing of the month has passed, or all of it.
  ///
  /// - Parameters:
  ///   - used: the month's counter.
  ///   - at: when it was read.
  ///   - month: the billing month, whose days are `period` in the billing time zone.
  ///   - profile: of the same reading; nil where none is known.
  package init?(
    of metric: Metric, used: Int64, at: Date, month: BillingMonth, period: Range<Date>, profile: UsageProfile?
  ) {
    guard
      let path = ForecastPath(of: metric, used: used, at: at, month: month, period: period, profile: profile)
    else { return nil }
    self.init(path, of: metric, used: used, at: at, profile: profile)
  }

  init(_ path: ForecastPath, of metric: Metric, used: Int64, at: Date, profile: UsageProfile?) {
    var path = path
    path.measureScatter(of: metric, profile: profile)
    (self.path, self.used, self.at) = (path, used, at)
    method = path.weekdays == nil ? .linear : .weekdays
    projected = path.projected
    range = path.margin.map { margin in
      let low = Self.whole(path.expected - margin)
      return min(max(low, used), path.projected)...max(Self.whole(path.expected + margin), path.projected)
    }
  }

  /// Between when and when the quota is used up at this pace; the later end is nil if it may last. Nil if it is expected
  /// to last even at a fast pace.
  package func exhaustion(of quota: Int64) -> (from: Date, to: Date?)? {
    guard used < quota else { return (at, at) }
    guard let from = path.moment(ofReaching: quota, from: at, .fast) else { return nil }
    return (from, path.moment(ofReaching: quota, from: at, .slow))
  }

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
