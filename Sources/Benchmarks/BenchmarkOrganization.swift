import FoundationEssentials
import Glibc
import QuotaCore

/// An organization with a usage profile of its own, scatter and bursts, that is read again and again.
struct BenchmarkOrganization {
  /// How the use of a week is spread over its days, from Monday.
  enum Week: CaseIterable {
    case office
    case shop
    case even

    var weights: [Double] {
      switch self {
      case .office: [1.1, 1, 1, 1, 0.9, 0.1, 0.03]
      case .shop: [0.7, 0.7, 0.8, 1, 1.4, 1.7, 0.5]
      case .even: [1, 1, 1, 1, 1, 1, 1]
      }
    }
  }

  let id: OrganizationID
  let week: Week
  private(set) var profile = UsageProfile()
  private(set) var before: Snapshot?
  private(set) var latest: Snapshot?
  private var generator: BenchmarkGenerator
  private var total = 0.0
  /// The pages of an average day; it drifts.
  private(set) var level: Double
  private var today = 0.0

  /// The scatter of the days, as the standard deviation of the logarithm.
  private static let scatter = 0.25
  /// The same for the change of the level from day to day.
  private static let drift = 0.01
  private static let burst = (probability: 0.03, factor: 4.0)

  init(_ number: Int) {
    id = OrganizationID("organization-\(number)")
    week = Week.allCases[number % Week.allCases.count]
    generator = BenchmarkGenerator(seed: UInt64(number))
    level = exp(5.5 + generator.normal())
  }

  /// Decides what will be used on a day; 0 is Monday.
  mutating func begin(weekday: Int) {
    level *= exp(Self.drift * generator.normal())
    today = level * week.weights[weekday] * exp(Self.scatter * generator.normal())
    if Double.random(in: 0..<1, using: &generator) < Self.burst.probability { today += level * Self.burst.factor }
  }

  /// Uses a part of the day.
  mutating func use(_ share: Double) {
    total += today * share
  }

  /// Reads the counters, which begin at 0 with every month.
  mutating func read(at time: Date, of month: BillingMonth, _ period: Range<Date>, _ zone: inout ZoneOffsets) {
    before = latest
    if before?.month != month { (before, total) = (nil, 0) }
    let counters = Counters(pages: Int64(total), conversions: Int64(total / 3))
    let isSame = before?.counters == counters
    let snapshot = Snapshot(
      id: isSame ? before?.id ?? 1 : (before?.id ?? 0) + 1, organization: id, month: month, counters: counters,
      firstSeenAt: isSame ? before?.firstSeenAt ?? time : time, lastSeenAt: time)
    profile.record(before: before, after: snapshot, observedAt: time, period: period, zone: &zone)
    latest = snapshot
  }
}

/// What a forecast is made from; a class, so that nothing but the forecast is measured.
final class ForecastCase {
  let used: Counters
  let at: Date
  let profile: UsageProfile

  /// Nil for an organization that was not read.
  init?(_ organization: BenchmarkOrganization) {
    guard let latest = organization.latest else { return nil }
    (used, at, profile) = (latest.counters, latest.lastSeenAt, organization.profile)
  }

  /// How probable it is that the month reaches its quotas, as a sum over both metrics.
  func probability(of month: BillingMonth, _ period: Range<Date>, reaching quota: Quota) -> Double {
    var sum = 0.0
    for metric in Metric.allCases {
      let forecast = Forecast(of: metric, used: used[metric], at: at, month: month, period: period, profile: profile)
      sum += forecast?.probability(ofReaching: quota[metric] ?? 0) ?? 0
    }
    return sum
  }
}
