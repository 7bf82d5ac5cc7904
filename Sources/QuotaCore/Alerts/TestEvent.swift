package import FoundationEssentials

extension Event {
  /// An event with made-up figures that tries a channel out. It is about no organization of the user's.
  ///
  /// - Parameter now: makes the id unique, so that a receiver that recognises repetitions takes every test.
  package static func test(of notifier: NotifierID, now: Date) -> Event {
    let month = BillingMonth(containing: now, in: .gmt)
    let level = Level.percent(hundredths: 8_000)
    return Event(
      id: EventID(rawValue: "test/\(notifier)/\(Int64(now.timeIntervalSince1970 * 1_000))"), transition: .test,
      rule: RuleID("example-rule"), topic: .rule(.threshold), severity: .info,
      organization: OrganizationID("example-organization"), organizationName: "Example Organization", month: month,
      metric: .pages, level: level, crossed: [level], firing: [level],
      reason: "a test message; the figures are made up",
      evidence: Evidence(
        used: 8_200, quota: 10_000, threshold: 8_000, observedAfter: now - .minutes(15), observedAt: now,
        periodEnd: month?.period(in: .gmt).upperBound),
      occurredAt: now)
  }
}
