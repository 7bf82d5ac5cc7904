/// What the days before a moment say of a metric's use.
struct PastUse {
  private(set) var weekdays = WeekdayProfile.alike
  private(set) var sums = DaySums()
  /// How many lulls have ended in months that are not measured yet.
  private(set) var lulls = 0

  /// - Parameters:
  ///   - used: the month's counter.
  ///   - profile: empty where none is known.
  ///   - memory: of the months before.
  init(
    of metric: Metric, _ used: Int64, _ rest: MonthRest, _ profile: borrowing UsageProfile,
    _ memory: borrowing MonthMemory
  ) {
    // A profile of another day than the reading's says nothing of days.
    guard let watched = profile.watched, profile.days.last == rest.today else {
      sums.add(
        sum: Double(used), over: rest.firstDay..<rest.today + 1, weekdays, before: rest.today,
        partOfLast: rest.elapsedOfToday)
      return
    }
    if let window = DayWindow(
      profile.days, metric, from: watched.wholeDay, before: rest.today, in: rest.month,
      lullEnds: memory.measuredUpTo..<rest.end, usedBefore: memory.hasUse(before: profile.days, metric))
    {
      weekdays = window.weekdays()
      window.add(to: &sums, weekdays, profile.days.gaps)
      lulls = window.lulls
    }
    if profile.days.count < UsageProfile.dayCapacity {
      sums.addUnwatched(used, rest, watched, profile.days, metric, memory.latest, weekdays)
    }
  }
}

extension UsageProfile {
  /// Since when its days are watched; nil where none is known.
  fileprivate var watched: Beginning? {
    days.isEmpty ? nil : firstObservedAt.map { Beginning($0, offset: offset) }
  }
}

extension DaySums {
  /// Adds what is known of the days before anybody watched, and of the day on which it began: what of this month's counter
  /// and of the month before's is not accounted for by the days that were watched.
  ///
  /// - Parameters:
  ///   - watched: since when.
  ///   - before: the month before, if it was read.
  fileprivate mutating func addUnwatched(
    _ used: Int64, _ rest: MonthRest, _ watched: UsageProfile.Beginning, _ days: AmountSeries, _ metric: Metric,
    _ before: MonthMemory.Latest?, _ weekdays: WeekdayProfile
  ) {
    let (start, today) = (rest.firstDay, rest.today)
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
    guard let last = before, last.start <= begin else { return }
    let end = min(begin + 1, start)
    add(
      sum: last.total - total(from: begin, before: start), doubt: doubt(from: begin, before: start),
      over: last.start..<end, weekdays, before: today, partOfLast: end > begin ? watched.elapsed : 1)
  }
}
