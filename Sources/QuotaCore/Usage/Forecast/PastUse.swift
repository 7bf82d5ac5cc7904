/// What the days and the months before a moment say of a metric's use.
struct PastUse {
  private(set) var weekdays = WeekdayProfile.alike
  private(set) var sums = DaySums()
  /// How many lulls have ended in months that are not measured yet.
  private(set) var lulls = 0
  private(set) var memory = MonthMemory()

  /// Looks at what there is.
  ///
  /// - Parameter used: the month's counter.
  mutating func look(at profile: UsageProfile?, _ metric: Metric, _ used: Int64, _ rest: MonthRest) {
    guard let profile else {
      sums.addUnwatched(used, rest, nil, AmountSeries(.day), metric, memory, weekdays)
      return
    }
    memory = MonthMemory(profile.months, before: rest.month, metric)
    // A profile of another day than the reading's says nothing of days.
    guard !profile.days.isEmpty, profile.days.last == rest.today, let watched = profile.watchedSince else {
      sums.addUnwatched(used, rest, nil, AmountSeries(.day), metric, memory, weekdays)
      return
    }
    if let window = DayWindow(
      profile.days, metric, from: watched.wholeDay, before: rest.today, in: rest.month,
      lullEnds: memory.measuredUpTo..<rest.end, usedBefore: memory.hasUse(before: profile.days, metric))
    {
      (weekdays, sums, lulls) = (window.weekdays, window.sums, window.lulls)
    }
    if profile.days.count < UsageProfile.dayCapacity {
      sums.addUnwatched(used, rest, watched, profile.days, metric, memory, weekdays)
    }
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
