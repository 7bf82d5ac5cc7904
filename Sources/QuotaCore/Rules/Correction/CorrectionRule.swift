import FoundationEssentials

/// Tells when a counter went down, or when a past month changed after its figures were taken as final.
///
/// That is something that happened, not a state: every correction is told by itself, and nothing resolves it. What a
/// past month still grows by before it is settled is no correction.
package struct CorrectionRule: Hashable, Sendable {
  /// Nil for both.
  package let metric: Metric?

  package init(metric: Metric? = nil) {
    self.metric = metric
  }

  init?(from object: inout ConfigurationObject) {
    let metric = object.optional("metric").map { $0.choice(of: Metric.self) }
    if let metric, metric == nil { return nil }
    self.init(metric: metric ?? nil)
  }

  func verdicts(for rule: Rule, on observation: Observation) -> [Verdict] {
    var verdicts: [Verdict] = []
    for month in observation.months {
      guard let before = month.before, before.counters != month.snapshot.counters else { continue }
      let wasSettled =
        before.lastSeenAt >= month.period.upperBound
        && Settlement.isSettled(
          before, monthEnd: month.period.upperBound,
          followingMonthEnd: before.month.advanced(by: 1)?.period(in: observation.zone).upperBound)
      for metric in Metric.allCases where self.metric ?? metric == metric {
        let change = month.snapshot.counters[metric] - before.counters[metric]
        guard change < 0 || (wasSettled && change != 0) else { continue }
        let key = AlertKey(
          rule: rule.id, organization: observation.organization.id, month: month.snapshot.month, metric: metric)
        verdicts.append(verdict(key, metric, before, month, wasSettled: wasSettled))
      }
    }
    return verdicts
  }

  private func verdict(
    _ key: AlertKey, _ metric: Metric, _ before: Snapshot, _ month: ObservedMonth, wasSettled: Bool
  ) -> Verdict {
    let (old, new) = (before.counters[metric], month.snapshot.counters[metric])
    var values = Evidence(
      used: new, quota: month.quota[metric], observedAfter: before.lastSeenAt, observedAt: month.snapshot.lastSeenAt,
      periodEnd: month.period.upperBound, snapshotIDs: [before.id, month.snapshot.id])
    values.before = old
    let evidence = values
    let verb = new < old ? "went down" : "went up"
    let settled = wasSettled ? " after the month was settled" : ""
    return Verdict(
      key: key, holds: true, isMomentary: true,
      reason: "\(metric.rawValue) of \(month.snapshot.month) \(verb) from \(old) to \(new)\(settled)",
      evidence: evidence)
  }
}
