package import QuotaCore

/// Adds up what the ledger holds.
package struct ReadLedger: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess

  /// What the ledger holds, by organization and month.
  ///
  /// - Parameters:
  ///   - months: nil for all that there are.
  ///   - only: the organizations; all if empty.
  package func callAsFunction(
    months: ClosedRange<BillingMonth>?, only: [String]
  ) async throws -> [LedgerMonth] {
    let chosen = only.isEmpty ? nil : try configuration.organizations(only).map(\.organization.id)
    return try await database.openForReading().read { reader in
      guard let known = try reader.ledgerMonths(), months?.overlaps(known) ?? true else { return [] }
      let range = months.map { $0.clamped(to: known) } ?? known
      let ids = try chosen ?? reader.ledgerOrganizations()
      return try reader.ledger(of: ids, from: range.lowerBound, to: range.upperBound).values
        .flatMap(\.values).sorted { ($0.organization, $0.month) < ($1.organization, $1.month) }
    }
  }
}
