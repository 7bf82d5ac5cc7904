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
  ///   - organization: only this one, whether it is still configured or not.
  ///   - destination: a file is replaced as a whole.
  /// - Returns: how many months of organizations there are.
  package func callAsFunction(
    _ months: ClosedRange<BillingMonth>, organization: String?, format: ReportFormat, to destination: ReportDestination
  ) async throws -> Int {
    let store = try database.openForReading()
    let (zone, now) = ((configuration.billingTimeZone, configuration.billingTimeZoneName), world.now())
    return try await store.read { reader in
      let only = try organization.map { try configuration.knownOrganization($0, in: reader) }
      var count = 0
      try destination.write { sink in
        var report = UsageReport(format: format, zone: zone.0, zoneName: zone.1, now: now, to: sink)
        try reader.visitMonths(from: months.lowerBound, to: months.upperBound, organization: only) {
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
    _ months: ClosedRange<BillingMonth>, organization: String?
  ) async throws -> [(month: StoredMonth, isSettled: Bool)] {
    let (zone, now) = (configuration.billingTimeZone, world.now())
    return try await database.openForReading().read { reader in
      let only = try organization.map { try configuration.knownOrganization($0, in: reader) }
      var found: [(month: StoredMonth, isSettled: Bool)] = []
      try reader.visitMonths(from: months.lowerBound, to: months.upperBound, organization: only) {
        found.append(($0, Settlement.isSettled($0.usage.snapshot, in: zone, at: now)))
      }
      return found
    }
  }
}
