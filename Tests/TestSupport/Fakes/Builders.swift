package import FoundationEssentials
package import QuotaCore

/// A moment written `2026-11-23T12:00`, in UTC.
package func moment(_ text: String) -> Date {
  guard let date = Date(iso8601: "\(text):00.000Z") else { preconditionFailure("\(text) is no moment") }
  return date
}

/// A month written `2026-11`.
package func billingMonth(_ text: String) -> BillingMonth {
  guard let month = BillingMonth(text) else { preconditionFailure("\(text) is no month") }
  return month
}

/// A level written `80%` or `5000`.
package func alertLevel(_ text: String) -> Level {
  guard let level = Level(text) else { preconditionFailure("\(text) is no level") }
  return level
}

extension Event {
  /// A threshold event of Acme Corp; by default 80 % of 10,000 pages reached on 23 November 2026.
  package static func threshold(
    _ transition: Transition = .firing, used: Int64 = 8_200, quota: Int64? = 10_000, crossed: [String] = ["80%"],
    in monthText: String = "2026-11", after: String? = "2026-11-23T12:00", at: String = "2026-11-23T12:15",
    organizationName: String = "Acme Corp", severity: Severity = .warning,
    reason: String = "8,200 of 10,000 pages in 2026-11: reached 80%"
  ) -> Event {
    let levels = crossed.map { alertLevel($0) }
    let name = crossed.last ?? ""
    return Event(
      id: EventID(rawValue: "pages-quota/acme/\(monthText)/pages/\(name)/\(transition.rawValue)/1"),
      transition: transition, rule: RuleID("pages-quota"), topic: .rule(.threshold), severity: severity,
      organization: OrganizationID("acme"), organizationName: organizationName, month: billingMonth(monthText),
      metric: .pages, level: levels.last, crossed: levels, reason: reason,
      evidence: Evidence(
        used: used, quota: quota, threshold: levels.last?.threshold(quota: quota), observedAfter: after.map(moment),
        observedAt: moment(at), periodEnd: billingMonth(monthText).period(in: .gmt).upperBound, snapshotIDs: [1, 2]),
      occurredAt: moment(at))
  }

  /// An event of a rule that is not about a month.
  package static func silence(
    _ kind: RuleType, _ transition: Transition = .firing, after: String? = "2026-11-23T04:00",
    at: String = "2026-11-23T12:15", organizationName: String = "Acme Corp", reason: String = "no answer"
  ) -> Event {
    Event(
      id: EventID(rawValue: "watch/acme/\(transition.rawValue)/1"), transition: transition, rule: RuleID("watch"),
      topic: .rule(kind), severity: .critical, organization: OrganizationID("acme"), organizationName: organizationName,
      reason: reason,
      evidence: Evidence(observedAfter: after.map(moment), observedAt: moment(at)), occurredAt: moment(at))
  }
}

/// Decodes a piece of configuration and returns it with what was reported.
package func decodeConfiguration<Value>(
  _ text: String, among surroundings: ConfigurationSurroundings = ConfigurationSurroundings(),
  _ decode: (ConfigurationNode) -> Value?
) throws -> (value: Value?, issues: [ConfigurationIssue]) {
  let bytes = Array(text.utf8)
  let issues = ConfigurationIssues(source: bytes)
  let value = decode(ConfigurationNode(try JSONParser.parse(bytes), among: surroundings, issues: issues))
  return (value, issues.sorted)
}
