package import FoundationEssentials
package import QuotaCore

/// Messages with made-up figures, to check templates and to show what a channel would send.
package enum SampleMessages {
  /// A message about one event, or a group of several.
  package static func message(
    _ rule: Rule, transition: Event.Transition, group: Int?, now: Date
  ) -> Message? {
    let events = (1...Int64(group ?? 1)).map { number in
      Event.sample(
        of: rule.kind.type, rule.id, severity: rule.severity.usual, transition: transition, number: number, now: now)
    }
    guard group != nil else { return events.first.map { .event($0) } }
    return EventGroup(events, occasion: .run, composedAt: now).map { .group($0) }
  }

  /// One event that has every field, one of each kind, and groups: what a template asks for is among them.
  static let forChecking: [Message] = {
    let now = Date(timeIntervalSince1970: 1_795_435_200)
    let rule = RuleID("rule")
    var full = Event.sample(of: .example, rule, severity: .warning, transition: .acknowledged, now: now)
    full.firing = full.crossed
    full.flapping = Flapping(count: 3, since: now)
    full.evidence.projected = 1
    full.evidence.projectedLow = 1
    full.evidence.projectedHigh = 1
    full.evidence.probability = 1
    full.evidence.exhaustedFrom = now
    full.evidence.exhaustedTo = now
    full.evidence.dailyAllowance = 1
    full.evidence.windowSeconds = 1
    full.evidence.baseline = 1
    full.evidence.before = 1
    full.evidence.otherOrganization = OrganizationID("other")
    full.evidence.amount = "1.00"
    full.evidence.currency = "EUR"
    full.evidence.limit = "1.00"
    full.evidence.compared = 1
    full.evidence.affected = 1
    let transitions = Event.Transition.allCases.map { transition in
      var event = full
      event.transition = transition
      return event
    }
    let kinds = RuleType.allCases.map {
      Event.sample(of: $0, rule, severity: .critical, transition: .firing, now: now)
    }
    let many = (1...Int64(TemplateValues.mostEvents) + 1).map {
      Event.sample(of: .example, rule, severity: .info, transition: .firing, number: $0, now: now)
    }
    let groups = [transitions + kinds, many].compactMap { EventGroup($0, occasion: .run, composedAt: now) }
    return (transitions + kinds).map { .event($0) } + groups.map { .group($0) }
  }()
}
