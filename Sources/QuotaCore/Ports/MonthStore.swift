package import FoundationEssentials

/// Reads the months of many organizations at once.
package protocol MonthReader {
  /// What is stored of these organizations' months; a month that was never read has no entry.
  func months(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: MonthUsage]]

  /// The first month that was read of each of these organizations.
  func firstMonths(of organizations: [OrganizationID]) throws -> [OrganizationID: BillingMonth]

  /// The snapshots of a month that were seen at a moment or later, in the order in which they were made.
  func snapshots(of organization: OrganizationID, month: BillingMonth, seenSince time: Date) throws -> [Snapshot]
}
