package import QuotaCore

extension Service {
  /// What the ledger holds, by organization and month.
  ///
  /// - Parameters:
  ///   - months: nil for all that there are.
  ///   - only: the organizations; all if empty.
  package func ledgerStatus(
    months: ClosedRange<BillingMonth>?, only: [String]
  ) async throws -> [LedgerMonth] {
    let ids = only.isEmpty ? nil : Set(try organizations(only).map(\.organization.id))
    return try await openForReading().read { reader in
      guard let known = try reader.ledgerMonths() else { return [] }
      let range = months.map { $0.clamped(to: known) } ?? known
      if let months, !months.overlaps(known) { return [] }
      let all = (0..<range.count).compactMap(range.lowerBound.advanced)
      let entries = try all.flatMap { try reader.ledger(of: $0, organization: nil) }
      return entries.filter { ids?.contains($0.organization) ?? true }
        .sorted { ($0.organization, $0.month) < ($1.organization, $1.month) }
    }
  }
}
