package import FoundationEssentials
package import QuotaCore

/// Messages with made-up figures, to check templates and to show what a channel would send.
package enum SampleMessages {
  /// A message about one event, or a group of several.
  package static func message(
    _ rule: Rule, transition: Event.Transition, group: Int?, now: Date
  ) -> Message? {
    let events = (1...(group ?? 1)).map { number in
      event(
        rule.id, rule.kind.name, severity: rule.severity.usual, transition: transition, number: number, now: now)
    }
    guard group != nil else { return events.first.map { .event($0) } }
    return EventGroup(events, occasion: .run, composedAt: now).map { .group($0) }
  }

  /// An event of a kind of rule, for an example organization.
  package static func event(
    _ rule: RuleID, _ kind: RuleKind.Name, severity: Severity, transition: Event.Transition, number: Int = 1, now: Date
  ) -> Event {
    var event = Event.test(of: NotifierID("preview"), now: now)
    let hasMonth = ![.stale, .credential, .idle, .spike, .duplicateKey].contains(kind)
    let hasMetric = hasMonth || kind == .spike
    event.transition = transition
    event.rule = rule
    event.topic = .rule(kind)
    event.severity = severity
    event.organization = OrganizationID("example-\(number)")
    event.organizationName = number == 1 ? "Example Organization" : "Example Organization \(number)"
    if !hasMonth { event.month = nil }
    if !hasMetric { event.metric = nil }
    if kind != .threshold { (event.level, event.crossed, event.firing) = (nil, [], []) }
    event.firing = transition == .resolved ? [] : event.firing
    event.reason = "an example; the figures are made up"
    event.evidence = evidence(kind, event.evidence, number: Int64(number), now: now)
    let parts = [rule.rawValue, event.organization?.rawValue, event.month?.description, event.metric?.rawValue]
    let subject = parts.compactMap { $0 }.joined(separator: "/")
    let level = event.level.map { "/\($0)" } ?? ""
    event.id = EventID(rawValue: "\(subject)\(level)/\(transition.rawValue)/1")
    if transition == .acknowledged {
      event.acknowledgement = Acknowledgement(by: "anna", at: now, until: now + .days(2), note: "calling them")
    }
    return event
  }

  private static func evidence(_ kind: RuleKind.Name, _ base: Evidence, number: Int64, now: Date) -> Evidence {
    var evidence = base
    switch kind {
    case .threshold: evidence.used = 8_200 + 100 * number
    case .forecast:
      (evidence.projected, evidence.projectedLow, evidence.projectedHigh) = (11_900, 11_200, 12_700)
      (evidence.exhaustedFrom, evidence.exhaustedTo) = (now + .days(3), now + .days(5))
      evidence.dailyAllowance = 257
    case .spike:
      evidence = Evidence(used: 3_100 + 100 * number, threshold: 2_700, observedAfter: now - .days(1), observedAt: now)
      (evidence.baseline, evidence.windowSeconds) = (900, 86_400)
    case .correction: evidence.before = 8_900
    case .spend:
      evidence = Evidence(used: 8_200 + 100 * number, observedAt: now)
      (evidence.amount, evidence.currency) = ("512.40", "EUR")
    case .duplicateKey:
      evidence = Evidence(observedAt: now)
      (evidence.otherOrganization, evidence.compared) = (OrganizationID("example-other"), 4)
    case .idle, .stale, .credential:
      evidence = Evidence(observedAfter: now - .hours(8), observedAt: now)
    }
    return evidence
  }

  /// One event that has every field, one that has hardly any, and a group: what a template asks for is among them.
  static let forChecking: [Message] = {
    let now = Date(timeIntervalSince1970: 1_795_435_200)
    var full = event(RuleID("rule"), .threshold, severity: .warning, transition: .acknowledged, now: now)
    full.firing = full.crossed
    full.flapping = Flapping(count: 3, since: now)
    full.evidence.projected = 1
    full.evidence.projectedLow = 1
    full.evidence.projectedHigh = 1
    full.evidence.exhaustedFrom = now
    full.evidence.exhaustedTo = now
    full.evidence.dailyAllowance = 1
    full.evidence.windowSeconds = 1
    full.evidence.baseline = 1
    full.evidence.before = 1
    full.evidence.otherOrganization = OrganizationID("other")
    full.evidence.amount = "1.00"
    full.evidence.currency = "EUR"
    full.evidence.compared = 1
    full.evidence.affected = 1
    let transitions = Event.Transition.allCases.map { transition in
      var event = full
      event.transition = transition
      return event
    }
    let bare = event(RuleID("rule"), .credential, severity: .critical, transition: .firing, now: now)
    let many = (1...TemplateValues.mostEvents + 1).map {
      event(RuleID("rule"), .threshold, severity: .info, transition: .firing, number: $0, now: now)
    }
    let groups = [transitions + [bare], many].compactMap { EventGroup($0, occasion: .run, composedAt: now) }
    return (transitions + [bare]).map { .event($0) } + groups.map { .group($0) }
  }()
}
