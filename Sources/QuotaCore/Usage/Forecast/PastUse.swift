/// What the days and the months before a moment say of a metric's use.
struct PastUse {
  private(set) var weekdays = WeekdayProfile.alike
  private(set) var sums = DaySums()
  /// How many lulls have ended in months that are not measured yet.
  private(set) var lulls = 0
  let memory: MonthMemory

  /// - Parameters:
  ///   - used: the month's counter.
  ///   - days: those of the profile; nil where none is known.
  ///   - watched: since when they are.
  @inline(__always)
  init(
    of metric: Metric, _ used: Int64, _ rest: MonthRest, _ months: [RememberedMonth], _ days: AmountSeries?,
    since watched: UsageProfile.Beginning?
  ) {
    memory = MonthMemory(months, before: rest, metric)
    // A profile of another day than the reading's says nothing of days.
    guard let days, !days.isEmpty, days.last == rest.today, let watched else {
      sums.addUnwatched(used, rest, nil, AmountSeries(.day), metric, memory, weekdays)
      return
    }
    if let window = DayWindow(
      days, metric, from: watched.wholeDay, before: rest.today, in: rest.month,
      lullEnds: memory.measuredUpTo..<rest.end, usedBefore: memory.hasUse(before: days, metric))
    {
      weekdays = window.weekdays()
      window.add(to: &sums, weekdays, days.gaps)
      lulls = window.lulls
    }
    if days.count < UsageProfile.dayCapacity {
      sums.addUnwatched(used, rest, watched, days, metric, memory, weekdays)
    }
  }

  /// What a profile says, if there is one.
  @inline(__always)
  static func known(to profile: UsageProfile?, of metric: Metric, _ used: Int64, _ rest: MonthRest) -> PastUse {
    let offset = profile?.offset ?? 0
    let watched = profile?.firstObservedAt.map { UsageProfile.Beginning($0, offset: offset) }
    return PastUse(of: metric, used, rest, profile?.months ?? [], profile?.days, since: watched)
  }
}

extension DaySums {
  /// Adds what is known of the days before anybody watched, and of the day on which it began: what of this month's counter
  /// and of the month before's is not accounted for by the days that were watched.
  ///
  /// - Parameter watched: since when; nil if what was used when is not known at all.
  fileprivate mutating func addUnwatched(
    _ used: Int64, _ rest: MonthRest, _ watched: UsageProfile.Beginning?, _ days: AmountSeries, _ metric: Metric,
    _ memory: MonthMemory, _ weekdays: WeekdayProfile
  ) {
    let (start, today) = (rest.firstDay, rest.today)
    guard let watched else {
      return add(
        sum: Double(used), over: start..<today + 1, weekdays, before: today, partOfLast: rest.elapsedOfToday)
    }
    func total(from day: Int, before end: Int) -> Double { Double(days.sum(of: metric, in: day..<max(day, end))) }
    func doubt(from day: Int, before end: Int) -> Double {
      Double(days.roundingError(of: metric, in: day..<max(day, end)))
    }
    let begin = watched.day
    let isToday = begin == today
    add(
      sum: total(from: begin, before: begin + 1), over: begin..<begin + 1, weekdays, before: today,
      partOfLast: (isToday ? rest.elapsedOfToday : 1) - watched.elapsed)
    if begin >= start {
      add(
        sum: Double(used) - total(from: begin, before: today + 1), doubt: doubt(from: begin, before: today + 1),
        over: start..<begin + 1, weekdays, before: today, partOfLast: watched.elapsed)
    }
    guard let last = memory.latest, last.start <= begin else { return }
    let end = min(begin + 1, start)
    add(
      sum: last.total - total(from: begin, before: start), doubt: doubt(from: begin, before: start),
      over: last.start..<end, weekdays, before: today, partOfLast: end > begin ? watched.elapsed : 1)
  }
}
