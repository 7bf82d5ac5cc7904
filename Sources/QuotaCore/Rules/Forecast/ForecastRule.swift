import FoundationEssentials

/// Tells when the current month is expected to pass a part of its quota.
///
/// It has one alert for each month and metric: the percentage is a setting, not a part of the alert's identity. A month
/// that has passed the mark already stays expected to pass it.
package struct ForecastRule: Hashable, Sendable {
  package let metric: Metric
  /// Such as 100 % of the quota.
  package let mark: Level
  /// How much of the month has to be over for its pace to count.
  package let minElapsed: TimeSpan

  package init(metric: Metric, mark: Level = .percent(hundredths: 10_000), minElapsed: TimeSpan = .days(3)) {
    self.metric = metric
    self.mark = mark
    self.minElapsed = minElapsed
  }

  /// A forecast that lies so little below the mark, in percent of it, does not resolve the alert: it would come again
  /// with the next busy hour.
  private static let damping: Int64 = 2

  static let fields = Fields(
    Field(
      "metric", .choice(of: Metric.self), .required,
      "Which counter. Organizations without a quota for it are passed over."),
    Field(
      "percent", .percentage, .usually(.percent(hundredths: 10_000)),
      "The part of the quota that the month is expected to reach."),
    Field(
      "min_elapsed", .timeSpan(from: .hours(1), to: .days(27)), .usually(.days(3)),
      "How much of the month has to be over.")
  ) { ForecastRule(metric: $0, mark: $1, minElapsed: $2) }

  func verdicts(for rule: Rule, on input: RuleInput) -> [Verdict] {
    guard let month = input.currentMonth, let quota = month.quota[metric],
      let threshold = mark.threshold(quota: quota)
    else { return [] }
    let (used, at) = (month.snapshot.counters[metric], month.snapshot.lastSeenAt)
    let isPassed = used >= threshold
    guard isPassed || at >= month.period.lowerBound + minElapsed,
      !isPassed || input.needsVerdict(of: rule, holds: true, month: month.snapshot.month, metric: metric)
    else { return [] }
    let path = ForecastPath(
      of: metric, used: used, at: at, month: month.snapshot.month, period: month.period, profile: input.profile)
    let projected = path?.projected ?? used
    let holds = isPassed || projected >= threshold
    guard input.needsVerdict(of: rule, holds: holds, month: month.snapshot.month, metric: metric) else {
      return []
    }
    if !holds, !input.isExplaining, projected >= threshold - threshold / 100 * Self.damping,
      input.isFiring(rule.id, month: month.snapshot.month, metric: metric)
    {
      return []
    }
    let key = AlertKey(
      rule: rule.id, organization: input.organization.id, month: month.snapshot.month, metric: metric)
    let change = WhatChanged(month, metric, alert: input.firingAlert(key))
    // The range costs more than all the rest, and only what is told needs it.
    let profile = input.profile
    let forecast: @Sendable () -> Forecast? = {
      path.map { Forecast($0, of: metric, used: used, at: at, profile: profile) }
    }
    let gathered: @Sendable () -> Evidence = { evidence(forecast(), threshold: threshold, quota: quota, in: month) }
    return [
      Verdict(
        key: key, holds: holds,
        reason: reason(key, forecast(), gathered(), isPassed: isPassed, change.words), evidence: gathered())
    ]
  }

  private func evidence(_ forecast: Forecast?, threshold: Int64, quota: Int64, in month: ObservedMonth) -> Evidence {
    let (used, at) = (month.snapshot.counters[metric], month.snapshot.lastSeenAt)
    var evidence = Evidence(
      used: used, quota: quota, threshold: threshold, observedAt: at, periodEnd: month.period.upperBound,
      snapshotIDs: [month.snapshot.id])
    evidence.projected = forecast?.projected ?? used
    evidence.projectedLow = forecast?.range?.lowerBound
    evidence.projectedHigh = forecast?.range?.upperBound
    if used < quota, let exhaustion = forecast?.exhaustion(of: quota) {
      evidence.exhaustedFrom = exhaustion.from
      evidence.exhaustedTo = exhaustion.to
    }
    evidence.dailyAllowance = Forecast.dailyAllowance(
      quota: quota, used: used, at: at, monthEnd: month.period.upperBound)
    return evidence
  }

  private func reason(
    _ key: AlertKey, _ forecast: Forecast?, _ evidence: Evidence, isPassed: Bool, _ change: String
  ) -> String {
    let (used, quota, threshold) = (evidence.used ?? 0, evidence.quota ?? 0, evidence.threshold ?? 0)
    let month = key.month.map { " in \($0)" } ?? ""
    let figures = "\(used) of \(quota) \(metric.rawValue)\(month)"
    let projected = evidence.projected ?? used
    let range = forecast?.range.map { " (\($0.lowerBound) to \($0.upperBound))" } ?? ""
    let pace = forecast?.method == .weekdays ? "on the pace of its weekdays" : "on an even pace"
    if isPassed { return "\(figures): past \(mark), which is \(threshold), already" }
    guard projected >= threshold else {
      return "\(figures): expected to come to \(projected)\(range) \(pace), below \(mark)\(change)"
    }
    var parts = ["\(figures): expected to come to \(projected)\(range) \(pace), \(mark) is \(threshold)"]
    if let from = evidence.exhaustedFrom {
      parts.append("the quota runs out \(Self.days(from, evidence.exhaustedTo))")
    }
    if let allowance = evidence.dailyAllowance { parts.append("\(allowance) a day are left to stay inside") }
    return parts.joined(separator: "; ")
  }

  /// Days are as exact as a forecast is; in UTC.
  private static func days(_ from: Date, _ to: Date?) -> String {
    let first = from.iso8601.prefix(10)
    guard let to else { return "on \(first) at the earliest" }
    let last = to.iso8601.prefix(10)
    return first == last ? "on \(first)" : "between \(first) and \(last)"
  }
}
