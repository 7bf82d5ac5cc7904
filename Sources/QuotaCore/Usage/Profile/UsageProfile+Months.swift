import FoundationEssentials

extension UsageProfile {
  /// How many days after its end a month is measured: what the vendor still corrects is in by then.
  private static let delay = 3
  /// The days of a month after which a forecast of its rest is compared with what came.
  private static let rehearsals = [7, 14]

  /// Notes what a month has come to, the current one or one that was filled in. Only the latest are remembered, in
  /// whichever order they are read.
  mutating func remember(_ month: BillingMonth, _ counters: Counters) {
    if let index = months.firstIndex(where: { $0.month == month.ordinal }) {
      months[index].counters = counters
      return
    }
    let index = months.firstIndex { $0.month > month.ordinal } ?? months.endIndex
    months.insert(RememberedMonth(month: month.ordinal, counters: counters), at: index)
    if months.count > RememberedMonth.capacity { months.removeFirst() }
  }

  /// Goes on through days without use, so that months are measured as if each of them had been watched.
  mutating func measureMonths(before day: Int) {
    for month in months where !month.isMeasured {
      guard let end = BillingMonth(ordinal: month.month)?.end, end + Self.delay < day else { continue }
      days.advance(to: end + Self.delay, keeping: Self.dayCapacity)
      measureMonths()
    }
  }

  /// Measures the months that ended long enough ago, as long as their days are known.
  mutating func measureMonths() {
    guard !days.isEmpty else { return }
    for index in months.indices where !months[index].isMeasured {
      guard let month = BillingMonth(ordinal: months[index].month), days.last >= month.end + Self.delay else {
        continue
      }
      for metric in Metric.allCases { months[index][metric] = shape(of: metric, in: month) }
      months[index].isMeasured = true
    }
  }

  private func shape(of metric: Metric, in month: BillingMonth) -> MonthCourse {
    let cut = month.end + Self.delay
    guard let following = month.advanced(by: 1),
      let window = DayWindow(
        days, metric, from: firstWholeDay, before: cut, in: following, lullEnds: month.firstDay..<month.end,
        comparesParts: true)
    else { return MonthCourse() }
    let parts = window.parts(of: month, window.weekdays(), without: days.gaps)
    return MonthCourse(
      beginning: parts.beginning.map(MonthCourse.Share.init), end: parts.end.map(MonthCourse.Share.init),
      misfit: misfit(of: metric, in: month), lulls: window.lulls)
  }

  /// The mean of the errors that forecasts within the month would have had, without its special days.
  private func misfit(of metric: Metric, in month: BillingMonth) -> MonthCourse.Share? {
    var (sum, count) = (0.0, 0)
    for day in Self.rehearsals {
      let (start, end) = (month.firstDay + day, month.end - MonthPart.days)
      guard let window = DayWindow(days, metric, from: firstWholeDay, before: start, in: month) else { continue }
      let weekdays = window.weekdays()
      var sums = DaySums()
      window.add(to: &sums, weekdays, days.gaps)
      let estimate = UsageEstimate(weekdays, sums)
      guard let misfit = estimate.misfit(of: Double(days.sum(of: metric, in: start..<end)), in: start..<end)
      else { continue }
      sum += min(misfit, MonthCourse.Share.largest)
      count += 1
    }
    return count > 0 ? MonthCourse.Share(sum / Double(count)) : nil
  }

  /// When watching began.
  struct Beginning {
    /// The first day that was watched, in part.
    let day: Int
    /// How much of it was over, 0 to 1.
    let elapsed: Double

    var wholeDay: Int { day + 1 }

    /// - Parameter offset: the seconds east of UTC.
    init(_ time: Date, offset: Int) {
      let days = (time.timeIntervalSince1970 + TimeInterval(offset)) / 86_400
      (day, elapsed) = (Int(days.rounded(.down)), days - days.rounded(.down))
    }
  }

  /// The first day that was watched from its beginning.
  private var firstWholeDay: Int { firstObservedAt.map { Beginning($0, offset: offset).wholeDay } ?? days.first }
}

extension BillingMonth {
  /// Nil outside of the vendor's years.
  init?(ordinal: Int) { self.init(year: ordinal / 12, month: ordinal % 12 + 1) }

  /// The day after its last, in days since 1970.
  var end: Int { firstDay + dayCount }
}
