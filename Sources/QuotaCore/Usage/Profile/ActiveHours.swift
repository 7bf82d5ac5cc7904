import FoundationEssentials

/// The hours of the week in which an organization usually uses something.
struct ActiveHours: Hashable, Sendable {
  /// By hour of the week from Monday's first, in local time.
  private let hours: [Bool]
  /// Seconds east of UTC.
  private let offset: Int

  /// For how long an organization has to be watched.
  private static let leastTime = TimeSpan.days(14)
  private static let week = WeekHours.count * 3_600

  /// The hours with use in at least half of the weeks before the silence that began at a moment, and those of which
  /// nothing is known. Nil if two weeks are not known yet, or if no hour is known to be like that.
  init?(hoursOf profile: UsageProfile, metric: Metric?, before silence: Date) {
    let end = silence.wholeSeconds.floored(by: 3_600) + 1
    var active = [Int](repeating: 0, count: WeekHours.count)
    var observed = active
    for hour in active.indices { (active[hour], observed[hour]) = profile.week.activity(of: metric, in: hour) }
    let series = profile.hours
    series.forEachKnown(metric ?? .pages, in: series.first..<max(series.first, min(end, series.last))) { hour, amount in
      let index = WeekHours.hourOfWeek(ofLocal: hour * 3_600 + profile.offset)
      observed[index] += 1
      if amount > 0 || (metric == nil && series.conversions[hour - series.first] > 0) { active[index] += 1 }
    }
    self.init(active, of: observed, profile, before: silence)
  }

  /// The same by whole days.
  init?(daysOf profile: UsageProfile, metric: Metric?, before silence: Date) {
    let series = profile.days
    let end = (profile.day(of: silence)?.number ?? series.first) + 1
    var active = [Int](repeating: 0, count: 7)
    var observed = active
    series.forEachKnown(metric ?? .pages, in: series.first..<max(series.first, min(end, series.last))) { day, amount in
      let index = WeekdayProfile.weekday(day)
      observed[index] += 1
      if amount > 0 || (metric == nil && series.conversions[day - series.first] > 0) { active[index] += 1 }
    }
    func byHour(_ days: [Int]) -> [Int] { days.flatMap { Array(repeating: $0, count: 24) } }
    self.init(byHour(active), of: byHour(observed), profile, before: silence)
  }

  private init?(_ active: [Int], of observed: [Int], _ profile: UsageProfile, before silence: Date) {
    guard let first = profile.firstObservedAt, first + Self.leastTime <= silence else { return nil }
    hours = zip(active, observed).map { $0 * 2 >= $1 }
    guard zip(hours, observed).contains(where: { $0 && $1 > 0 }) else { return nil }
    offset = profile.offset
  }

  /// How many seconds of a time are active.
  func seconds(from start: Date, to end: Date) -> Int {
    var (second, rest) = (start.wholeSeconds + offset, max(0, end.wholeSeconds - start.wholeSeconds))
    var active = rest / Self.week * 3_600 * hours.count(where: { $0 })
    rest %= Self.week
    while rest > 0 {
      let step = min(rest, (second.floored(by: 3_600) + 1) * 3_600 - second)
      if hours[WeekHours.hourOfWeek(ofLocal: second)] { active += step }
      second += step
      rest -= step
    }
    return active
  }
}
