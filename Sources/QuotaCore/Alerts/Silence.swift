package import FoundationEssentials

/// Somebody's wish not to be told of some alerts for a while. It holds back sending, not judging: at its end what still
/// fires is told once.
package struct Silence: Hashable, Sendable {
  /// The row's number in the database.
  package let id: Int64
  /// Nil for every organization.
  package let organization: OrganizationID?
  /// Nil for every rule.
  package let rule: RuleID?
  package let from: Date
  package let until: Date
  package let reason: String
  /// Who, as they are called on their machine.
  package let createdBy: String
  /// That somebody has ended it before its time.
  package var ended: Ending?

  package struct Ending: Hashable, Sendable {
    package let at: Date
    /// Who, as they are called on their machine.
    package let by: String

    package init(at: Date, by: String) {
      self.at = at
      self.by = by
    }
  }

  package init(
    id: Int64, organization: OrganizationID?, rule: RuleID?, from: Date, until: Date, reason: String, createdBy: String
  ) {
    self.id = id
    self.organization = organization
    self.rule = rule
    self.from = from
    self.until = until
    self.reason = reason
    self.createdBy = createdBy
  }

  /// Every silence has begun when it was made; a later ``from`` is that of a clock that was ahead.
  package func isActive(at time: Date) -> Bool { ended == nil && time < until }

  /// The silence for as long from a moment on, before which it was made; nil unless it begins later.
  package func anchored(to now: Date) -> Silence? {
    guard from > now else { return nil }
    return Silence(
      id: id, organization: organization, rule: rule, from: now,
      until: now.addingTimeInterval(until.timeIntervalSince(from)), reason: reason, createdBy: createdBy)
  }

  /// Whether an event is among what is silenced. The vendor's data as a whole is nobody's: only a silence of its rule,
  /// `breaker`, covers it.
  package func covers(_ event: Event) -> Bool {
    covers(event.organization, event.rule)
  }

  /// Whether it holds back what there is to tell of an alert.
  package func covers(_ key: AlertKey) -> Bool {
    covers(key.organization, key.rule)
  }

  private func covers(_ organization: OrganizationID?, _ rule: RuleID) -> Bool {
    (self.organization == nil || self.organization == organization) && (self.rule == nil || self.rule == rule)
  }
}
