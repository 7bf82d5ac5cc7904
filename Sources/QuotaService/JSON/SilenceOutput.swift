import FoundationEssentials
package import QuotaCore

/// A silence as JSON.
package struct SilenceOutput: Encodable {
  let id: Int64
  let organizationId: OrganizationID?
  let rule: RuleID?
  let startsAt: Date
  let endsAt: Date
  let reason: String
  let createdBy: String
  let endedAt: Date?
  let endedBy: String?

  package init(_ silence: Silence) {
    id = silence.id
    organizationId = silence.organization
    rule = silence.rule
    startsAt = silence.from
    endsAt = silence.until
    reason = silence.reason
    createdBy = silence.createdBy
    (endedAt, endedBy) = (silence.ended?.at, silence.ended?.by)
  }
}
