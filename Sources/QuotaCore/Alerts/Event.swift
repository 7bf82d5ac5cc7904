package import FoundationEssentials

/// The identity of an event, which follows from its content:
/// `pages-quota/acme/2026-11/pages/80%/firing/1` (the alert, the transition, the episode).
///
/// It consists of characters that may stand in an HTTP header and in an e-mail Message-ID.
package struct EventID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package var description: String { rawValue }

  package static func < (first: EventID, second: EventID) -> Bool { first.rawValue < second.rawValue }
}

/// One transition of an alert that somebody may have to be told of, or a test message.
package struct Event: Hashable, Codable, Sendable {
  package enum Transition: String, Hashable, Codable, CaseIterable, Sendable {
    case firing
    case resolved
    /// No alert at all: a message that tries a channel out, see ``Event/test(of:now:)``.
    case test
  }

  package let id: EventID
  package let transition: Transition
  package let rule: RuleID
  package let ruleKind: RuleKind.Name
  package let severity: Severity
  package let organization: OrganizationID
  package let organizationName: String
  package let month: BillingMonth?
  package let metric: Metric?
  /// The highest of the levels that were crossed.
  package let level: Level?
  /// Every level that was crossed in this step, lowest first; empty for rules without levels.
  package let crossed: [Level]
  package let reason: String
  package let evidence: Evidence
  package let occurredAt: Date

  package init(
    id: EventID, transition: Transition, rule: RuleID, ruleKind: RuleKind.Name, severity: Severity,
    organization: OrganizationID, organizationName: String, month: BillingMonth?, metric: Metric?, level: Level?,
    crossed: [Level], reason: String, evidence: Evidence, occurredAt: Date
  ) {
    self.id = id
    self.transition = transition
    self.rule = rule
    self.ruleKind = ruleKind
    self.severity = severity
    self.organization = organization
    self.organizationName = organizationName
    self.month = month
    self.metric = metric
    self.level = level
    self.crossed = crossed
    self.reason = reason
    self.evidence = evidence
    self.occurredAt = occurredAt
  }

  enum CodingKeys: String, CodingKey {
    case id, transition, rule
    case ruleKind = "rule_type"
    case severity, organization
    case organizationName = "organization_name"
    case month, metric, level, crossed, reason, evidence
    case occurredAt = "occurred_at"
  }

  /// How much of the quota is used, in percent rounded down to a whole number, so that 99.9 % never reads as 100 %.
  package var percentUsed: Int64? {
    guard let used = evidence.used, let quota = evidence.quota else { return nil }
    return Percent.whole(used, of: quota)
  }
}
