import FoundationEssentials

/// Turns verdicts into transitions: each is told once, whatever restarts, repeated runs or edits happen.
package enum AlertLifecycle {
  /// What a step changes.
  package struct Outcome: Sendable {
    /// The alerts that are new or have changed.
    package var changed: [Alert] = []
    /// What there is to tell, in the order of the rules.
    package var events: [Event] = []
  }

  /// Advances the alerts of one organization.
  ///
  /// - Parameters:
  ///   - alerts: every alert that is known of this organization for the observed months, and those without a month.
  ///   - rules: all rules, in the order of the configuration.
  ///   - observation: what was just seen.
  package static func step(
    _ alerts: [AlertKey: Alert], rules: [Rule], on observation: Observation
  ) -> Outcome {
    var outcome = Outcome()
    var alerts = alerts
    let currentMonth = observation.months.map(\.snapshot.month).max()
    for alert in alerts.values where hasEnded(alert, before: currentMonth) {
      var expired = alert
      expired.status = .expired
      expired.changedAt = observation.now
      alerts[alert.key] = expired
      outcome.changed.append(expired)
    }
    for rule in rules {
      let verdicts = rule.kind.verdicts(for: rule.id, on: observation)
      for group in grouped(verdicts) {
        advance(alerts, rule: rule, verdicts: group, on: observation, into: &outcome)
      }
    }
    return outcome
  }

  /// Whether a firing alert belongs to a month that the vendor has left behind.
  private static func hasEnded(_ alert: Alert, before currentMonth: BillingMonth?) -> Bool {
    guard alert.status == .firing, let month = alert.key.month, let currentMonth else { return false }
    return month < currentMonth
  }

  /// Verdicts that differ in their level only: they are told together.
  private static func grouped(_ verdicts: [Verdict]) -> [[Verdict]] {
    var groups: [[Verdict]] = []
    for verdict in verdicts {
      if let first = groups.last?.first, first.key.month == verdict.key.month, first.key.metric == verdict.key.metric {
        groups[groups.count - 1].append(verdict)
      } else {
        groups.append([verdict])
      }
    }
    return groups
  }

  private static func advance(
    _ alerts: [AlertKey: Alert], rule: Rule, verdicts: [Verdict], on observation: Observation,
    into outcome: inout Outcome
  ) {
    var fired: [(verdict: Verdict, alert: Alert)] = []
    var resolved: [(verdict: Verdict, alert: Alert)] = []
    for verdict in verdicts {
      let known = alerts[verdict.key]
      switch (known?.status, verdict.holds) {
      case (nil, true), (.resolved, true):
        let isNews = !observation.isBeforeWatching(verdict.key.month)
        let alert = Alert(
          key: verdict.key, status: isNews ? .firing : .expired,
          severity: rule.severity.of(verdict.key.level),
          episode: (known?.episode ?? 0) + 1, firedAt: observation.now, changedAt: observation.now,
          reason: verdict.reason, evidence: verdict.evidence)
        if isNews { fired.append((verdict, alert)) } else { outcome.changed.append(alert) }
      case (.firing, false):
        guard var alert = known else { continue }
        alert.status = .resolved
        alert.changedAt = observation.now
        alert.reason = verdict.reason
        alert.evidence = verdict.evidence
        resolved.append((verdict, alert))
      case (nil, false), (.resolved, false), (.firing, true), (.expired, _): continue
      }
    }
    for (transition, group) in [(Event.Transition.firing, fired), (.resolved, resolved)] where !group.isEmpty {
      outcome.changed += group.map(\.alert)
      outcome.events += event(transition, of: group, rule: rule, on: observation).map { [$0] } ?? []
    }
  }

  /// One event for the levels that changed in the same step, with the highest in the headline.
  private static func event(
    _ transition: Event.Transition, of group: [(verdict: Verdict, alert: Alert)], rule: Rule,
    on observation: Observation
  ) -> Event? {
    let ranked = group.sorted { isLower($0.verdict.key.level, than: $1.verdict.key.level) }
    guard let headline = ranked.last else { return nil }
    let key = headline.verdict.key
    return Event(
      id: EventID(rawValue: "\(key)/\(transition.rawValue)/\(headline.alert.episode)"), transition: transition,
      rule: rule.id, topic: .rule(rule.kind.name), severity: rule.severity.of(key.level),
      organization: observation.organization.id,
      organizationName: observation.organization.name, month: key.month, metric: key.metric, level: key.level,
      crossed: ranked.compactMap(\.verdict.key.level), reason: headline.verdict.reason,
      evidence: headline.verdict.evidence, occurredAt: observation.now)
  }

  /// By level, not by count: with a small quota several percentages mean the same count.
  private static func isLower(_ first: Level?, than second: Level?) -> Bool {
    guard let first, let second else { return false }
    return first < second
  }
}
