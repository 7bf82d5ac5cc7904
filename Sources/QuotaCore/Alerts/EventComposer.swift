import FoundationEssentials

/// Puts what has happened to an organization's alerts into events: one for the levels that change in the same step.
struct EventComposer {
  let input: RuleInput
  let alerts: [Alert]

  init(_ input: RuleInput, _ alerts: [Alert]) {
    self.input = input
    self.alerts = alerts
  }

  /// What there is to tell of alerts of one rule that differ in their level at the most.
  func events(of advances: [AlertAdvance], rule: Rule) -> [Event] {
    [
      (AlertAdvance.Change.fired, Event.Transition.firing), (.resolved, .resolved), (.reminded, .reminder),
      (.reopened, .reopened),
    ].compactMap { change, transition in
      let alerts = advances.filter { $0.change == change }.map(\.alert)
      guard !alerts.isEmpty else { return nil }
      return event(transition, of: alerts, kind: .rule(rule.kind.type), firing: firing(after: advances, of: alerts))
    }
  }

  /// What there is to tell of alerts whose months have ended; only channels that keep incidents want to know. Nobody
  /// hears of rules that are not configured any more.
  func expirations(of alerts: [Alert], rules: [Rule]) -> [Event] {
    var groups: [[Alert]] = []
    for alert in alerts {
      if let index = groups.firstIndex(where: { $0[0].key.hasSameSubject(as: alert.key) }) {
        groups[index].append(alert)
      } else {
        groups.append([alert])
      }
    }
    return groups.compactMap { group in
      guard let rule = rules.first(where: { $0.id == group[0].key.rule }) else { return nil }
      return event(.expired, of: group, kind: .rule(rule.kind.type), firing: [])
    }
  }

  /// The levels that fire after a step, lowest first.
  private func firing(after advances: [AlertAdvance], of alerts: [Alert]) -> [Level] {
    guard let key = alerts.first?.key else { return [] }
    let changed = advances.map(\.alert)
    let unchanged = self.alerts.filter { known in
      known.key.hasSameSubject(as: key) && !changed.contains { $0.key == known.key }
    }
    return (changed + unchanged).filter { $0.status == .firing }.sorted(by: isLower).compactMap(\.key.level)
  }

  private func event(
    _ transition: Event.Transition, of alerts: [Alert], kind: Event.Topic, firing: [Level]
  ) -> Event? {
    let ranked = alerts.sorted(by: isLower)
    guard let headline = ranked.last else { return nil }
    let key = headline.key
    let number =
      switch transition {
      case .reminder: "\(headline.episode)/\(headline.reminders)"
      case .reopened: "\(headline.episode)/\(headline.changedAt.milliseconds)"
      case .firing, .resolved, .acknowledged, .expired, .retired, .test: "\(headline.episode)"
      }
    let flapping = headline.flapping.flatMap { $0.lastHeldAt == nil ? nil : Flapping(count: $0.count, since: $0.since) }
    var event = Event(
      id: EventID(rawValue: "\(key)/\(transition.rawValue)/\(number)"), transition: transition, rule: key.rule,
      topic: kind, severity: ranked.map(\.severity).max() ?? headline.severity,
      organization: input.organization.id, organizationName: input.organization.name, month: key.month,
      metric: key.metric, level: key.level, crossed: ranked.compactMap(\.key.level), firing: firing,
      episode: headline.episode, flapping: transition == .firing ? flapping : nil, reason: headline.reason,
      evidence: headline.evidence, occurredAt: input.now)
    event.possibleRepetitionSince = input.gap?.from
    return event
  }

  /// By the count at which the level is reached now; with a small quota several percentages mean the same count.
  private func isLower(_ first: Alert, than second: Alert) -> Bool {
    guard let a = first.key.level, let b = second.key.level else { return false }
    return (threshold(of: first, a), a) < (threshold(of: second, b), b)
  }

  /// What an alert rests on may be from before its quota was changed.
  private func threshold(of alert: Alert, _ level: Level) -> Int64 {
    let month = input.months.first { $0.snapshot.month == alert.key.month }
    guard let month, let metric = alert.key.metric else { return alert.evidence.threshold ?? 0 }
    return level.threshold(quota: month.quota[metric]) ?? alert.evidence.threshold ?? 0
  }
}
