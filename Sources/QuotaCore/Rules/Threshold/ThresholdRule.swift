/// Tells when a counter has reached marks on its way to the quota, and past it.
///
/// A level fires at `used ≥ threshold` and resolves below. A month that is not read says nothing.
package struct ThresholdRule: RuleKind {
  package let metric: Metric
  /// Ascending, without repetition; at least one if there are no steps.
  package let levels: [Level]
  /// How far apart the steps are that follow the last level of the same kind; nil for none.
  package var every: Level? { steps?.size }
  private let steps: ThresholdSteps?

  package init(metric: Metric, levels: [Level], every: Level? = nil) {
    self.metric = metric
    self.levels = levels
    steps = every.map { ThresholdSteps($0, after: levels) }
  }

  package static let type = RuleType.threshold
  package static let summary = "A counter reaches levels of its quota, or counts."
  package static let isMonthly = true
  package static let comparesWithQuota = true
  package var alertMetric: Metric? { metric }

  package static let fields = Fields(
    Field("metric", .choice(of: Metric.self), .required, "Which counter."), levels
  ) { ThresholdRule(metric: $0, levels: $1.named.sorted(), every: $1.every) }

  private static let levels = Fields(
    Field(
      "percent", .distinct(.percentage, atLeast: 1) { "\($0)" }, .usually([], "–"),
      "Levels in percent of the month's quota. Organizations without a quota for the metric are passed over."),
    Field(
      "count", .distinct(.countLevel, atLeast: 1) { "\($0)" }, .usually([], "–"),
      "Levels as counts; a rule may have both."),
    Field(
      "every", .levelStep, .optional,
      "How far apart further levels are, past the last one of the same kind, or from 0 if there is none: a percentage such as `\"10%\"`, or a number, which is a percentage if the rule has only `percent` levels, and otherwise a count."
    )
  ) { percentages, counts, every in
    let step = every.map { !percentages.isEmpty && counts.isEmpty ? $0.besidePercentages : $0.otherwise }
    return (named: percentages + counts, every: step ?? nil, isWrong: step == .some(nil))
  }
  .checked(at: "every") {
    $0.isWrong ? "expected a whole number, or a percentage such as \"10%\" with at most two decimals" : nil
  }
  .withAny(
    of: ["percent", "count", "every"],
    else: "a threshold rule needs levels: lists \"percent\" and \"count\", or \"every\"")

  package func covers(_ key: AlertKey) -> Bool {
    key.metric == metric && key.level.map { levels.contains($0) || steps?.mayHave($0) ?? false } ?? false
  }

  package func canJudge(_ key: AlertKey, _ organization: Organization) -> Bool {
    key.level?.threshold(quota: organization.quota(metric, in: key.month)) != nil
  }

  package func warning(for covered: [Organization], of all: [Organization]) -> String? {
    let isReachable = covered.flatMap(\.quotas.all).contains { canFire(quota: $0[metric]) }
    return isReachable ? nil : Self.noQuota(of: metric, covered, all)
  }

  /// Whether one of the levels or steps can be reached at all: a percentage needs a quota, and a step in percent one
  /// above 0.
  private func canFire(quota: Int64?) -> Bool {
    if levels.contains(where: { $0.threshold(quota: quota) != nil }) { return true }
    switch every {
    case .count?: return true
    case .percent?: return (quota ?? 0) > 0
    case nil: return false
    }
  }

  package func judge(_ input: RuleInput, into verdicts: inout some VerdictSink) {
    for month in input.months {
      for level in levels { add(level, in: month, to: &verdicts) }
      if let steps { judge(steps, in: month, into: &verdicts) }
    }
  }

  /// The steps of which something was said before, and the highest that is reached, however many lie below it.
  ///
  /// A step is news if it lies above all of these, or if the counter has just risen over it; so a correction from 13 steps
  /// to 12 does not tell of the twelfth, which was passed over before.
  private func judge(_ steps: ThresholdSteps, in month: ObservedMonth, into verdicts: inout some VerdictSink) {
    let (used, quota) = (month.snapshot.counters[metric], month.quota[metric])
    let known = verdicts.levels(of: metric, in: month.snapshot.month)
      .filter { steps.mayHave($0) && !levels.contains($0) }.sorted()
    for level in known { add(level, in: month, to: &verdicts) }
    guard let highest = steps.highest(used: used, quota: quota), !known.contains(highest),
      let threshold = highest.threshold(quota: quota)
    else { return }
    let hasRisen = (month.before?.counters[metric] ?? 0) < threshold
    if hasRisen || known.allSatisfy({ $0 < highest }) { add(highest, in: month, to: &verdicts) }
  }

  private func add(_ level: Level, in month: ObservedMonth, to verdicts: inout some VerdictSink) {
    let used = month.snapshot.counters[metric]
    guard let threshold = level.threshold(quota: month.quota[metric]) else { return }
    let holds = used >= threshold
    verdicts.add(holds ? .yes : .no, month: month.snapshot.month, metric: metric, level: level) { previous in
      // The observation before this one tells since when at the earliest; one that was over the threshold already means
      // that the threshold moved, not the counter.
      let isCrossed = holds && (month.before?.counters[metric] ?? 0) < threshold
      let evidence = evidence(threshold: threshold, crossed: isCrossed, in: month)
      return Explanation(reason(level, holds: holds, evidence, crossed: isCrossed, in: month, previous), evidence)
    }
  }

  private func evidence(threshold: Int64, crossed: Bool, in month: ObservedMonth) -> Evidence {
    Evidence(
      used: month.snapshot.counters[metric], quota: month.quota[metric], threshold: threshold,
      observedAfter: crossed ? month.seenBefore : nil, observedAt: month.snapshot.lastSeenAt,
      periodEnd: month.period.upperBound,
      snapshotIDs: month.snapshotIDs)
  }

  private func reason(
    _ level: Level, holds: Bool, _ evidence: Evidence, crossed: Bool, in month: ObservedMonth,
    _ previous: PreviousVerdict?
  ) -> String {
    let of = evidence.quota.map { " of \($0.grouped)" } ?? ""
    let figures = "\((evidence.used ?? 0).grouped)\(of) \(metric.rawValue) in \(month.snapshot.month)"
    let change = WhatChanged(month, metric, previous)
    guard holds else { return "\(figures): below \(level.grouped)\(change.words)" }
    if crossed { return "\(figures): reached \(level.grouped)" }
    let since = previous?.pendingSince.map { " since \($0.iso8601)" } ?? ""
    return "\(figures): at or above \(level.grouped)\(since)\(change.quota.map { "; \($0)" } ?? "")"
  }
}
