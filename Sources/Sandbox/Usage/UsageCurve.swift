package import FoundationEssentials
package import QuotaCore

/// How an organization's counters grow through a month: more on working days, most of it by day, now and then a burst.
///
/// A pure function of the seed and the moment. Within a month it never falls; every month starts at zero.
package struct UsageCurve: Hashable, Sendable {
  /// Pages on top of a day's usual ones.
  package struct Burst: Hashable, Sendable {
    /// The day of the month, from 1. A month without that day has no such burst.
    package let day: Int
    /// 0 to ``largestMonth``.
    package let pages: Int64

    /// Pages out of their range are taken as the nearest in it.
    package init(day: Int, pages: Int64) {
      self.day = day
      self.pages = min(max(pages, 0), largestMonth)
    }
  }

  package let seed: UInt64
  /// About what a month of 30 days comes to, bursts aside; 0 to ``largestMonth``.
  package let pagesPerMonth: Int64
  /// At least 1, on average.
  package let pagesPerConversion: Int64
  /// A weekend day's use as a part of a working day's, 0 to 1.
  package let weekendShare: Double
  /// How likely a day is to have three times its usual use, 0 to 1.
  package let burstProbability: Double
  package let bursts: [Burst]

  /// The greatest ``pagesPerMonth``.
  package static let largestMonth: Int64 = 1_000_000_000_000

  /// Values out of their ranges are taken as the nearest in them.
  package init(
    seed: UInt64, pagesPerMonth: Int64, pagesPerConversion: Int64 = 6, weekendShare: Double = 0.15,
    burstProbability: Double = 0.05, bursts: [Burst] = []
  ) {
    self.seed = seed
    self.pagesPerMonth = min(max(pagesPerMonth, 0), Self.largestMonth)
    self.pagesPerConversion = max(pagesPerConversion, 1)
    self.weekendShare = min(max(weekendShare, 0), 1)
    self.burstProbability = min(max(burstProbability, 0), 1)
    self.bursts = bursts
  }

  /// The month's counters as they stand at a moment: zero before the month, final after it.
  package func counters(at date: Date, in shape: MonthShape) -> Counters {
    guard date > shape.period.lowerBound else { return .zero }
    let isOver = date >= shape.period.upperBound
    let days = date.timeIntervalSince(shape.period.lowerBound) / 86_400
    // A month with a change to winter time is an hour longer than its days: that hour belongs to the last one.
    let today = isOver ? shape.dayCount : min(Int(days), shape.dayCount - 1)
    var counters = Counters.zero
    for day in 0..<today {
      let whole = use(onDay: day + 1, in: shape)
      counters.pages += whole.pages
      counters.conversions += whole.conversions
    }
    guard !isOver else { return counters }
    let whole = use(onDay: today + 1, in: shape)
    let share = Self.shareOfDay(at: min(days - Double(today), 1))
    counters.pages += Int64(Double(whole.pages) * share)
    counters.conversions += Int64(Double(whole.conversions) * share)
    return counters
  }

  private func use(onDay day: Int, in shape: MonthShape) -> Counters {
    let place = UInt64(shape.month.ordinal * 32 + day)
    // Mixed, so that neighbouring seeds are not the same curve a day later.
    var random = SplitMix64(seed: SplitMix64.mixed(seed) ^ place)
    let workingDay = Double(pagesPerMonth) / 30 * 7 / (5 + 2 * weekendShare)
    var pages = workingDay * (shape.isWeekend(day: day) ? weekendShare : 1) * (0.7 + 0.6 * random.nextFraction())
    if random.nextFraction() < burstProbability { pages *= 3 }
    for burst in bursts where burst.day == day { pages += Double(burst.pages) }
    let pagesPerConversion = max(1, Double(pagesPerConversion) * (0.8 + 0.4 * random.nextFraction()))
    return Counters(
      pages: Int64(pages.rounded()), conversions: Int64((pages / pagesPerConversion).rounded()))
  }

  /// How much of a day's use has happened by a time of the day: little by night, 94 % between 6:00 and 20:00.
  private static func shareOfDay(at time: Double) -> Double {
    let (morning, evening) = (6.0 / 24, 20.0 / 24)
    if time < morning { return 0.03 * time / morning }
    if time < evening { return 0.03 + 0.94 * (time - morning) / (evening - morning) }
    return 0.97 + 0.03 * (time - evening) / (1 - evening)
  }
}
