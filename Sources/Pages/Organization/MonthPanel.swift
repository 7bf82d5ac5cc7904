import FoundationEssentials
import QuotaCore

/// One metric in a month: its figures, its chart, and the table behind that.
struct MonthPanel {
  private let metric: Metric
  private let view: OrganizationView
  private let frame: PageFrame
  /// Of the latest month; nil where another one is looked at.
  private let row: StatusRow?
  private let usage: MonthUsage?
  private let freshness: Freshness

  init(_ metric: Metric, _ view: OrganizationView, _ frame: PageFrame, _ row: StatusRow?, _ freshness: Freshness) {
    (self.metric, self.view, self.frame) = (metric, view, frame)
    self.row = row?.month == view.month ? row : nil
    self.freshness = self.row == nil ? .fresh : freshness
    usage = view.months.first { $0.usage.snapshot.month == view.month }?.usage
  }

  private var used: Int64? { usage?.snapshot.counters[metric] }
  private var quota: Int64? { usage?.quota[metric] ?? (usage == nil ? row?.quota : nil) }

  private var percent: Int64? {
    guard let used, let quota else { return nil }
    return Percent.whole(used, of: quota)
  }

  var fields: PageFields {
    let words = row.map(ForecastWords.init)
    return [
      "title": .text(metric.title), "unit": .text(metric.rawValue), "used": .text(used.map(\.grouped) ?? "–"),
      "quota": .text(quota.map { "of \($0.grouped) \(metric.rawValue)" } ?? "\(metric.rawValue), no quota"),
      "percent": .text(ifAny: percent.map { "\($0.grouped) %" }), "meter": .markup(ifAny: meter),
      "badges": .markup(ifAny: row?.badges(freshness)),
      "doubt": .text(ifAny: row?.doubt.map(doubtWords)),
      "pace": .text(ifAny: row?.sinceYesterday.map { "\(OverviewRow.signed($0)) \(metric.rawValue)" }),
      "forecast": .text(ifAny: row?.forecast == nil ? nil : words?.range.map { "\($0) \(metric.rawValue)" }),
      "runsOut": .text(ifAny: quota == nil ? nil : words.flatMap { $0.runsOut(in: frame.zone) } ?? lasts),
      "isTight": .flag(row?.exhaustion != nil), "allowance": .text(ifAny: allowance),
      "chart": .markup(ifAny: chart), "summary": .text(summary), "hasForecast": .flag(forecast.count > 1),
      "hasBefore": .flag(!view.daysBefore.isEmpty), "days": .rows(days),
    ]
  }

  private var lasts: String? { row?.forecast == nil ? nil : "not this month" }

  private var meter: Markup? {
    guard let used, let quota else { return nil }
    return UsageMeter(used: used, quota: quota, projected: row?.forecast?.projected).markup
  }

  /// How much may be used on each day that is left.
  private var allowance: String? {
    guard let row, let quota, let used, !row.isExhausted, let seen = row.lastSeenAt, let month = view.month else {
      return nil
    }
    let period = month.period(in: frame.zone)
    guard period.contains(seen), period.contains(frame.now) else { return nil }
    let count = Forecast.dailyAllowance(quota: quota, used: used, at: seen, monthEnd: period.upperBound)
    return "\(count.counted(metric)) a day"
  }

  private func doubtWords(_ doubt: Doubt) -> String {
    "The vendor reports \(doubt.latest.counters[metric].counted(metric)), \(doubt.earlier). The figure is not "
      + "believed yet, and what rests on it waits."
  }

  private var forecast: [Forecast.Point] { row?.forecast?.path ?? [] }

  private var chart: Markup? {
    guard let month = view.month, !view.days.isEmpty else { return nil }
    let marks = view.levels.filter { $0.metric == metric && row != nil }.sorted { $0.count < $1.count }
    return MonthChart(
      metric: metric, month: month, days: view.days, before: view.daysBefore, quota: quota,
      marks: marks.map { MonthChart.Mark(words: MessageFormat.level($0.level), count: $0.count) }, forecast: forecast,
      summary: summary
    ).markup
  }

  /// What the chart shows, in a sentence.
  private var summary: String {
    guard let used, let month = view.month, let last = view.days.last else { return "No readings." }
    let figures = MessageFormat.figures(used: used, quota: quota, metric: metric)
    let end = forecast.last.map {
      "; by the month’s end \($0.range.lowerBound.grouped) to \($0.range.upperBound.grouped) are expected"
    }
    return "\(metric.title) in \(DayText.month(month)) by day: \(figures) by day \(last.day)\(end ?? "")."
  }

  /// The table behind the chart.
  private var days: [PageFields] {
    guard let month = view.month else { return [] }
    let steps = Dictionary(MonthDay.steps(view.days, metric).map { ($0.day, $0.use) }) { first, _ in first }
    let before = Dictionary(view.daysBefore.map { ($0.day, $0.counters[metric]) }) { first, _ in first }
    let known = Dictionary(view.days.map { ($0.day, $0.counters[metric]) }) { first, _ in first }
    let points = Dictionary(forecast.dropFirst().map { (Int($0.day), $0) }) { first, _ in first }
    return (1...month.dayCount).compactMap { day in
      guard known[day] != nil || points[day] != nil || before[day] != nil else { return nil }
      let isToday = day == view.days.last?.day && points[day] != nil
      return [
        "day": .text(DayText.day(month.firstDay + day - 1) + (isToday ? " (so far)" : "")),
        "use": .text(steps[day].map { OverviewRow.signed($0) } ?? ""), "total": .text(known[day].map(\.grouped) ?? ""),
        "expected": .text(
          points[day].map { "\($0.range.lowerBound.grouped)–\($0.range.upperBound.grouped)" } ?? ""),
        "before": .text(before[day].map(\.grouped) ?? ""),
      ]
    }
  }
}
