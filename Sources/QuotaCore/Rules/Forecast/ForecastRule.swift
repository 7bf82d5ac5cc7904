import FoundationEssentials

/// Tells when the current month will probably pass a part of its quota.
///
/// It has one alert for each month and metric: the percentage is a setting, not a part of the alert's identity. A month
/// that has passed the mark already stays expected to pass it.
package struct ForecastRule: RuleKind {
  package let metric: Metric
  /// Such as 100 % of the quota.
  package let mark: Level
  /// How much of the month has to be over for its pace to count.
  package let minElapsed: TimeSpan
  package let confidence: Confidence

  package init(
    metric: Metric, mark: Level = .percent(hundredths: 10_000), minElapsed: TimeSpan = .days(3),
    confidence: Confidence = .usual
  ) {
    self.metric = metric
    self.mark = mark
    self.minElapsed = minElapsed
    self.confidence = confidence
  }

  package static let type = RuleType.forecast
  package static let summary = "The month is expected to pass its quota."
  package static let usualHoldForWords = "2"
  package static let isMonthly = true
  package static let comparesWithQuota = true
  package var alertMetric: Metric? { metric }
  package var usualHoldFor: HoldFor { .readings(2) }
  package var needsProfile: Bool { true }

  package static let fields = Fields(
    Field(
      "metric", .choice(of: Metric.self), .required,
      "Which counter. Organizations without a quota for it are passed over."),
    Field(
      "percent", .percentage, .usually(.percent(hundredths: 10_000)),
      "The part of the quota that the month is expected to reach."),
    Field(
      "min_elapsed", .timeSpan(from: .hours(1), to: .days(27)), .usually(.days(3)),
      "How much of the month has to be over."),
    Field("confidence", .confidence, .usually(.usual), "How probable it has to be, in percent.")
  ) { ForecastRule(metric: $0, mark: $1, minElapsed: $2, confidence: $3) }

  package func canJudge(_ key: AlertKey, _ organization: Organization) -> Bool {
    mark.threshold(quota: organization.quota(metric, in: key.month)) != nil
  }

  package func warning(for covered: [Organization], of all: [Organization]) -> String? {
    let canFire = covered.flatMap(\.quotas.all).contains { mark.threshold(quota: $0[metric]) != nil }
    return canFire ? nil : Self.noQuota(of: metric, covered, all)
  }

  package func judge(_ input: RuleInput, into verdicts: inout some VerdictSink) {
    guard let month = input.currentMonth, let quota = month.quota[metric],
      let threshold = mark.threshold(quota: quota)
    else { return }
    let (used, at) = (month.snapshot.counters[metric], month.snapshot.lastSeenAt)
    let isPassed = used >= threshold
    guard isPassed || at >= month.period.lowerBound + minElapsed else { return }
    let forecast = Forecast(
      of: metric, used: used, at: at, month: month.snapshot.month, period: month.period, profile: input.profile)
    let holds = isPassed ? .yes : forecast.map { confidence.holds(at: $0.distance(above: threshold)) } ?? .no
    verdicts.add(holds, month: month.snapshot.month, metric: metric) { previous in
      let evidence = evidence(forecast, threshold: threshold, quota: quota, in: month)
      let change = WhatChanged(month, metric, previous.flatMap { $0.holds ? $0 : nil }).words
      return Explanation(
        reason(month.snapshot.month, forecast, evidence, isPassed: isPassed, change, in: input.zone), evidence)
    }
  }

  private func evidence(_ forecast: Forecast?, threshold: Int64, quota: Int64, in month: ObservedMonth) -> Evidence {
    let (used, at) = (month.snapshot.counters[metric], month.snapshot.lastSeenAt)
    var evidence = Evidence(
      used: used, quota: quota, threshold: threshold, observedAt: at, periodEnd: month.period.upperBound,
      snapshotIDs: [month.snapshot.id])
    evidence.projected = forecast?.projected ?? used
    if let forecast {
      (evidence.projectedLow, evidence.projectedHigh) = (forecast.range.lowerBound, forecast.range.upperBound)
      evidence.probability =
        used >= threshold ? 100 : Likelihood(probability: forecast.probability(ofReaching: threshold)).percent
      evidence.projections = [forecast.parts]
    }
    if used < quota, let exhaustion = forecast?.exhaustion(of: quota) {
      evidence.exhaustedFrom = exhaustion.from
      evidence.exhaustedTo = exhaustion.to
    }
    evidence.dailyAllowance = Forecast.dailyAllowance(
      quota: quota, used: used, at: at, monthEnd: month.period.upperBound)
    return evidence
  }

  private func reason(
    _ month: BillingMonth, _ forecast: Forecast?, _ evidence: Evidence, isPassed: Bool, _ change: String,
    in zone: TimeZone
  ) -> String {
    let (used, quota, threshold) = (evidence.used ?? 0, evidence.quota ?? 0, evidence.threshold ?? 0)
    let figures = "\(used.grouped) of \(quota.grouped) \(metric.rawValue) in \(month)"
    if isPassed { return "\(figures): past \(mark), which is \(threshold.grouped), already" }
    guard let forecast else { return figures }
    let likelihood = Likelihood(probability: forecast.probability(ofReaching: threshold))
    let range = forecast.range
    var parts = [
      "\(figures): \(likelihood.words("pass", "stay below")) \(mark), which is \(threshold.grouped) (\(likelihood.percent) % to pass)",
      "expected are \(forecast.projected.grouped), \(range.lowerBound.grouped) to \(range.upperBound.grouped) in four of five cases",
    ]
    guard likelihood.probability >= 0.5 else { return parts.joined(separator: "; ") + change }
    if let from = evidence.exhaustedFrom {
      parts.append("the quota runs out \(Self.days(from, evidence.exhaustedTo, in: zone))")
    }
    if let allowance = evidence.dailyAllowance { parts.append("\(allowance.grouped) a day are left to stay inside") }
    return parts.joined(separator: "; ")
  }

  /// Days are as exact as a forecast is; the vendor's.
  private static func days(_ from: Date, _ to: Date?, in zone: TimeZone) -> String {
    func day(_ time: Date) -> Substring {
      (time + .seconds(Int64(zone.secondsFromGMT(for: time)))).iso8601.prefix(10)
    }
    let first = day(from)
    guard let to else { return "on \(first) at the earliest" }
    let last = day(to)
    return first == last ? "on \(first)" : "between \(first) and \(last)"
  }

  package static func fill(sample event: inout Event, number: Int64) {
    let now = event.occurredAt
    event.fillCounter(used: 8_200)
    (event.evidence.projected, event.evidence.projectedLow, event.evidence.projectedHigh) = (11_900, 11_200, 12_700)
    event.evidence.probability = 97
    (event.evidence.exhaustedFrom, event.evidence.exhaustedTo) = (now + .days(3), now + .days(5))
    event.evidence.dailyAllowance = 257
  }

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    guard let metric = event.metric?.rawValue, let month = event.month, let quota = event.evidence.quota,
      let projected = event.evidence.projected
    else { return .reason(of: event, name) }
    let share = Percent.whole(projected, of: quota).map { "\($0.grouped) % of" } ?? "above"
    let figures = "\(projected.grouped) of \(quota.grouped)"
    let end: TimedText = event.evidence.exhaustedFrom.map { ", which runs out from \(day: $0) on" } ?? ""
    if event.transition == .resolved {
      // A mark above or below the quota is another thing than the quota.
      let mark = event.evidence.threshold.flatMap { $0 == quota ? nil : $0.grouped }
      let short = mark.map { "below \($0)" } ?? "within the quota"
      let whole = mark.map { "below \($0) \(metric) in" } ?? "within its \(metric) quota for"
      return EventHeadline(
        name, "\(metric) will stay \(short) (\(month))",
        "\(name) is expected to stay \(whole) \(month) (\(figures))")
    }
    return EventHeadline(
      name, "heading for \(share) \(metric) (\(month))",
      "\(name) is heading for \(share) its \(metric) quota for \(month) (\(figures))\(end)")
  }
}
