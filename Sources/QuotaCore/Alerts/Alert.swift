package import FoundationEssentials

/// What an alert is about. Its settings are not part of it, so that editing a configuration re-sends nothing.
package struct AlertKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rule: RuleID
  package let organization: OrganizationID
  /// Nil for rules that are not about a month's counters: a dead key is the same dead key after the turn of the month.
  package let month: BillingMonth?
  package let metric: Metric?
  package let level: Level?

  package init(
    rule: RuleID, organization: OrganizationID, month: BillingMonth? = nil, metric: Metric? = nil, level: Level? = nil
  ) {
    self.rule = rule
    self.organization = organization
    self.month = month
    self.metric = metric
    self.level = level
  }

  /// `pages-quota/acme/2026-11/pages/80%`; parts that do not apply are left out.
  package var description: String {
    [rule.rawValue, organization.rawValue, month?.description, metric?.rawValue, level?.description]
      .compactMap { $0 }.joined(separator: "/")
  }

  package static func < (first: AlertKey, second: AlertKey) -> Bool { first.description < second.description }
}

/// A verdict over time.
package struct Alert: Hashable, Sendable {
  package enum Status: String, Hashable, Codable, CaseIterable, Sendable {
    case firing
    case resolved
    /// The month ended while it was firing; nothing more is told of it.
    case expired
  }

  package let key: AlertKey
  package var status: Status
  package var severity: Severity
  /// How many times it has fired, from 1.
  package var episode: Int64
  /// When the current or last episode began.
  package var firedAt: Date
  /// When the status changed last.
  package var changedAt: Date
  /// The reason and evidence of the last change.
  package var reason: String
  package var evidence: Evidence

  package init(
    key: AlertKey, status: Status, severity: Severity, episode: Int64, firedAt: Date, changedAt: Date, reason: String,
    evidence: Evidence
  ) {
    self.key = key
    self.status = status
    self.severity = severity
    self.episode = episode
    self.firedAt = firedAt
    self.changedAt = changedAt
    self.reason = reason
    self.evidence = evidence
  }
}
