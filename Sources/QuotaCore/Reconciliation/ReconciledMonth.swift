package import FoundationEssentials

/// What the vendor counted, what our ledger counted and what the invoice says of one organization and month, compared.
package struct ReconciledMonth: Hashable, Sendable {
  /// Nil for invoice lines that name no organization of ours.
  package let organization: OrganizationID?
  package let organizationName: String?
  /// Nil for invoice lines whose billing month is not known.
  package let month: BillingMonth?
  package let periodStatus: PeriodStatus?
  /// The plan, and behind an `@` the first day of the version that was valid, such as `pro@2026-07-01`.
  package let pricePlan: String?
  /// The reading that counts: the one the month was closed with, or else the latest.
  package let snapshot: Int64?
  /// What the month includes, as far as that is known.
  package let quota: Quota
  package let closedAt: Date?
  /// In the order of the report: by category, metric, invoice and line.
  package var entries: [ReconciliationEntry]

  package init(
    organization: OrganizationID?, organizationName: String?, month: BillingMonth?, periodStatus: PeriodStatus?,
    pricePlan: String?, snapshot: Int64?, quota: Quota = Quota(), closedAt: Date?, entries: [ReconciliationEntry]
  ) {
    self.organization = organization
    self.organizationName = organizationName
    self.month = month
    self.periodStatus = periodStatus
    self.pricePlan = pricePlan
    self.snapshot = snapshot
    self.quota = quota
    self.closedAt = closedAt
    self.entries = entries
  }
}

/// How final a month's figures are.
package enum PeriodStatus: String, Hashable, Codable, Sendable {
  /// The vendor may still change them.
  case open
  /// Taken as final; see ``Settlement``.
  case settled
  /// Frozen by `quotawatch close`.
  case closed
}
