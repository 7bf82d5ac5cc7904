/// Tells when a counter has reached marks on its way to the quota.
///
/// A level fires at `used ≥ threshold` and resolves below. A month that is not read says nothing.
package struct ThresholdRule: Hashable, Sendable {
  package let metric: Metric
  /// Ascending, without repetition, at least one.
  package let levels: [Level]

  package init(metric: Metric, levels: [Level]) {
    self.metric = metric
    self.levels = levels
  }

  /// The largest quota and count that a configuration may name, far above any month's use.
  package static let maximumCount: Int64 = 1_000_000_000_000_000

  init?(from object: inout ConfigurationObject) {
    let metric = object.required("metric")?.choice(of: Metric.self)
    let percent = object.optional("percent")
    let count = object.optional("count")
    guard (percent == nil) != (count == nil) else {
      object.node.report("a threshold rule takes either \"percent\" or \"count\", a list of levels")
      return nil
    }
    let levels =
      if let percent { Self.distinct(percent, Self.percentage) } else if let count {
        Self.distinct(count) { $0.integer(in: 1...Self.maximumCount).map(Level.count) }
      } else { [Level]?.none }
    guard let metric, let levels else { return nil }
    self.init(metric: metric, levels: levels)
  }

  private static func percentage(_ node: ConfigurationNode) -> Level? {
    guard case .number(let text) = node.json.value, let hundredths = Level.hundredths(text) else {
      node.report("expected a percentage above 0 with at most two decimals, such as 80 or 99.5")
      return nil
    }
    return .percent(hundredths: hundredths)
  }

  private static func distinct(_ node: ConfigurationNode, _ decode: (ConfigurationNode) -> Level?) -> [Level]? {
    guard let items = node.array(atLeast: 1) else { return nil }
    var levels: Set<Level> = []
    for item in items {
      guard let level = decode(item) else { continue }
      if !levels.insert(level).inserted { item.report("\(level) stands here twice") }
    }
    return levels.sorted()
  }

  func verdicts(for rule: RuleID, on observation: Observation) -> [Verdict] {
    observation.months.flatMap { month -> [Verdict] in
      let quota = month.quota[metric]
      return levels.compactMap { level in
        guard let threshold = level.threshold(quota: quota) else { return nil }
        return verdict(
          AlertKey(
            rule: rule, organization: observation.organization.id, month: month.snapshot.month, metric: metric,
            level: level),
          threshold: threshold, in: month)
      }
    }
  }

  private func verdict(_ key: AlertKey, threshold: Int64, in month: ObservedMonth) -> Verdict {
    let used = month.snapshot.counters[metric]
    let holds = used >= threshold
    // The observation before this one tells since when at the earliest; one that was over the threshold already means
    // that the threshold moved, not the counter.
    let usedBefore = month.before?.counters[metric]
    let counterCrossed = holds && (usedBefore ?? 0) < threshold
    let evidence = Evidence(
      used: used, quota: month.quota[metric], threshold: threshold,
      observedAfter: counterCrossed ? month.before?.lastSeenAt : nil, observedAt: month.snapshot.lastSeenAt,
      periodEnd: month.period.upperBound,
      snapshotIDs: [month.before?.id, month.snapshot.id].compactMap { $0 }.reduce(into: []) {
        if $0.last != $1 { $0.append($1) }
      })
    return Verdict(
      key: key, holds: holds, reason: reason(key, holds: holds, evidence, crossed: counterCrossed), evidence: evidence)
  }

  private func reason(_ key: AlertKey, holds: Bool, _ evidence: Evidence, crossed: Bool) -> String {
    let used = evidence.used ?? 0
    let of = evidence.quota.map { " of \($0)" } ?? ""
    let level = key.level.map(String.init(describing:)) ?? ""
    let month = key.month.map { " in \($0)" } ?? ""
    let figures = "\(used)\(of) \(metric.rawValue)\(month)"
    guard holds else { return "\(figures): below \(level)" }
    if crossed { return "\(figures): reached \(level)" }
    return "\(figures): at or above \(level), which is now \(evidence.threshold ?? 0)"
  }
}
