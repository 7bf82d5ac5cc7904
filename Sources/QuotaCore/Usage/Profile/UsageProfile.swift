package import FoundationEssentials

/// How one organization's use was spread over the last weeks: what was used in each of the last 8 days' hours and of the
/// last 42 days, and in which hours of the week there usually is any.
///
/// It follows from the readings alone, so it can be made again from the stored snapshots at any time, and its size is
/// bounded whatever the history's length and however much is used: of hours and days that are over only the first digits are
/// kept, see ``AmountPrecision``. The counters say how much was used between two observations, not when: an
/// increase is spread evenly over the time between them.
package struct UsageProfile: Hashable, Sendable {
  /// The first reading of a current month. Of what was used before it, nothing is known.
  package internal(set) var firstObservedAt: Date?
  /// The latest reading of a current month.
  package internal(set) var lastObservedAt: Date?
  /// Seconds east of UTC at ``lastObservedAt``, in the billing time zone.
  var offset = 0
  /// The observations that showed the latest increase of each metric.
  var lastPagesAt: Date?
  var lastConversionsAt: Date?
  /// By hours since 1970 in UTC.
  var hours = AmountSeries(.hour)
  /// By days since 1970 in the billing time zone; the latest is the day of ``lastObservedAt``.
  var days = AmountSeries(.day)
  /// What has left ``hours``.
  var week = WeekHours()
  /// What the counters of the latest months have done that may yet be undone, at most one for a month and metric.
  var moves: [CounterMove] = []

  /// The latest months, in order.
  var months: [RememberedMonth] = []

  /// Eight days, and the hour that has begun.
  static let hourCapacity = 8 * 24 + 1
  /// Six weeks, and the day that has begun.
  static let dayCapacity = 42 + 1
  /// How far two observations may be apart for the hours between them to count as observed.
  static let hourlyGap = TimeSpan.hours(3)
  /// The same for days: one reading a day is enough, with some delay.
  static let dailyGap = TimeSpan.hours(26)

  package init() {}

  /// Seconds east of UTC at the latest observation; nil where there was none.
  var lastOffset: Int? { lastObservedAt == nil ? nil : offset }

  /// Seconds since 1970 of the latest observation, in UTC.
  var lastSecond: Int? { lastObservedAt?.wholeSeconds }

  /// When a metric, or either, was used last, as far as is known; nil if no use was ever seen.
  ///
  /// An increase beyond reason that was taken back does not count. A correction does not change it: the vendor does not
  /// say when what it takes back was used.
  package func lastUsed(of metric: Metric?) -> Date? {
    switch metric {
    case .pages: lastPagesAt
    case .conversions: lastConversionsAt
    case nil: lastPagesAt.map { max($0, lastConversionsAt ?? $0) } ?? lastConversionsAt
    }
  }
}

extension Date {
  /// Seconds since 1970, rounded down.
  var wholeSeconds: Int { Int(timeIntervalSince1970.rounded(.down)) }
}
