import FoundationEssentials

/// The way that a month's use is expected to go on: how much on each of the days to come.
///
/// Making one is cheap, since it is done for every organization in every run; the scatter is measured only where it is
/// asked for.
struct ForecastPath: Hashable, Sendable {
  /// Nil for an even pace.
  let weekdays: WeekdayProfile?
  /// The month's total.
  let expected: Double
  /// The day of the reading, in days since 1970, and how much of it is over, 0 to 1.
  private let today: Int
  private let elapsedOfToday: Double
  /// The day after the month's last.
  private let end: Int
  private let periodEnd: Date
  private let used: Double
  /// This month's use as a part of the weekdays' weights; without these a day's use.
  private let pace: Double
  /// The weights that the pace comes from.
  private let elapsedWeight: Double
  private let elapsedDays: Double
  /// The standard deviation of one day's use at this pace; nil where it is not known.
  private var deviation: Double?

  /// As many average days of the weeks before are counted into the pace.
  ///
  /// Chosen by measurement, see `docs/benchmarks.md`: more makes the first days better and a true change of the level
  /// later to be seen.
  private static let priorDays = 3.0
  /// Within so many standard deviations lie four of five values of a normal distribution.
  private static let fourOfFive = 1.2816
  /// The days that have to be known for their scatter to say something. Until then a day's use is taken to scatter twice
  /// as widely as single pages that come by chance would, since pages come in documents.
  private static let leastDays = 5

  enum Pace {
    case slow
    case fast
  }

  init?(
    of metric: Metric, used: Int64, at: Date, month: BillingMonth, period: Range<Date>, profile: UsageProfile?
  ) {
    guard period.contains(at), at > period.lowerBound else { return nil }
    let (first, end) = (month.firstDay, month.firstDay + month.dayCount)
    self.used = Double(used)
    self.end = end
    periodEnd = period.upperBound
    if let profile, let day = profile.day(of: at), (first..<end).contains(day.number), day.number == profile.days.last,
      let weekdays = WeekdayProfile(profile.days, of: metric, before: day.number), weekdays.week > 0
    {
      let usedToday = min(profile.days[metric].last ?? 0, used)
      let prior = Self.priorDays * weekdays.week / 7
      let weight = weekdays.weight(of: first..<day.number)
      pace = (Double(used - usedToday) + prior) / (weight + prior)
      let rest = weekdays.weight(of: day.number) * (1 - day.elapsed) + weekdays.weight(of: day.number + 1..<end)
      self.weekdays = weekdays
      elapsedWeight = weight + prior
      elapsedDays = Double(day.number - first)
      (today, elapsedOfToday) = (day.number, day.elapsed)
      expected = Double(used) + pace * rest
    } else {
      let days = at.timeIntervalSince(period.lowerBound) / 86_400
      weekdays = nil
      pace = Double(used) / days
      (elapsedWeight, elapsedDays) = (days, days)
      today = first + Int(days)
      elapsedOfToday = days - days.rounded(.down)
      expected = Double(used) + pace * period.upperBound.timeIntervalSince(at) / 86_400
    }
  }

  var projected: Int64 { max(Forecast.whole(expected), Int64(used)) }

  /// Measures how the known days deviate from what is usual on such days.
  mutating func measureScatter(of metric: Metric, profile: UsageProfile?) {
    // What is counted scatters by chance at the least.
    let chance = averageDay.squareRoot()
    deviation = max(measuredScatter(of: metric, profile: profile) ?? 2 * chance, chance)
  }

  private var averageDay: Double { weekdays.map { $0.week / 7 * pace } ?? pace }

  private func measuredScatter(of metric: Metric, profile: UsageProfile?) -> Double? {
    guard let days = profile?.days else { return nil }
    var (squares, sum, count) = (0.0, 0.0, 0)
    days.forEachKnown(metric, in: days.first..<days.last) { day, amount in
      let value = Double(amount) - (weekdays?.weight(of: day) ?? 0)
      squares += value * value
      sum += value
      count += 1
    }
    guard count >= Self.leastDays else { return nil }
    guard weekdays == nil else { return (squares / Double(count - 7)).squareRoot() * pace }
    let mean = sum / Double(count)
    guard mean > 0 else { return nil }
    return (max(0, squares - sum * mean) / Double(count - 1)).squareRoot() * pace / mean
  }

  /// How far the total may be off in four of five cases; nil where the scatter is not known.
  var margin: Double? { deviation.map { $0 * margin(after: remainder(upTo: end)) } }

  /// How much is still expected up to the beginning of a day, in weights and in days.
  private func remainder(upTo day: Int) -> (weight: Double, days: Double) {
    guard let weekdays else {
      let days = Double(day - today) - elapsedOfToday
      return (days, days)
    }
    let rest = weekdays.weight(of: today) * (1 - elapsedOfToday)
    return (rest + weekdays.weight(of: today + 1..<max(day, today + 1)), Double(day - today) - elapsedOfToday)
  }

  /// The margin in deviations of one day: the days to come scatter each by itself, and the pace that all of them share is
  /// known only as well as the days that it comes from.
  private func margin(after remainder: (weight: Double, days: Double)) -> Double {
    let known = max(elapsedDays + (weekdays == nil ? 0 : Self.priorDays), 1)
    let shared = remainder.weight / max(elapsedWeight, .leastNormalMagnitude) * known.squareRoot()
    return Self.fourOfFive * (max(remainder.days, 0) + shared * shared).squareRoot()
  }

  /// When the counter reaches a mark at the fast or the slow end of what is expected; nil if not within the month.
  ///
  /// Within a day it is taken to grow evenly.
  func moment(ofReaching mark: Int64, from at: Date, _ pace: Pace) -> Date? {
    var (before, time) = (used, at)
    for day in today + 1...max(end, today + 1) {
      let remainder = remainder(upTo: min(day, end))
      let margin = (deviation ?? 0) * margin(after: remainder)
      let after = used + self.pace * remainder.weight + (pace == .fast ? margin : -margin)
      let next = day >= end ? periodEnd : at.addingTimeInterval(remainder.days * 86_400)
      if after >= Double(mark), after > before {
        let share = max(0, (Double(mark) - before) / (after - before))
        return time.addingTimeInterval(next.timeIntervalSince(time) * share)
      }
      // At a slow pace the margin can grow faster than the use does.
      (before, time) = (max(before, after), next)
    }
    return nil
  }
}

extension UsageProfile {
  /// The billing zone's day of a moment near the latest observation, and how much of it is over.
  func day(of time: Date) -> (number: Int, elapsed: Double)? {
    guard lastObservedAt != nil else { return nil }
    let local = time.timeIntervalSince1970 + TimeInterval(offset)
    let day = (local / 86_400).rounded(.down)
    return (Int(day), local / 86_400 - day)
  }
}
