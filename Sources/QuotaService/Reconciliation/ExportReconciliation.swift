package import FoundationEssentials
package import QuotaCore
package import Reports
import Synchronization

/// What is to be reconciled, and how the report is written.
package struct ReconciliationRequest: Sendable {
  package let months: ClosedRange<BillingMonth>
  /// Only these; all if empty.
  package let organizations: [String]
  package let format: ReconciliationFormat
  /// Only what is said of these; nil for all, and for what is said of none.
  package let visible: Set<OrganizationID>?
  /// The stamp of the report, and the moment for which it is decided which months are over; now if nil.
  package let asOf: Date?

  package init(
    _ months: ClosedRange<BillingMonth>, organizations: [String] = [], format: ReconciliationFormat = .csv,
    visible: Set<OrganizationID>? = nil, asOf: Date? = nil
  ) {
    self.months = months
    self.organizations = organizations
    self.format = format
    self.visible = visible
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
    guard !request.format.isBinary || !destination.isTerminal else {
      throw ServiceError(.usage, "\(request.format.rawValue) is nothing that a terminal can show; name a file with -o")
    }
    return try await run(request) { try destination.write($0) }
  }

  /// The report's bytes.
  package func bytes(_ request: ReconciliationRequest) async throws -> [UInt8] {
    let output = Mutex<[UInt8]>([])
    _ = try await run(request) { body in try body { bytes in output.withLock { $0 += bytes } } }
    return output.withLock { $0 }
  }

  /// - Parameter write: opens a place, lets the report be written to its sink, and completes it.
  private func run(
    _ request: ReconciliationRequest,
    to write: @escaping @Sendable ((@escaping UsageReport.Sink) throws -> Void) throws -> Void
  ) async throws -> ReconciliationSummary {
    let store = try await database.openForReadingAfterInbox()
    let time = (request.asOf ?? world.now()).roundedToMilliseconds
    let letterhead = request.format == .html ? try configuration.statement.letterhead() : nil
    return try await store.read { reader in
      var summary = ReconciliationSummary()
      try write { sink in
        var report = ReconciliationReport(
          format: request.format, zone: zone, zoneName: configuration.billingTimeZoneName, reconciledAt: time,
          letterhead: letterhead, to: sink)
        try request.run(configuration, at: time, in: reader, into: &summary) { month in
          try report.write(month, usage: request.format.showsDays ? try days(of: month, until: time, in: reader) : [])
        }
        try report.finish()
      }
      return summary
    }
  }

  /// The days up to the reading that counts: of a closed month not what came later.
  private func days(of month: ReconciledMonth, until time: Date, in reader: any StoreReader) throws -> [MonthDay] {
    guard let organization = month.organization, let period = month.month else { return [] }
    let snapshots = try reader.snapshots(
      of: organization, month: period, seenSince: period.period(in: zone).lowerBound)
    guard let last = snapshots.firstIndex(where: { $0.id == month.snapshot }) else { return [] }
    return MonthDay.days(of: period, Array(snapshots[...last]), in: zone, until: time)
  }
}

/// Shows the reconciliation.
package struct ReadReconciliation: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  /// What the report has, for showing it.
  ///
  /// - Parameters:
  ///   - takesInbox: whether reports of executions that wait to be written are taken to the ledger first.
  ///   - isKept: which rows are given back; all count in the summary.
  package func callAsFunction(
    _ request: ReconciliationRequest, takingInbox takesInbox: Bool = true,
    keeping isKept: @escaping @Sendable (ReconciliationEntry) -> Bool = { _ in true }
  ) async throws -> (months: [ReconciledMonth], summary: ReconciliationSummary) {
    let store = try await takesInbox ? database.openForReadingAfterInbox() : database.openForReading()
    let time = (request.asOf ?? world.now()).roundedToMilliseconds
    return try await store.read { reader in
      var kept: [ReconciledMonth] = []
      var summary = ReconciliationSummary()
      try request.run(configuration, at: time, in: reader, into: &summary) { month in
        var month = month
        month.entries = month.entries.filter(isKept)
        if !month.entries.isEmpty { kept.append(month) }
      }
      return (kept, summary)
    }
  }
}

extension ReconciliationRequest {
  /// Reconciles what is asked for, month by month.
  fileprivate func run(
    _ configuration: Configuration, at time: Date, in reader: any StoreReader,
    into summary: inout ReconciliationSummary,
    _ body: (ReconciledMonth) throws -> Void
  ) throws {
    let only = try configuration.knownOrganizations(organizations, in: reader)
    let run = try ReconciliationRun(months, only: only, configuration, now: time, in: reader)
    let known = try run.visit { month in
      guard visible.map({ visible in month.organization.map(visible.contains) ?? false }) ?? true else { return }
      summary.add(month)
      try body(month)
    }
    summary.unknownMonths = months.all.filter { !known.contains($0) }
    summary.knowsNothing = known.isEmpty
  }
}
