import FoundationEssentials
package import QuotaCore
package import Reports

/// What a FOCUS report says and could not say.
package struct FocusOmissions: Hashable, Sendable {
  /// Months of organizations that were never read.
  package var neverRead = 0
  /// Months of organizations for which no price is agreed.
  package var withoutPrices = 0
  /// Months of organizations that are in the report.
  package var written = 0

  /// Whether there was nothing to be said.
  package var isNothingKnown: Bool { written == 0 && withoutPrices == 0 }

  /// Such as `3 months of organizations have no rows, because they were never read`.
  package var notes: [String] {
    [
      (neverRead, "it was never read", "they were never read"),
      (withoutPrices, "no price is known that it is held against", "no prices are known that they are held against"),
    ].filter { $0.0 > 0 }.map { count, one, several in
      count == 1
        ? "1 month of an organization has no rows, because \(one)"
        : "\(count.grouped) months of organizations have no rows, because \(several)"
    }
  }
}

/// Writes a FOCUS report.
package struct ExportFocus: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  /// Writes what the plans say that months cost, as FOCUS; see `docs/reports.md`.
  ///
  /// - Parameters:
  ///   - organizations: only these; all that are configured or closed for an empty list.
  ///   - destination: a file is replaced as a whole.
  package func callAsFunction(
    _ months: ClosedRange<BillingMonth>, organizations ids: [String], version: FocusVersion,
    to destination: ReportDestination
  ) async throws -> FocusOmissions {
    let now = world.now()
    return try await database.openForReading().read { reader in
      let run = try FocusRun(months, ids, configuration, now: now, reader)
      var omissions = FocusOmissions()
      try destination.write { sink in
        var report = FocusReport(version: version, to: sink)
        try run.visit(&omissions) { try report.write($0) }
        try report.finish()
      }
      return omissions
    }
  }
}

/// Shows what plans say that months cost.
package struct ReadFocus: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  /// What the report has, for showing it.
  package func callAsFunction(
    _ months: ClosedRange<BillingMonth>, organizations ids: [String]
  ) async throws -> (months: [FocusMonth], omissions: FocusOmissions) {
    let now = world.now()
    return try await database.openForReading().read { reader in
      let run = try FocusRun(months, ids, configuration, now: now, reader)
      var omissions = FocusOmissions()
      var found: [FocusMonth] = []
      try run.visit(&omissions) { found.append($0) }
      return (found, omissions)
    }
  }
}

/// Works out the months one after the other, some organizations at a time.
private struct FocusRun {
  private let months: ClosedRange<BillingMonth>
  private let organizations: [Organization]
  private let plans: [String: PricePlan]
  private let zone: TimeZone
  private let now: Date
  private let reader: any StoreReader

  /// How many organizations are read at once.
  private static let chunk = 500

  /// - Parameter ids: all that are configured or closed for an empty list.
  init(
    _ months: ClosedRange<BillingMonth>, _ ids: [String], _ configuration: Configuration, now: Date,
    _ reader: any StoreReader
  ) throws {
    self.months = months
    self.now = now
    self.reader = reader
    organizations = try configuration.organizationsWithClosed(
      in: months, configuration.knownOrganizations(ids, in: reader), reader)
    plans = configuration.plans
    zone = configuration.billingTimeZone
  }

  func visit(_ omissions: inout FocusOmissions, _ body: (FocusMonth) throws -> Void) throws {
    for start in stride(from: 0, to: organizations.count, by: Self.chunk) {
      let part = Array(organizations[start..<min(start + Self.chunk, organizations.count)])
      try MonthFigures.visit(part, months, reader) { organization, month, figures in
        guard let figures else { return omissions.neverRead += 1 }
        let plan =
          figures.closed.map { AgreedPlan(of: $0, in: month, among: plans) } ?? AgreedPlan(of: organization, in: month)
        guard let calculation = plan.prices?.calculation(of: month, figures.counters) else {
          return omissions.withoutPrices += 1
        }
        omissions.written += 1
        try body(
          FocusMonth(
            organization, calculation, periodStatus: figures.status(in: zone, at: now), snapshot: figures.snapshot,
            in: zone))
      }
    }
  }
}

/// The figures of a month that count: those that it was closed with, or else the latest.
private struct MonthFigures {
  let snapshot: Int64
  let counters: Counters
  /// What it was closed with.
  let closed: ClosedMonth?
  private let latest: Snapshot?

  /// Nil for a month that was never read, or was closed without a reading.
  private init?(closing: Closing?, latest: MonthUsage?) {
    closed = closing?.closedMonth
    if let closed {
      guard let read = closed.snapshot else { return nil }
      (snapshot, counters, self.latest) = (read.id, read.counters, nil)
    } else {
      guard let latest else { return nil }
      (snapshot, counters, self.latest) = (latest.snapshot.id, latest.snapshot.counters, latest.snapshot)
    }
  }

  func status(in zone: TimeZone, at now: Date) -> PeriodStatus {
    guard let latest else { return .closed }
    return Settlement.isSettled(latest, in: zone, at: now) ? .settled : .open
  }

  /// Visits every month of these organizations in order.
  static func visit(
    _ organizations: [Organization], _ months: ClosedRange<BillingMonth>, _ reader: any StoreReader,
    _ body: (Organization, BillingMonth, MonthFigures?) throws -> Void
  ) throws {
    let ids = organizations.map(\.id)
    let stored = try reader.months(of: ids, from: months.lowerBound, to: months.upperBound)
    let closed = try reader.closedMonths(of: ids, from: months.lowerBound, to: months.upperBound)
    for organization in organizations {
      var month: BillingMonth? = months.lowerBound
      while let current = month, current <= months.upperBound {
        let closing = closed[organization.id]?[current]
        try body(
          organization, current, MonthFigures(closing: closing, latest: stored[organization.id]?[current]))
        month = current.advanced(by: 1)
      }
    }
  }
}
