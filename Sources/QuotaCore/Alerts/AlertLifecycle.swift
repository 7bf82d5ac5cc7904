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
  ///   - input: what was just seen.
  ///   - alerts: what is known of the organization's alerts of the months that were seen, and of those without a month.
  package static func step(_ rules: [Rule], on input: RuleInput, alerts: [Alert]) -> Outcome {
    var outcome = Outcome()
    let composer = EventComposer(input, alerts)
    if !alerts.isEmpty { expire(alerts, composer, rules, into: &outcome) }
    var collector = VerdictCollector(rules, on: input, alerts, isComplete: false)
    for index in rules.indices where rules[index].isEnabled && rules[index].scope.contains(input.organization) {
      collector.rule = index
      rules[index].kind.judge(input, into: &collector)
      guard !collector.verdicts.isEmpty else { continue }
      for group in grouped(collector.take()) { advance(rules[index], group, composer, into: &outcome) }
    }
    return outcome
  }

  /// All that a rule says, whether it changes anything or not.
  package static func verdicts(of rule: Rule, on input: RuleInput, alerts: [Alert]) -> [Verdict] {
    var collector = VerdictCollector([rule], on: input, alerts, isComplete: true)
    rule.kind.judge(input, into: &collector)
    return collector.verdicts
  }

  /// Ends what belongs to months that the vendor has left behind.
  private static func expire(
    _ alerts: [Alert], _ composer: EventComposer, _ rules: [Rule], into outcome: inout Outcome
  ) {
    let input = composer.input
    guard let current = input.latestMonth else { return }
    var ended: [Alert] = []
    for index in alerts.indices {
      guard let month = alerts[index].key.month, month < current else { continue }
      let alert = alerts[index]
      switch alert.status {
      case .resolved, .expired: continue
      // A past month is still read: what is pending there may yet come true.
      case .pending where input.months.contains(where: { $0.snapshot.month == month }): continue
      case .pending where input.doubted.contains(month): continue
      case .pending where alert.episode == 0: outcome.forgotten.append(alert.key)
      case .pending, .firing, .retired:
        var expired = alert
        expired.status = .expired
        expired.changedAt = input.now
        expired.pending = nil
        outcome.changed.append(expired)
        if alert.status == .firing { ended.append(expired) }
      }
    }
    guard !ended.isEmpty else { return }
    outcome.events += composer.expirations(of: ended, rules: rules)
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
    _ rule: Rule, _ verdicts: [Verdict], _ composer: EventComposer, into outcome: inout Outcome
  ) {
    let input = composer.input
    var advances: [AlertAdvance] = []
    for verdict in verdicts {
      let known = composer.alerts.first { $0.key == verdict.key }
      // An alert of this step's past months has expired above, and stays so.
      if outcome.changed.contains(where: { $0.key == verdict.key }) { continue }
      let isNews = !input.isBeforeWatching(verdict.key.month) || hasCome(verdict, rule, since: input)
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
    outcome.events += composer.events(of: advances, rule: rule)
  }

  /// Whether something of a month has come true since the reading before. What happens in a moment, happens now.
  private static func hasCome(_ verdict: Verdict, _ rule: Rule, since input: RuleInput) -> Bool {
    guard !rule.kind.isMomentary, verdict.holds else { return rule.kind.isMomentary }
    guard let before = input.before(verdict.key.month) else { return false }
    return !verdicts(of: rule, on: before, alerts: []).contains { $0.key == verdict.key && $0.holds }
  }
}
