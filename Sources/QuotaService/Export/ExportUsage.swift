package import QuotaCore
package import Reports

/// Writes a usage report.
package struct ExportUsage: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  /// Writes what the vendor counted, a row per organization, month and metric; see `docs/reports.md`.
  ///
  /// - Parameters:
  ///   - organizations: only these, whether they are still configured or not; all for an empty list.
  ///   - destination: a file is replaced as a whole.
  /// - Returns: how many months of organizations there are.
  package func callAsFunction(
    _ months: ClosedRange<BillingMonth>, organizations: [String] = [], format: ReportFormat,
    to destination: ReportDestination
  ) async throws -> Int {
    let store = try database.openForReading()
    let (zone, now) = ((configuration.billingTimeZone, configuration.billingTimeZoneName), world.now())
    return try await store.read { reader in
      let only = try configuration.knownOrganizations(organizations, in: reader)
      var count = 0
      try destination.write { sink in
        var report = UsageReport(format: format, zone: zone.0, zoneName: zone.1, now: now, to: sink)
        try reader.visit(months, of: only) {
          count += 1
          try report.write($0)
        }
        try report.finish()
      }
      return count
    }
  }
}

/// Shows the usage.
package struct ReadUsage: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  /// What the report has, for showing it, and whether each month is settled.
  package func callAsFunction(
    _ months: ClosedRange<BillingMonth>, organizations: [String] = []
  ) async throws -> [(month: StoredMonth, isSettled: Bool)] {
    let (zone, now) = (configuration.billingTimeZone, world.now())
    return try await database.openForReading().read { reader in
      let only = try configuration.knownOrganizations(organizations, in: reader)
      var found: [(month: StoredMonth, isSettled: Bool)] = []
      try reader.visit(months, of: only) {
        found.append(($0, Settlement.isSettled($0.usage.snapshot, in: zone, at: now)))
      }
      return found
    }
  }
}

extension StoreReader {
  /// Visits the stored months of these organizations one after the other; of all for nil.
  fileprivate func visit(
    _ months: ClosedRange<BillingMonth>, of organizations: [OrganizationID]?, _ body: (StoredMonth) throws -> Void
  ) throws {
    for organization in organizations.map({ $0.map(Optional.some) }) ?? [nil] {
      try visitMonths(from: months.lowerBound, to: months.upperBound, organization: organization, body)
    }
  }
}
