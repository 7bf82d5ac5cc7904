/// Tells when a counter has reached marks on its way to the quota, and past it.
///
/// A level fires at `used ≥ threshold` and resolves below. A month that is not read says nothing.
package struct ThresholdRule: Hashable, Sendable {
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

  /// Whether a level lies where the steps do.
  func mayStep(on level: Level) -> Bool { steps?.mayHave(level) ?? false }

  /// The largest quota and count that a configuration may name, far above any month's use.
  package static let maximumCount: Int64 = 1_000_000_000_000_000

  static let fields = Fields(
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

  func verdicts(for rule: Rule, on input: RuleInput) -> [Verdict] {
    var verdicts: [Verdict] = []
    for month in input.months {
      let used = month.snapshot.counters[metric]
      for level in levels {
        guard let threshold = level.threshold(quota: month.quota[metric]) else { continue }
        guard
          input.needsVerdict(
            of: rule, holds: used >= threshold, month: month.snapshot.month, metric: metric, level: level)
        else { continue }
        verdicts.append(
          verdict(key(rule, level, in: month, of: input), threshold: threshold, in: month, input))
      }
      if let steps { judge(steps, for: rule, in: month, of: input, into: &verdicts) }
    }
    return verdicts
  }

  private func key(_ rule: Rule, _ level: Level, in month: ObservedMonth, of input: RuleInput) -> AlertKey {
    AlertKey(
      rule: rule.id, organization: input.organization.id, month: month.snapshot.month, metric: metric,
      level: level)
  }

  /// The steps that are known of, and the highest that is reached, however many lie below it.
  ///
  /// A step is news if it lies above every step that is known of, or if the counter has just risen over it; so a
  /// correction from 13 steps to 12 does not tell of the twelfth, which was passed over before.
  private func judge(
    _ steps: ThresholdSteps, for rule: Rule, in month: ObservedMonth, of input: RuleInput,
    into verdicts: inout [Verdict]
  ) {
    let (used, quota) = (month.snapshot.counters[metric], month.quota[metric])
    var known: [Level] = []
    for index in input.alerts.indices {
      let key = input.alerts[index].key
      guard let level = key.level, key.isAbout(rule.id, month.snapshot.month, metric, level), steps.mayHave(level),
        !levels.contains(level)
      else { continue }
      known.append(level)
    }
    for level in known.sorted() {
      guard let threshold = level.threshold(quota: quota),
        input.needsVerdict(
          of: rule, holds: used >= threshold, month: month.snapshot.month, metric: metric, level: level)
      else { continue }
      verdicts.append(
        verdict(key(rule, level, in: month, of: input), threshold: threshold, in: month, input))
    }
    guard let highest = steps.highest(used: used, quota: quota), !known.contains(highest),
      let threshold = highest.threshold(quota: quota)
    else { return }
    let hasRisen = (month.before?.counters[metric] ?? 0) < threshold
    guard hasRisen || known.allSatisfy({ $0 < highest }) else { return }
    verdicts.append(
      verdict(key(rule, highest, in: month, of: input), threshold: threshold, in: month, input))
  }

  private func verdict(
    _ key: AlertKey, threshold: Int64, in month: ObservedMonth, _ input: RuleInput
  ) -> Verdict {
    let used = month.snapshot.counters[metric]
    let holds = used >= threshold
    // The observation before this one tells since when at the earliest; one that was over the threshold already means
    // that the threshold moved, not the counter.
    let usedBefore = month.before?.counters[metric]
    let counterCrossed = holds && (usedBefore ?? 0) < threshold
    let known = input.alerts.first { $0.key == key }
    return Verdict(
      key: key, holds: holds,
      reason: reason(
        key, holds: holds, evidence(threshold: threshold, crossed: counterCrossed, in: month), crossed: counterCrossed,
        WhatChanged(month, metric, alert: known), known),
      evidence: evidence(threshold: threshold, crossed: counterCrossed, in: month))
  }

  private func evidence(threshold: Int64, crossed: Bool, in month: ObservedMonth) -> Evidence {
    Evidence(
      used: month.snapshot.counters[metric], quota: month.quota[metric], threshold: threshold,
      observedAfter: crossed ? month.seenBefore : nil, observedAt: month.snapshot.lastSeenAt,
      periodEnd: month.period.upperBound,
      snapshotIDs: [month.before?.id, month.snapshot.id].compactMap { $0 }.reduce(into: []) {
        if $0.last != $1 { $0.append($1) }
      })
  }

  private func reason(
    _ key: AlertKey, holds: Bool, _ evidence: Evidence, crossed: Bool, _ change: WhatChanged, _ known: Alert?
  ) -> String {
    let used = evidence.used ?? 0
    let of = evidence.quota.map { " of \($0)" } ?? ""
    let level = key.level.map(String.init(describing:)) ?? ""
    let month = key.month.map { " in \($0)" } ?? ""
    let figures = "\(used)\(of) \(metric.rawValue)\(month)"
    guard holds else { return "\(figures): below \(level)\(change.words)" }
    if crossed { return "\(figures): reached \(level)" }
    let since = known?.pending.map { " since \($0.since.iso8601)" } ?? ""
    return "\(figures): at or above \(level)\(since)\(change.quota.map { "; \($0)" } ?? "")"
  }
}
