package import FoundationEssentials
package import QuotaCore
package import Reports

/// What is to be reconciled, and how the report is written.
package struct ReconciliationRequest: Sendable {
  package let months: ClosedRange<BillingMonth>
  /// Only this one.
  package let organization: String?
  package let format: ReconciliationFormat
  /// The stamp of the report, and the moment for which it is decided which months are over; now if nil.
  package let asOf: Date?

  package init(
    _ months: ClosedRange<BillingMonth>, organization: String? = nil, format: ReconciliationFormat = .csv,
    asOf: Date? = nil
  ) {
    self.months = months
    self.organization = organization
    self.format = format
    self.asOf = asOf
  }
}

/// Writes the reconciliation report.
package struct ExportReconciliation: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  private var zone: TimeZone { configuration.billingTimeZone }

  /// Compares usage, ledger and invoices and writes the report; see `docs/reconciliation.md`.
  ///
  /// - Parameter destination: a file is replaced as a whole.
  package func callAsFunction(
    _ request: ReconciliationRequest, to destination: ReportDestination
  ) async throws -> ReconciliationSummary {
    let store = try await database.openForReadingAfterInbox()
    let time = (request.asOf ?? world.now()).roundedToMilliseconds
    return try await store.read { reader in
      var summary = ReconciliationSummary()
      let only = try request.organization.map { try configuration.knownOrganization($0, in: reader) }
      let run = try ReconciliationRun(request.months, only: only, configuration, now: time, in: reader)
      try destination.write { sink in
        var report = ReconciliationReport(
          format: request.format, zone: zone, zoneName: configuration.billingTimeZoneName, reconciledAt: time, to: sink)
        let known = try run.visit { month in
          summary.add(month)
          try report.write(month, usage: request.format.showsDays ? try days(of: month, until: time, in: reader) : [])
        }
        try report.finish()
        summary.unknownMonths = request.months.all.filter { !known.contains($0) }
        summary.knowsNothing = known.isEmpty
      }
      return summary
    }
  }

  private func days(of month: ReconciledMonth, until time: Date, in reader: any StoreReader) throws -> [MonthDay] {
    guard let organization = month.organization, let period = month.month else { return [] }
    let snapshots = try reader.snapshots(
      of: organization, month: period, seenSince: period.period(in: zone).lowerBound)
    return MonthDay.days(of: period, snapshots, in: zone, until: time)
  }
}

/// Shows the reconciliation of one month.
package struct ReconcileMonth: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  /// What the report has of one month, for showing it.
  package func callAsFunction(of month: BillingMonth) async throws -> [ReconciledMonth] {
    try await database.openForReading().read { reader in
      var months: [ReconciledMonth] = []
      _ = try ReconciliationRun(month...month, only: nil, configuration, now: world.now(), in: reader).visit {
        months.append($0)
      }
      return months
    }
  }
}
