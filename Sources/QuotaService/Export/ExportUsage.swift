package import QuotaCore
package import Reports

extension Service {
  /// Writes what the vendor counted, a row per organization, month and metric; see `docs/reports.md`.
  ///
  /// - Parameters:
  ///   - organization: only this one, whether it is still configured or not.
  ///   - destination: a file is replaced as a whole.
  package func exportUsage(
    _ months: ClosedRange<BillingMonth>, organization: String?, format: ReportFormat, to destination: ReportDestination
  ) async throws {
    let store = try openForReading()
    let (zone, now) = ((self.zone, configuration.billingTimeZoneName), world.now())
    try await store.read { reader in
      try destination.write { sink in
        var report = UsageReport(format: format, zone: zone.0, zoneName: zone.1, now: now, to: sink)
        try reader.visitMonths(
          from: months.lowerBound, to: months.upperBound, organization: organization.map { OrganizationID($0) }
        ) { try report.write($0) }
        try report.finish()
      }
    }
  }
}
