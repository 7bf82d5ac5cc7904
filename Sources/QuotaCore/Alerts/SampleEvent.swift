package import FoundationEssentials

extension Event {
  /// An event with made-up figures that tries a channel out. It is about no organization of the user's.
  ///
  /// - Parameter now: makes the id unique, so that a receiver that recognises repetitions takes every test.
  package static func test(of notifier: NotifierID, now: Date) -> Event {
    var event = sample(of: .example, RuleID("example-rule"), severity: .info, transition: .test, number: 0, now: now)
    event.id = EventID(rawValue: "test/\(notifier)/\(Int64(now.timeIntervalSince1970 * 1_000))")
    event.organization = OrganizationID("example-organization")
    event.organizationName = "Example Organization"
    event.reason = "a test message; the figures are made up"
    return event
  }

  /// An event of a kind of rule with made-up figures, for an example organization.
  ///
  /// - Parameter number: tells several apart, from 1.
  package static func sample(
    of type: RuleType, _ rule: RuleID, severity: Severity, transition: Transition, number: Int64 = 1, now: Date
  ) -> Event {
    var event = Event(
      id: EventID(rawValue: ""), transition: transition, rule: rule, topic: .rule(type), severity: severity,
      organization: OrganizationID("example-\(number)"),
      organizationName: number == 1 ? "Example Organization" : "Example Organization \(number)",
      month: type.kind.isMonthly ? BillingMonth(containing: now, in: .gmt) : nil,
      reason: "an example; the figures are made up", evidence: Evidence(), occurredAt: now)
    type.kind.fill(sample: &event, number: number)
    if transition == .resolved { event.firing = [] }
    if transition == .acknowledged {
      event.acknowledgement = Acknowledgement(by: "anna", at: now, until: now + .days(2), note: "calling them")
    }
    let level = event.level.map { "/\($0)" } ?? ""
    event.id = EventID(rawValue: "\(event.subject)\(level)/\(transition.rawValue)/1")
    return event
  }

  /// Gives a sample a counter with made-up figures.
  mutating func fillCounter(used: Int64) {
    metric = .pages
    evidence = Evidence(
      used: used, quota: 10_000, threshold: 8_000, observedAfter: occurredAt - .minutes(15), observedAt: occurredAt,
      periodEnd: month?.period(in: .gmt).upperBound)
  }
}
