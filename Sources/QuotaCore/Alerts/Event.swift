package import FoundationEssentials

/// The identity of an event, which follows from its content:
/// `pages-quota/acme/2026-11/pages/80%/firing/1` (the alert, the transition, the episode).
///
/// It consists of characters that may stand in an HTTP header and in an e-mail Message-ID.
package typealias EventID = ID<Event>

/// One transition of an alert that somebody may have to be told of, or a test message.
package struct Event: Hashable, Codable, Sendable {
  package enum Transition: String, Hashable, Codable, CaseIterable, Sendable {
    case firing
    case resolved
    /// Somebody has taken charge of a firing alert; only channels that keep incidents are told.
    case acknowledged
    /// The month ended while it was firing; only channels that keep incidents are told, so that they close theirs.
    case expired
    /// It fires and is not watched any more; only channels that keep incidents are told, so that they close theirs.
    case retired
    /// It is watched again and fires on; only channels that keep incidents are told, so that they open theirs again.
    case reopened
    /// It still fires after the time that the rule's `remind_every` names; no news, and not counted as an event.
    case reminder
    /// No alert at all: a message that tries a channel out, see ``Event/test(of:now:)``.
    case test
  }

  /// What kind of thing has happened.
  package enum Topic: Hashable, Sendable {
    case rule(RuleType)
    /// The vendor's figures as a whole are suspect; see ``Breaker``.
    case breaker
    /// A change of the configuration ends the watch over many organizations; see ``RetirementHold``.
    case retirement
    /// Messages could not be delivered; see ``DeadLetters``.
    case undelivered
    /// Every key is refused at once; see ``KeyRefusal``.
    case keys
  }

  package var id: EventID
  package var transition: Transition
  package var rule: RuleID
  package var topic: Topic
  package var severity: Severity
  /// Nil for an event about the vendor's data as a whole.
  package var organization: OrganizationID?
  /// What people call the organization; empty where there is none.
  package var organizationName: String
  package var month: BillingMonth?
  package var metric: Metric?
  /// The highest of the levels that were crossed.
  package var level: Level?
  /// Every level that was crossed in this step, lowest first; empty for rules without levels.
  package var crossed: [Level]
  /// The levels that fire after this transition, lowest first; so a resolution says what it has not ended.
  package var firing: [Level]
  /// How many times the alert has fired, from 1.
  package var episode: Int64
  /// Set where the alert goes back and forth.
  package var flapping: Flapping?
  /// Set for ``Transition/acknowledged``.
  package var acknowledgement: Acknowledgement?
  package var reason: String
  package var evidence: Evidence
  package var occurredAt: Date
  /// Set where it may have been told before: a backup was restored, which does not know what was told since this moment.
  package var possibleRepetitionSince: Date?

  package init(
    id: EventID, transition: Transition, rule: RuleID, topic: Topic, severity: Severity,
    organization: OrganizationID?, organizationName: String, month: BillingMonth? = nil, metric: Metric? = nil,
    level: Level? = nil, crossed: [Level] = [], firing: [Level] = [], episode: Int64 = 1, flapping: Flapping? = nil,
    acknowledgement: Acknowledgement? = nil, reason: String, evidence: Evidence, occurredAt: Date
  ) {
    self.id = id
    self.transition = transition
    self.rule = rule
    self.topic = topic
    self.severity = severity
    self.organization = organization
    self.organizationName = organizationName
    self.month = month
    self.metric = metric
    self.level = level
    self.crossed = crossed
    self.firing = firing
    self.episode = episode
    self.flapping = flapping
    self.acknowledgement = acknowledgement
    self.reason = reason
    self.evidence = evidence
    self.occurredAt = occurredAt
  }

  enum CodingKeys: String, CodingKey {
    case id, transition, rule
    case topic = "rule_type"
    case severity, organization
    case organizationName = "organization_name"
    case month, metric, level, crossed, firing, episode, flapping, acknowledgement, reason, evidence
    case occurredAt = "occurred_at"
    case possibleRepetitionSince = "possible_repetition_since"
  }

  /// What events belong together: rule, organization, month and metric, whatever the level and the episode. Messages
  /// about one subject keep their order, and a channel that keeps incidents keeps one for each.
  package var subject: String {
    [rule.rawValue, organization?.rawValue, month?.description, metric?.rawValue].compactMap { $0 }
      .joined(separator: "/")
  }

  /// How much of the quota is used, in percent rounded down to a whole number, so that 99.9 % never reads as 100 %.
  package var percentUsed: Int64? {
    guard let used = evidence.used, let quota = evidence.quota else { return nil }
    return Percent.whole(used, of: quota)
  }
}

/// Somebody's word that an alert is being taken care of.
package struct Acknowledgement: Hashable, Codable, Sendable {
  /// Who, as they are called on their machine.
  package let by: String
  package let at: Date
  /// Until when; nil until the alert ends.
  package let until: Date?
  package let note: String?

  package init(by: String, at: Date, until: Date?, note: String?) {
    self.by = by
    self.at = at
    self.until = until
    self.note = note
  }

  /// What tells it from others of the same alert.
  package var mark: String { "\(at.iso8601) \(by)" }
}
