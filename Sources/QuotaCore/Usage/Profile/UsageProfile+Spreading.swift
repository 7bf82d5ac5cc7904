import FoundationEssentials

extension UsageProfile {
  /// A quarter of an hour: there are zones whose midnight lies on such a one.
  private static let quarter = 900
  /// A day that usually has less than this part of what another one has is no day for use that either may have had.
  private static let leastShare = 0.1

  /// Spreads an increase over the time in which it was used: by days as far as is known of them, and evenly within each.
  mutating func spread(_ amount: Int64, of metric: Metric, over readings: Range<Int>, _ zone: inout ZoneOffsets) {
    let time = timeOfUse(between: readings, &zone)
    // Mostly it is a part of one day. Of a time that is longer than days are kept, no day is known.
    guard zone.day(of: time.lowerBound) != zone.day(of: time.upperBound - 1),
      time.count <= Self.dayCapacity * 86_400
    else { return spreadEvenly(amount, of: metric, over: time, &zone) }
    let parts = daysApart(time, &zone)
    guard let shares = shares(of: parts, metric, &zone) else {
      return spreadEvenly(amount, of: metric, over: time, &zone)
    }
    var (done, sum) = (Int64(0), 0.0)
    let total = shares.reduce(0, +)
    for (part, share) in zip(parts, shares) where share > 0 {
      sum += share
      let upToHere = sum >= total ? amount : Int64(Double(amount) * (sum / total))
      let own = min(max(upToHere - done, 0), amount - done)
      spreadEvenly(own, of: metric, over: part, &zone)
      done += own
    }
  }

  /// The time between two readings without the moments at either end by which they are off a quarter of an hour, unless
  /// midnight lies there: what is usual on the days decides then.
  ///
  /// A run that starts on the hour reads some seconds later; they are no reason to think that the hour that has begun had
  /// use as well.
  private func timeOfUse(between readings: Range<Int>, _ zone: inout ZoneOffsets) -> Range<Int> {
    let (first, end, most) = (readings.lowerBound, readings.upperBound, Self.most(of: readings.count))
    let after = (first.floored(by: Self.quarter) + 1) * Self.quarter
    let before = end.floored(by: Self.quarter) * Self.quarter
    let isLate = end - before <= most && zone.day(of: before - 1) == zone.day(of: end - 1)
    let isEarly = after - first <= most && zone.day(of: first) == zone.day(of: after)
    return (isEarly ? after : first)..<(isLate ? before : end)
  }

  /// For how many seconds at either end of a time it is as if it had not begun, or were over.
  private static func most(of seconds: Int) -> Int { min(seconds / 30, 120) }

  /// The parts of a time that lie on different days.
  private func daysApart(_ time: Range<Int>, _ zone: inout ZoneOffsets) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    let end = time.upperBound
    var (begin, next) = (time.lowerBound, time.lowerBound)
    while next < end {
      let after = min(end, (next.floored(by: Self.quarter) + 1) * Self.quarter)
      if after == end || zone.day(of: after) != zone.day(of: begin) {
        parts.append(begin..<after)
        begin = after
      }
      next = after
    }
    return parts
  }

  /// How an increase is to be divided between successive days: by what is usual on such days, each for the time that
  /// may have had it. While that is not known, what is seen shortly after midnight was used before, and what is seen
  /// later on the day that has most of the time. Nil where nothing is known at all.
  private func shares(of parts: [Range<Int>], _ metric: Metric, _ zone: inout ZoneOffsets) -> [Double]? {
    let numbers = parts.map { zone.day(of: $0.lowerBound) }
    let length = parts.map(\.count).reduce(0, +)
    if let profile = WeekdayProfile(days, of: metric, before: numbers[0]), profile.week > 0 {
      let weights = numbers.map { profile.weight(of: $0) }
      let least = (weights.max() ?? 0) * Self.leastShare
      let shares = zip(parts, weights).map { $1 >= least && $1 > 0 ? Double($0.count) * $1 : 0 }
      let longer = zip(parts, shares).map { $0.count > Self.most(of: length) ? $1 : 0 }
      return [longer, shares].first { $0.contains { $0 > 0 } }
    }
    guard length <= Self.dailyGap.seconds, !days.gaps.contains(numbers[0]) else { return nil }
    let isShort = length <= Self.hourlyGap.seconds
    let longest = parts.indices.max { (parts[$0].count, $1) < (parts[$1].count, $0) } ?? 0
    let chosen = isShort ? 0 : longest
    return parts.indices.map { $0 == chosen ? 1 : 0 }
  }

  private mutating func spreadEvenly(
    _ amount: Int64, of metric: Metric, over time: Range<Int>, _ zone: inout ZoneOffsets
  ) {
    let (first, end) = (time.lowerBound, time.upperBound)
    var (begin, done) = (first, Int64(0))
    while begin < end {
      let (hour, day) = (begin.floored(by: 3_600), zone.day(of: begin))
      // Mostly the whole hour is part of that day.
      let rest = min(end, (hour + 1) * 3_600)
      let next =
        zone.day(of: rest - 1) == day ? rest : min(rest, (begin.floored(by: Self.quarter) + 1) * Self.quarter)
      let upToNext = next == end ? amount : Int64(Double(amount) * (Double(next - first) / Double(end - first)))
      let share = min(max(upToNext - done, 0), amount - done)
      hours.add(share, of: metric, at: hour)
      days.add(share, of: metric, at: day)
      (begin, done) = (next, done + share)
    }
  }

  /// Takes back what was spread over the time between two readings, of which `rest` stays.
  mutating func takeBack(
    _ amount: Int64, leaving rest: Int64, of metric: Metric, in readings: Range<Int>, _ zone: inout ZoneOffsets
  ) {
    guard !readings.isEmpty else { return }
    let time = timeOfUse(between: readings, &zone)
    let (first, last) = (time.lowerBound, time.upperBound - 1)
    hours.takeBack(
      amount, leaving: rest, of: metric, from: last.floored(by: 3_600), downTo: first.floored(by: 3_600))
    days.takeBack(
      amount, leaving: rest, of: metric, from: zone.day(of: last), downTo: zone.day(of: first))
  }
}
