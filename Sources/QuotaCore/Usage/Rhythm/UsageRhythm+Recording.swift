package import FoundationEssentials

extension UsageRhythm {
  /// Takes in one reading of a month.
  ///
  /// - An increase is spread over the time since the month was read before; the first reading of a new month has grown
  ///   from zero since the month began, or since the observation before if that is later. The very first reading of an
  ///   organization says nothing of when its use happened.
  /// - What a month that is over still grows by, after it was read as over, is taken for use of its last hour.
  /// - A counter that falls takes back the most recent use of its month.
  ///
  /// - Parameters:
  ///   - before: the month's latest snapshot before this reading; nil if this is its first.
  ///   - after: the snapshot that the reading made or extended.
  ///   - period: the month's first moment to the next month's.
  ///   - zone: the billing time zone.
  package mutating func record(
    before: Snapshot?, after: Snapshot, observedAt: Date, period: Range<Date>, zone: inout ZoneOffsets
  ) {
    let previous = before?.lastSeenAt ?? lastObservedAt.map { max($0, period.lowerBound) }
    if observedAt < period.upperBound {
      if lastObservedAt == nil, let before { advance(to: before.lastSeenAt, &zone) }
      advance(to: observedAt, &zone)
    } else if before == nil {
      return
    }
    guard let previous, !hours.isEmpty else { return }
    let end = min(observedAt, period.upperBound)
    for metric in Metric.allCases {
      let growth = after.counters[metric] - (before?.counters[metric] ?? 0)
      if growth > 0 {
        spread(growth, of: metric, from: previous.wholeSeconds, to: end.wholeSeconds, &zone)
        noteUse(of: metric, at: end)
      } else if growth < 0 {
        takeBack(-growth, of: metric, from: end.wholeSeconds, downTo: period.lowerBound.wholeSeconds, &zone)
      }
    }
  }

  private mutating func noteUse(of metric: Metric, at time: Date) {
    switch metric {
    case .pages: lastPagesAt = max(lastPagesAt ?? time, time)
    case .conversions: lastConversionsAt = max(lastConversionsAt ?? time, time)
    }
  }

  /// Goes on to a moment of observation.
  private mutating func advance(to time: Date, _ zone: inout ZoneOffsets) {
    let second = time.wholeSeconds
    guard let last = lastObservedAt else {
      let (hour, day) = (second.floored(by: 3_600), zone.day(of: second))
      hours.advance(to: hour, keeping: Self.hourCapacity)
      days.advance(to: day, keeping: Self.dayCapacity)
      // The hour and the day in which observation began are known in part only.
      hours.markUnobserved(hour...hour)
      days.markUnobserved(day...day)
      (firstObservedAt, lastObservedAt, offset) = (time, time, zone.offset(ofHour: hour))
      return
    }
    guard time > last else { return }
    let (hour, day) = (second.floored(by: 3_600), zone.day(of: second))
    let (lastHour, lastDay) = (hours.last, days.last)
    if hour > lastHour {
      rememberWeek(upTo: hour - Self.hourCapacity, &zone)
      hours.advance(to: hour, keeping: Self.hourCapacity)
      offset = zone.offset(ofHour: hour)
      days.advance(to: day, keeping: Self.dayCapacity)
    }
    if time > last + Self.hourlyGap { hours.markUnobserved(lastHour...max(hour, lastHour)) }
    if time > last + Self.dailyGap { days.markUnobserved(lastDay...max(day, lastDay)) }
    lastObservedAt = time
  }

  /// Hands the hours that are about to be forgotten to the profile of the week, unless only their sum is known, or there
  /// has been nothing but silence since.
  private mutating func rememberWeek(upTo hour: Int, _ zone: inout ZoneOffsets) {
    guard hour >= hours.first, let lastUsed = hours.lastUsed(of: nil) else { return }
    for forgotten in hours.first...min(hour, lastUsed, hours.last) where !hours.gaps.contains(forgotten) {
      let index = forgotten - hours.first
      week.record(
        WeekHours.hourOfWeek(ofLocal: forgotten * 3_600 + zone.offset(ofHour: forgotten)),
        pages: hours.pages[index] > 0, conversions: hours.conversions[index] > 0)
    }
  }

  /// Spreads an increase evenly, in quarters of an hour, since there are zones whose midnight lies on such a one.
  private mutating func spread(
    _ amount: Int64, of metric: Metric, from start: Int, to end: Int, _ zone: inout ZoneOffsets
  ) {
    let quarter = 900
    let first = min(start, end - 1)
    let (hour, day) = (first.floored(by: 3_600), zone.day(of: first))
    if (end - 1).floored(by: 3_600) == hour, zone.day(of: end - 1) == day {
      hours.add(amount, of: metric, at: hour)
      days.add(amount, of: metric, at: day)
      return
    }
    var (begin, done) = (first, Int64(0))
    while begin < end {
      let next = min(end, (begin.floored(by: quarter) + 1) * quarter)
      let upToNext = next == end ? amount : Int64(Double(amount) * (Double(next - first) / Double(end - first)))
      let share = min(max(upToNext - done, 0), amount - done)
      hours.add(share, of: metric, at: begin.floored(by: 3_600))
      days.add(share, of: metric, at: zone.day(of: begin))
      (begin, done) = (next, done + share)
    }
  }

  private mutating func takeBack(
    _ amount: Int64, of metric: Metric, from second: Int, downTo floor: Int, _ zone: inout ZoneOffsets
  ) {
    hours.takeBack(amount, of: metric, from: (second - 1).floored(by: 3_600), downTo: floor.floored(by: 3_600))
    days.takeBack(amount, of: metric, from: zone.day(of: second - 1), downTo: zone.day(of: floor))
  }
}
