import FoundationEssentials

/// Tells when a counter went down, or when a past month changed after its figures were taken as final: it was settled,
/// or closed.
///
/// That is something that happened, not a state: every correction is told by itself, and nothing resolves it. What a
/// past month still grows by before it is settled or closed is no correction.
package struct CorrectionRule: RuleKind {
  /// Nil for both.
  package let metric: Metric?

  package init(metric: Metric? = nil) {
    self.metric = metric
  }

  package static let type = RuleType.correction
  package static let summary = "A counter went down, or a settled or closed month changed."
  package static let isMomentary = true
  package static let isMonthly = true

  package static let fields = Field("metric", .choice(of: Metric.self), .optional("both"), "Which counter.")
    .map { CorrectionRule(metric: $0) }

  package func covers(_ key: AlertKey) -> Bool {
    key.level == nil && (metric == nil || key.metric == metric)
  }

  package func judge(_ input: RuleInput, into verdicts: inout some VerdictSink) {
    for month in input.months where month.closed != nil || month.before?.counters != month.snapshot.counters {
      guard
        let earlier = EarlierFigures(of: month, isCurrent: month.snapshot.month == input.vendorMonth, in: input.zone),
        earlier.counters != month.snapshot.counters
      else { continue }
      for metric in Metric.allCases where self.metric ?? metric == metric && Self.isCorrected(metric, earlier, month) {
        verdicts.add(.yes, month: month.snapshot.month, metric: metric) { _ in
          Self.explanation(metric, earlier, month)
        }
      }
    }
  }

  private static func isCorrected(_ metric: Metric, _ earlier: EarlierFigures, _ month: ObservedMonth) -> Bool {
    guard let old = earlier.counters?[metric] else { return true }
    let new = month.snapshot.counters[metric]
    return new < old || (earlier.finality != nil && new != old)
  }

  private static func explanation(_ metric: Metric, _ earlier: EarlierFigures, _ month: ObservedMonth) -> Explanation {
    let old = earlier.counters?[metric]
    var evidence = Evidence(
      used: month.snapshot.counters[metric], quota: month.quota[metric], observedAfter: earlier.seenAt,
      observedAt: month.snapshot.lastSeenAt, periodEnd: month.period.upperBound,
      snapshotIDs: [earlier.snapshotID, month.snapshot.id].compactMap { $0 })
    evidence.before = old
    return Explanation(reason(metric, old, month, earlier.finality), evidence)
  }

  private static func reason(
    _ metric: Metric, _ old: Int64?, _ month: ObservedMonth, _ finality: EarlierFigures.Finality?
  ) -> String {
    let new = month.snapshot.counters[metric]
    let name = "\(metric.rawValue) of \(month.snapshot.month)"
    guard let old else { return "\(name): \(new.grouped), and the month was closed without a reading" }
    let change = "\(name) went \(new < old ? "down" : "up") from \(old.grouped) to \(new.grouped)"
    switch finality {
    case nil: return change
    case .settled: return "\(change) after the month was settled"
    case .closed(let counters):
      guard let closed = counters?[metric] else { return "\(change); the month was closed without a reading" }
      return closed == old
        ? "\(change) after the month was closed" : "\(change); the month was closed with \(closed.grouped)"
    }
  }

  package static func fill(sample event: inout Event, number: Int64) {
    event.fillCounter(used: 8_200)
    event.evidence.before = 8_900
  }

  package static var isToldByFigures: Bool { true }

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    guard let metric = event.metric?.rawValue, let month = event.month, let before = event.evidence.before,
      let used = event.evidence.used
    else { return .reason(of: event, name) }
    let change = "from \(before.grouped) to \(used.grouped)"
    return EventHeadline(
      name, "\(metric) corrected \(change) (\(month))",
      "The vendor has corrected the \(metric) of \(name) for \(month) \(change)")
  }
}
