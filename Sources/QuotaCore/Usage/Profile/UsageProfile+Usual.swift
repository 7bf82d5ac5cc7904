import FoundationEssentials

extension UsageProfile {
  /// The billing zone's day of a moment near the latest observation, and how much of it is over.
  func day(of time: Date) -> (number: Int, elapsed: Double)? {
    guard lastObservedAt != nil else { return nil }
    let local = time.timeIntervalSince1970 + TimeInterval(offset)
    let day = (local / 86_400).rounded(.down)
    return (Int(day), local / 86_400 - day)
  }

  /// What was used from a moment up to the latest observation, but for what rounding has taken from an hour; nil if nobody
  /// watched then, or it is too long ago.
  func used(_ metric: Metric, since start: Date) -> Int64? {
    guard let firstObservedAt, firstObservedAt <= start else { return nil }
    let second = start.wholeSeconds
    let hour = second.floored(by: 3_600)
    guard hour >= hours.first, hour <= hours.last else { return nil }
    let amounts = hours[metric]
    let index = hour - hours.first
    // The part of the hour in which the time begins.
    let left = Double((hour + 1) * 3_600 - second) / 3_600
    let begun = Int64((Double(amounts[index]) * left).rounded())
    return amounts.withUnsafeBufferPointer { $0[(index + 1)...].reduce(begun, +) }
  }

  /// What is usual within the time from a moment to the latest observation, judged by the days before: their level, their
  /// weekdays where these are known, and the hours of the day at which things are used.
  ///
  /// Nil if less than half of those days are known.
  func usual(_ metric: Metric, since start: Date, judgedBy dayCount: Int) -> Double? {
    guard let end = lastObservedAt, let from = day(of: start), let to = day(of: end) else { return nil }
    let profile = WeekdayProfile(days, of: metric, before: from.number)
    var (sum, weight, known) = (0.0, 0.0, 0)
    days.forEachKnown(metric, in: from.number - dayCount..<from.number) { day, amount in
      sum += Double(amount)
      weight += profile?.weight(of: day) ?? 1
      known += 1
    }
    guard known * 2 >= dayCount else { return nil }
    guard weight > 0, sum > 0 else { return 0 }
    let shape = DayShape(self, metric, before: start)
    var usual = 0.0
    for day in from.number...max(to.number, from.number) {
      let begin = day == from.number ? shape.share(upTo: from.elapsed) : 0
      let end = day == to.number ? shape.share(upTo: to.elapsed) : 1
      usual += (profile?.weight(of: day) ?? 1) * (end - begin)
    }
    return usual * sum / weight
  }
}

/// How much of a day's use has usually happened by a time of the day.
private struct DayShape {
  /// What is used by the beginning of each hour, and by the day's end; empty for an even use.
  private var sums: [Double] = []

  /// So many hours have to be known.
  private static let leastHours = 72

  init(_ profile: UsageProfile, _ metric: Metric, before end: Date) {
    let local = profile.offset.floored(by: 3_600)
    let first = profile.hours.first
    let last = end.wholeSeconds.floored(by: 3_600)
    guard last - first >= Self.leastHours else { return }
    var (sums, counts) = ([Int64](repeating: 0, count: 24), [Int](repeating: 0, count: 24))
    profile.hours.forEachKnownRun(metric, in: first..<last) { hour, amounts in
      var hourOfDay = (hour + local) - (hour + local).floored(by: 24) * 24
      for amount in amounts {
        sums[hourOfDay] += amount
        counts[hourOfDay] += 1
        hourOfDay = hourOfDay == 23 ? 0 : hourOfDay + 1
      }
    }
    let known = counts.reduce(0, +)
    guard known >= Self.leastHours else { return }
    let means = zip(sums, counts).map { $1 > 0 ? Double($0) / Double($1) : nil }
    let mean = means.lazy.compactMap(\.self).reduce(0, +) / Double(counts.count { $0 > 0 })
    guard mean > 0 else { return }
    // An hour of which nothing is known is like the others.
    self.sums = means.reduce(into: [0]) { $0.append($0[$0.count - 1] + ($1 ?? mean)) }
  }

  /// - Parameter elapsed: how much of the day is over, 0 to 1.
  func share(upTo elapsed: Double) -> Double {
    guard let total = sums.last else { return elapsed }
    let hours = min(max(elapsed, 0), 1) * 24
    let hour = min(Int(hours), 23)
    let begun = (sums[hour + 1] - sums[hour]) * (hours - Double(hour))
    return (sums[hour] + begun) / total
  }
}
