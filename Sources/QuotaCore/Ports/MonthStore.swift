package import FoundationEssentials

/// Reads the months of many organizations at once.
package protocol MonthReader {
  /// What is stored of these organizations' months; a month that was never read has no entry.
  func months(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: MonthUsage]]

  /// The first month that was read of each of these organizations.
  func firstMonths(of organizations: [OrganizationID]) throws -> [OrganizationID: BillingMonth]

  /// How far each month has come of which there is a reading or a line of an invoice, the latest first.
  ///
  /// - Parameter organizations: counts only theirs; nil for all.
  func monthSummaries(of organizations: [OrganizationID]?) throws -> [MonthSummary]

  /// The snapshots of a month that were seen at a moment or later, in the order in which they were made.
  func snapshots(of organization: OrganizationID, month: BillingMonth, seenSince time: Date) throws -> [Snapshot]
}
