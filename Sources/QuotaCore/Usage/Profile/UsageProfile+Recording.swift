package import FoundationEssentials

extension UsageProfile {
  /// Takes in one reading of a month.
  ///
  /// - An increase is spread over the time since the month was read before; the first reading of a new month has grown
  ///   from zero since the month began, or since the observation before if that is later. The very first reading of an
  ///   organization says nothing of when its use happened.
  /// - A month begins with nothing, as if that had been read, and what one that is over has grown by was used before its end:
  ///   after it was read as over, in its last hour.
  /// - A counter that falls to about where it was before its largest increase takes that back. What else it loses takes
  ///   back nothing: the vendor does not say when it was used. What comes back of that is no use.
  ///
  /// - Parameters:
  ///   - before: the month's latest snapshot before this reading; nil if this is its first.
  ///   - after: the snapshot that the reading made or extended.
  ///   - period: the month's first moment to the next month's.
  ///   - zone: the billing time zone.
  package mutating func record(
    before: Snapshot?, after: Snapshot, observedAt: Date, period: Range<Date>, zone: inout ZoneOffsets
  ) {
    defer {
      hours.round()
      days.round()
    }
    let (isOver, isStill) = (observedAt >= period.upperBound, before?.counters == after.counters)
    // What its last days came to is known only once it was read as over.
    if !isOver { measureMonths() }
    remember(after.month, after.counters)
    let previous = before?.lastSeenAt ?? lastObservedAt.map { max($0, period.lowerBound) }
    if isOver {
      guard before != nil, !hours.isEmpty else { return }
      advance(to: period.upperBound - .seconds(1), isStill: isStill, &zone)
    } else {
      if lastObservedAt == nil, let before { advance(to: before.lastSeenAt, &zone) }
      // A vendor whose months turn earlier may call one current that has not begun here.
      if lastObservedAt != nil, period.lowerBound <= observedAt { advance(to: period.lowerBound - .seconds(1), &zone) }
      advance(to: observedAt, isStill: isStill, &zone)
    }
    guard let previous, !isStill else { return }
    let end = min(observedAt, period.upperBound)
    let time = (min(previous.wholeSeconds, end.wholeSeconds - 1), end.wholeSeconds)
    for metric in Metric.allCases {
      let (old, new) = (before?.counters[metric] ?? 0, after.counters[metric])
      guard old != new else { continue }
      let index = indexOfMove(of: metric, in: after.month)
      var move = moves[index]
      if new > old {
        grow(&move, from: old, to: new, time, since: period.lowerBound.wholeSeconds, at: end, &zone)
      } else {
        fall(&move, from: old, to: new, time, &zone)
      }
      if move.isEmpty { moves.remove(at: index) } else { moves[index] = move }
    }
  }

  /// Where the move is to go on from. Only the latest two months can still move.
  private mutating func indexOfMove(of metric: Metric, in month: BillingMonth) -> Int {
    let number = month.ordinal
    if let index = moves.firstIndex(where: { $0.month == number && $0.metric == metric }) { return index }
    let latest = moves.reduce(number) { max($0, $1.month) }
    moves.removeAll { $0.month < latest - 1 }
    moves.append(CounterMove(month: number, metric: metric))
    return moves.count - 1
  }

  private mutating func grow(
    _ move: inout CounterMove, from old: Int64, to new: Int64, _ time: (from: Int, to: Int), since start: Int,
    at end: Date, _ zone: inout ZoneOffsets
  ) {
    let metric = move.metric
    let returned = move.returned(new - old, to: new, within: time.to - time.from, since: start)
    var from = time.from
    if returned > 0, let fall = move.fall {
      move.fall?.lost -= returned
      if fall.lost == returned {
        // What the counter showed in between says nothing.
        from = min(fall.since, from)
        if time.to - from > Self.hourlyGap.seconds { hours.markUnobserved(from.floored(by: 3_600)...hours.last) }
        if time.to - from > Self.dailyGap.seconds { days.markUnobserved(zone.day(of: from)...days.last) }
        move.fall = nil
      }
    }
    let use = new - old - returned
    guard use > 0 else { return }
    if move.surge.map({ use > $0.amount }) ?? true {
      move.surge = CounterMove.Surge(
        level: new - use, amount: use, from: from, to: time.to,
        usedBefore: metric == .pages ? lastPagesAt : lastConversionsAt)
    }
    spread(use, of: metric, over: from..<time.to, &zone)
    noteUse(of: metric, at: end)
  }

  private mutating func fall(
    _ move: inout CounterMove, from old: Int64, to new: Int64, _ time: (from: Int, to: Int), _ zone: inout ZoneOffsets
  ) {
    var lost = old - new
    if let surge = move.surge, surge.isUndone(at: new) {
      let undone = min(lost, surge.amount)
      takeBack(undone, leaving: surge.amount - undone, of: move.metric, in: surge.from..<surge.to, &zone)
      if new <= surge.level, surge.isBeyondReason { forgetUse(of: move.metric, at: surge.to, before: surge.usedBefore) }
      move.surge?.amount -= undone
      if surge.amount == undone { move.surge = nil }
      lost -= undone
    }
    guard lost > 0 else { return }
    if move.fall == nil {
      move.fall = CounterMove.Fall(lost: lost, peak: new + lost, since: time.from)
    } else {
      move.fall?.lost += lost
    }
  }

  /// When use was seen of a month that was over before the first reading says nothing of the time since.
  private mutating func noteUse(of metric: Metric, at time: Date) {
    guard let firstObservedAt, time >= firstObservedAt else { return }
    switch metric {
    case .pages: lastPagesAt = max(lastPagesAt ?? time, time)
    case .conversions: lastConversionsAt = max(lastConversionsAt ?? time, time)
    }
  }

  /// Goes back to the use before, unless there was some since.
  private mutating func forgetUse(of metric: Metric, at second: Int, before: Date?) {
    switch metric {
    case .pages where lastPagesAt?.wholeSeconds == second: lastPagesAt = before
    case .conversions where lastConversionsAt?.wholeSeconds == second: lastConversionsAt = before
    case .pages, .conversions: break
    }
  }

  /// Goes on to a moment of observation.
  ///
  /// - Parameter isStill: whether nothing was used since the one before, however long ago that is.
  private mutating func advance(to time: Date, isStill: Bool = false, _ zone: inout ZoneOffsets) {
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
    if isStill { measureMonths(before: day) }
    if hour > lastHour {
      rememberWeek(upTo: hour - Self.hourCapacity, &zone)
      hours.advance(to: hour, keeping: Self.hourCapacity)
      offset = zone.offset(ofHour: hour)
      days.advance(to: day, keeping: Self.dayCapacity)
    }
    if !isStill, time > last + Self.hourlyGap { hours.markUnobserved(lastHour...max(hour, lastHour)) }
    if !isStill, time > last + Self.dailyGap { days.markUnobserved(lastDay...max(day, lastDay)) }
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
}
