/// What days say of the days to come.
struct UsageEstimate: Hashable, Sendable {
  /// The use of a day as a part of its weight.
  let pace: Double
  /// The variance of a day's use as a part of its weight.
  let scatter: Double
  /// How much weight, counted evenly, would tell the pace as well.
  let effectiveWeight: Double
  /// How many days the pace is old, as a mean.
  let age: Double
  let weekdays: WeekdayProfile

  /// How far the level drifts in a month, as a part of it. See `docs/benchmarks.md`.
  private static let drift = 0.09

  init(_ weekdays: WeekdayProfile, _ sums: DaySums, _ factors: MonthFactors = .none) {
    let total = sums.total(with: factors)
    let (weight, squaredWeight) = (total[1], total[2])
    let days = DayScatter(total, units: sums.units)
    (self.weekdays, pace, scatter) = (weekdays, days.pace, days.scatter)
    effectiveWeight = weight > 0 ? weight * weight / squaredWeight : 1
    age = weight > 0 ? total[7] / weight : 0
  }

  /// The variance of what days of such a weight come to: they scatter each by itself, all of them share the error of the
  /// pace, and the level drifts.
  func variance(ofWeight weight: Double, days: Double) -> Double {
    let drift = Self.drift * pace * weight
    return scatter * weight + weight * weight * scatter / effectiveWeight + drift * drift * days / 30
  }

  /// The square of the error of what days were expected to come to, as a part of its variance; nil if nothing was.
  func misfit(of use: Double, in days: Range<Int>) -> Double? {
    let weight = weekdays.weight(of: days)
    let variance = variance(ofWeight: weight, days: Double(days.count))
    guard pace * weight > 0, variance > 0 else { return nil }
    let error = use - pace * weight
    return error * error / variance
  }
}

/// How much days are used as a part of their weights, and how widely that scatters.
struct DayScatter {
  let pace: Double
  /// The variance of a day's use as a part of its weight.
  let scatter: Double

  /// Until so many days are known, a day's use is taken to scatter twice as widely as single pages that come by chance
  /// would, since pages come in documents.
  private static let leastDays = 5
  private static let unknownScatter = 4.0

  /// - Parameters:
  ///   - total: sums as ``DaySums`` has them.
  ///   - units: of how many days the scatter is known.
  init(_ total: SIMD8<Double>, units: Int) {
    let (use, weight) = (total[0], total[1])
    guard weight > 0 else {
      (pace, scatter) = (0, Self.unknownScatter)
      return
    }
    let pace = use / weight
    self.pace = pace
    // What is counted scatters by chance at the least, and nothing is surer than that one more would not have been seen.
    let chance = max(pace, 1 / weight)
    let count = Double(units)
    guard count > 0, total[6] > 0 else {
      scatter = Self.unknownScatter * chance
      return
    }
    let squares = max(0, total[3] - 2 * pace * total[4] + pace * pace * total[5])
    let freedom = count - min(7, count / 3)
    let least = units < Self.leastDays ? Self.unknownScatter * chance : chance
    scatter = max(squares * count / (total[6] * freedom), least)
  }
}
