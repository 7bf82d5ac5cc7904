import FoundationEssentials
package import QuotaCore

/// An alert as JSON.
package struct AlertOutput: Encodable {
  struct Pending: Encodable {
    let since: Date
    let readings: Int64
    let notBefore: Date?
  }

  let alert: String
  let status: Alert.Status
  let severity: Severity
  let rule: RuleID
  let organizationId: OrganizationID
  let month: BillingMonth?
  let metric: Metric?
  let level: Level?
  let episode: Int64
  let firedAt: Date
  let changedAt: Date
  let pending: Pending?
  let acknowledgement: Acknowledgement?
  let marks: [AlertMark]
  let reminders: Int64
  let reason: String
  let evidence: Evidence
  /// Those that were to tell of the alert.
  let deadLetters: [DeadLetterOutput]

  /// - Parameter dead: those that may be told of.
  package init(_ alert: Alert, _ dead: [DeadLetter], _ marks: [AlertMark]) {
    self.marks = marks
    deadLetters = dead.filter { $0.concerns(alert.key) }.map(DeadLetterOutput.init)
    self.alert = alert.key.description
    status = alert.status
    severity = alert.severity
    rule = alert.key.rule
    organizationId = alert.key.organization
    month = alert.key.month
    metric = alert.key.metric
    level = alert.key.level
    episode = alert.episode
    firedAt = alert.firedAt
    changedAt = alert.changedAt
    pending = alert.pending.map { Pending(since: $0.since, readings: $0.readings, notBefore: $0.notBefore) }
    acknowledgement = alert.acknowledgement
    reminders = alert.reminders
    reason = alert.reason
    evidence = alert.evidence
  }
}
