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

  /// See ``Event/subject``.
  package var subject: String {
    AlertKey(rule: rule, organization: organization, month: month, metric: metric).description
  }

  package static func < (first: AlertKey, second: AlertKey) -> Bool { first.description < second.description }

  /// Most keys of one organization differ in the parts that are compared first.
  package static func == (first: AlertKey, second: AlertKey) -> Bool {
    first.isAbout(second.rule, second.month, second.metric, second.level) && first.organization == second.organization
  }

  /// Whether all but the organization is the same.
  func isAbout(_ rule: RuleID, _ month: BillingMonth?, _ metric: Metric?, _ level: Level?) -> Bool {
    self.level == level && self.metric == metric && self.month == month && self.rule == rule
  }

  /// Whether the keys differ in their level at the most.
  func hasSameSubject(as other: AlertKey) -> Bool {
    metric == other.metric && month == other.month && rule == other.rule && organization == other.organization
  }
}

/// A verdict over time.
package struct Alert: Hashable, Sendable {
  package enum Status: String, Hashable, Codable, CaseIterable, Sendable {
    /// The condition holds, but not for long enough to be told.
    case pending
    case firing
    case resolved
    /// The month ended while it was firing; nothing more is told of it.
    case expired
    /// It fired when the configuration ceased to watch it; see ``Watch``.
    case retired
  }

  package let key: AlertKey
  package var status: Status
  package var severity: Severity
  /// How many times it has fired; 0 while it is pending for the first time.
  package var episode: Int64
  /// When the current or last episode began; while it is pending for the first time, when the condition was first seen.
  package var firedAt: Date
  /// When the status changed last.
  package var changedAt: Date
  /// The reason and evidence of the last change.
  package var reason: String
  package var evidence: Evidence {
    get { deferredEvidence.value }
    set { deferredEvidence = Deferred { newValue } }
  }
  /// How ``evidence`` is come by: a run looks at the alerts of everybody, and of nearly all only at the status.
  package var deferredEvidence: Deferred<Evidence>
  /// Set while the status is ``Status/pending``.
  package var pending: Pending?
  /// Set while it fires and somebody has taken charge.
  package var acknowledgement: Acknowledgement?
  /// How it goes back and forth, if it does.
  package var flapping: Flapping?
  /// How many reminders this episode has had, and when the last was.
  package var reminders: Int64
  package var remindedAt: Date?

  package init(
    key: AlertKey, status: Status, severity: Severity, episode: Int64, firedAt: Date, changedAt: Date, reason: String,
    evidence: Evidence, pending: Pending? = nil, acknowledgement: Acknowledgement? = nil, flapping: Flapping? = nil,
    reminders: Int64 = 0, remindedAt: Date? = nil
  ) {
    self.key = key
    self.status = status
    self.severity = severity
    self.episode = episode
    self.firedAt = firedAt
    self.changedAt = changedAt
    self.reason = reason
    deferredEvidence = Deferred { evidence }
    self.pending = pending
    self.acknowledgement = acknowledgement
    self.flapping = flapping
    self.reminders = reminders
    self.remindedAt = remindedAt
  }

  /// What a pending alert waits for.
  package struct Pending: Hashable, Codable, Sendable {
    /// The first reading that showed the condition.
    package let since: Date
    /// In how many readings in a row it was shown.
    package var readings: Int64
    /// Not told before: the alert has fired a short while ago.
    package let notBefore: Date?

    package init(since: Date, readings: Int64, notBefore: Date?) {
      self.since = since
      self.readings = readings
      self.notBefore = notBefore
    }
  }
}

/// An alert that goes back and forth: it fires again soon after it was resolved.
package struct Flapping: Hashable, Codable, Sendable {
  /// How often its condition has come true since then, at least twice, whether it was told each time or not.
  package var count: Int64
  package let since: Date
  /// The last reading that showed the condition, once it was told that the alert flaps; from then on it is resolved
  /// only after a time of calm. Nil in an event.
  package var lastHeldAt: Date?

  package init(count: Int64, since: Date, lastHeldAt: Date? = nil) {
    self.count = count
    self.since = since
    self.lastHeldAt = lastHeldAt
  }
}

extension Alert {
  /// Whether somebody has charge of it now: an acknowledgement may have an end.
  package func isAcknowledged(at now: Date) -> Bool {
    acknowledgement.map { $0.until.map { $0 > now } ?? true } ?? false
  }
}
