import FoundationEssentials

/// Tells when a counter went down, or when a past month changed after its figures were taken as final: it was settled,
/// or closed.
///
/// That is something that happened, not a state: every correction is told by itself, and nothing resolves it. What a
/// past month still grows by before it is settled or closed is no correction.
package struct CorrectionRule: Hashable, Sendable {
  /// Nil for both.
  package let metric: Metric?

  package init(metric: Metric? = nil) {
    self.metric = metric
  }

  static let fields = Field("metric", .choice(of: Metric.self), .optional("both"), "Which counter.")
    .map { CorrectionRule(metric: $0) }

  func verdicts(for rule: Rule, on input: RuleInput) -> [Verdict] {
    var verdicts: [Verdict] = []
    for month in input.months where month.closed != nil || month.before?.counters != month.snapshot.counters {
      guard let earlier = EarlierFigures(of: month, in: input.zone),
        earlier.counters != month.snapshot.counters
      else { continue }
      for metric in Metric.allCases where self.metric ?? metric == metric {
        let key = AlertKey(
          rule: rule.id, organization: input.organization.id, month: month.snapshot.month, metric: metric)
        if let verdict = verdict(key, metric, earlier, month) { verdicts.append(verdict) }
      }
    }
    return verdicts
  }

  private func verdict(
    _ key: AlertKey, _ metric: Metric, _ earlier: EarlierFigures, _ month: ObservedMonth
  ) -> Verdict? {
    let (old, new) = (earlier.counters?[metric], month.snapshot.counters[metric])
    if let old {
      guard new < old || (earlier.finality != nil && new != old) else { return nil }
    }
    var values = Evidence(
      used: new, quota: month.quota[metric], observedAfter: earlier.seenAt, observedAt: month.snapshot.lastSeenAt,
      periodEnd: month.period.upperBound, snapshotIDs: [earlier.snapshotID, month.snapshot.id].compactMap { $0 })
    values.before = old
    let evidence = values
    return Verdict(
      key: key, holds: true, isMomentary: true,
      reason: Self.reason(metric, old, month, earlier.finality), evidence: evidence)
  }

  private static func reason(
    _ metric: Metric, _ old: Int64?, _ month: ObservedMonth, _ finality: EarlierFigures.Finality?
  ) -> String {
    let new = month.snapshot.counters[metric]
    let name = "\(metric.rawValue) of \(month.snapshot.month)"
    guard let old else { return "\(name): \(new), and the month was closed without a reading" }
    let change = "\(name) went \(new < old ? "down" : "up") from \(old) to \(new)"
    switch finality {
    case nil: return change
    case .settled: return "\(change) after the month was settled"
    case .closed(let counters):
      guard let closed = counters?[metric] else { return "\(change); the month was closed without a reading" }
      return closed == old
        ? "\(change) after the month was closed" : "\(change); the month was closed with \(closed)"
    }
  }
}
