import FoundationEssentials

/// Gathers what rules say of one organization, as far as somebody wants to know.
struct VerdictCollector: VerdictSink {
  private let rules: [Rule]
  private let organization: OrganizationID
  private let now: Date
  private let alerts: [Alert]
  /// Whether all is wanted; otherwise what changes an alert.
  private let isComplete: Bool
  /// Whose verdicts are gathered.
  var rule = 0
  private(set) var verdicts: [Verdict] = []

  init(_ rules: [Rule], on input: RuleInput, _ alerts: [Alert], isComplete: Bool) {
    self.rules = rules
    organization = input.organization.id
    now = input.now
    self.alerts = alerts
    self.isComplete = isComplete
  }

  /// Hands the verdicts over.
  mutating func take() -> [Verdict] {
    defer { verdicts = [] }
    return verdicts
  }

  mutating func add(
    _ holds: Holds, month: BillingMonth?, metric: Metric?, level: Level?,
    explain: (_ previous: PreviousVerdict?) -> Explanation?
  ) {
    let known = indexOfAlert(month, metric, level)
    // What fires, and what fired when it ceased to be watched, goes on as long as it is not clearly over.
    let goesOn = holds == .between && known.map { [.firing, .retired].contains(alerts[$0].status) } ?? false
    let holds = holds == .yes || goesOn
    guard isComplete || isNews(holds, known) else { return }
    let key = AlertKey(
      rule: rules[rule].id, organization: organization, month: month, metric: metric, level: level)
    guard !verdicts.contains(where: { $0.key == key }),
      let explanation = explain(known.map { PreviousVerdict(alerts[$0]) })
    else { return }
    verdicts.append(Verdict(key: key, holds: holds, explanation: explanation))
  }

  func levels(of metric: Metric, in month: BillingMonth) -> [Level] {
    var levels: [Level] = []
    for index in alerts.indices {
      guard let level = alerts[index].key.level, alerts[index].key.isAbout(rules[rule].id, month, metric, level) else {
        continue
      }
      levels.append(level)
    }
    return levels
  }

  /// Nearly always nothing changes, and to find that out has to cost next to nothing.
  private func isNews(_ holds: Bool, _ known: Int?) -> Bool {
    guard let known else { return holds }
    return !alerts[known].isUnmoved(by: holds, remindEvery: rules[rule].remindEvery, now: now)
  }

  /// All known alerts are this organization's.
  private func indexOfAlert(_ month: BillingMonth?, _ metric: Metric?, _ level: Level?) -> Int? {
    for index in alerts.indices where alerts[index].key.isAbout(rules[rule].id, month, metric, level) { return index }
    return nil
  }
}

extension PreviousVerdict {
  fileprivate init(_ alert: Alert) {
    self.init(holds: alert.status == .firing, evidence: alert.evidence, pendingSince: alert.pending?.since)
  }
}
