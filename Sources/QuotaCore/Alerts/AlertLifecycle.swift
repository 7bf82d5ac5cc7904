import FoundationEssentials

/// Turns verdicts into transitions: each is told once, whatever restarts, repeated runs or edits happen.
package enum AlertLifecycle {
  /// What a step changes.
  package struct Outcome: Sendable {
    /// The alerts that are new or have changed.
    package var changed: [Alert] = []
    /// The alerts that nothing needs to be known of any more.
    package var forgotten: [AlertKey] = []
    /// What there is to tell, in the order of the rules.
    package var events: [Event] = []

    package var isEmpty: Bool { changed.isEmpty && forgotten.isEmpty && events.isEmpty }
  }

  /// Advances the alerts of one organization.
  ///
  /// - Parameters:
  ///   - rules: all rules, in the order of the configuration.
  ///   - input: what was just seen, and the alerts that are known.
  package static func step(_ rules: [Rule], on input: RuleInput) -> Outcome {
    var outcome = Outcome()
    if !input.alerts.isEmpty { expire(input, rules, into: &outcome) }
    for index in rules.indices { judge(rules[index], on: input, into: &outcome) }
    return outcome
  }

  private static func judge(_ rule: Rule, on input: RuleInput, into outcome: inout Outcome) {
    guard rule.isEnabled, rule.scope.contains(input.organization) else { return }
    let verdicts = rule.verdicts(on: input)
    guard !verdicts.isEmpty else { return }
    for group in grouped(verdicts) { advance(rule, group, on: input, into: &outcome) }
  }

  /// Ends what belongs to months that the vendor has left behind.
  private static func expire(_ input: RuleInput, _ rules: [Rule], into outcome: inout Outcome) {
    guard let current = input.latestMonth else { return }
    var ended: [Alert] = []
    for index in input.alerts.indices {
      guard let month = input.alerts[index].key.month, month < current else { continue }
      let alert = input.alerts[index]
      switch alert.status {
      case .resolved, .expired, .retired: continue
      // A past month is still read: what is pending there may yet come true.
      case .pending where input.months.contains(where: { $0.snapshot.month == month }): continue
      case .pending where input.doubted.contains(month): continue
      case .pending where alert.episode == 0: outcome.forgotten.append(alert.key)
      case .pending, .firing:
        var expired = alert
        expired.status = .expired
        expired.changedAt = input.now
        expired.pending = nil
        outcome.changed.append(expired)
        if alert.status == .firing { ended.append(expired) }
      }
    }
    guard !ended.isEmpty else { return }
    outcome.events += EventComposer(input).expirations(of: ended, rules: rules)
  }

  /// Verdicts that differ in their level only: they are told together.
  private static func grouped(_ verdicts: [Verdict]) -> [[Verdict]] {
    guard verdicts.count > 1 else { return [verdicts] }
    var groups: [[Verdict]] = []
    for verdict in verdicts {
      if let first = groups.last?.first, first.key.hasSameSubject(as: verdict.key) {
        groups[groups.count - 1].append(verdict)
      } else {
        groups.append([verdict])
      }
    }
    return groups
  }

  private static func advance(
    _ rule: Rule, _ verdicts: [Verdict], on input: RuleInput, into outcome: inout Outcome
  ) {
    var advances: [AlertAdvance] = []
    for verdict in verdicts {
      let known = input.alerts.first { $0.key == verdict.key }
      // An alert of this step's past months has expired above, and stays so.
      if outcome.changed.contains(where: { $0.key == verdict.key }) { continue }
      // What happens to a month in a moment, happens now.
      let isNews = verdict.isMomentary || !input.isBeforeWatching(verdict.key.month)
      let advance = AlertAdvance(known, verdict, rule: rule, isNews: isNews, now: input.now)
      if let advance { advances.append(advance) }
    }
    guard !advances.isEmpty else { return }
    for advance in advances {
      if advance.change == .forgotten {
        outcome.forgotten.append(advance.alert.key)
      } else {
        outcome.changed.append(advance.alert)
      }
    }
    outcome.events += EventComposer(input).events(of: advances, rule: rule)
  }
}
