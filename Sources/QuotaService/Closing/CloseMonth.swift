import FoundationEssentials
package import QuotaCore

/// Closes a month.
package struct CloseMonth: Sendable {
  let setup: Setup

  private var zone: TimeZone { setup.configuration.billingTimeZone }

  /// How `close` is to be run.
  package struct Options: Sendable {
    package let month: BillingMonth
    /// Who closes it.
    package let by: String
    /// Only these organizations; all if empty.
    package var only: [String] = []
    /// Closes whatever stands against it, and records what that was.
    package var force = false
    /// Told how many of how many organizations are read.
    package var progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }

    package init(month: BillingMonth, by: String) {
      self.month = month
      self.by = by
    }
  }

  /// What `close` did.
  package struct Report: Sendable {
    package let month: BillingMonth
    package internal(set) var closed: [Closing] = []
    /// Organizations whose month was closed before, which stays as it is.
    package internal(set) var alreadyClosed: [OrganizationID] = []
    /// How many of the closed months may still change, because late results were still possible.
    package var unsettled: Int { closed.count { $0.closedMonth?.isSettled == false } }
  }

  /// Closes a month: reads it once more by name, and freezes its figures in the closing journal.
  ///
  /// All organizations are closed, or none: where something stands against it, that is what comes back as the error.
  /// The reading is judged by the rules like any other; what it brings is delivered by the next run.
  package func callAsFunction(_ options: Options) async throws -> Report {
    let organizations = try setup.configuration.organizations(options.only)
    return try await setup.database.running {
      try await CloseMonth(setup: setup.onTime(for: $0)).run(organizations, options, in: $0)
    }
  }

  func run(
    _ organizations: [ConfiguredOrganization], _ options: Options, in store: any UsageStore
  ) async throws -> Report {
    let end = options.month.period(in: zone).upperBound
    guard options.force || setup.world.now() >= end else {
      throw ServiceError(
        .refused,
        "\(options.month) cannot be closed yet: \(ClosingObstacle.notOver(end: end).message); close it then, "
          + "or close it as it is with --force")
    }
    try await store.write { try $0.register(organizations.map(\.organization)) }
    let open = try await organizationsToClose(organizations, options.month, store)
    let (readings, skew) = try await readOnceMore(open, options, store)
    return try await store.write { writer in
      try freeze(organizations, readings, options, in: writer, ahead: skew.ahead)
    }
  }

  /// How many organizations' months are looked at together.
  private static let chunk = 500

  private func organizationsToClose(
    _ organizations: [ConfiguredOrganization], _ month: BillingMonth, _ store: any UsageStore
  ) async throws -> [ConfiguredOrganization] {
    try await store.read { reader in
      let closed = try reader.closedMonths(of: organizations.map(\.organization.id), from: month, to: month)
      return organizations.filter { closed[$0.organization.id]?[month] == nil }
    }
  }

  /// What came of the last explicit reading of an organization's month.
  private struct LastReading {
    /// The month that the vendor says is current.
    var vendorMonth: BillingMonth?
    var failure: String?
  }

  private func readOnceMore(
    _ organizations: [ConfiguredOrganization], _ options: Options, _ store: any UsageStore
  ) async throws -> ([OrganizationID: LastReading], ClockSkew) {
    var (readings, skew) = ([OrganizationID: LastReading](), ClockSkew())
    guard !organizations.isEmpty else { return (readings, skew) }
    let month = options.month
    let pool = setup.vendor.usagePool(organizations)
    let commit = BatchCommit(setup.configuration, setup.channels.routing)
    let jobs = organizations.indices.map { UsageJob(organization: $0, plan: MonthPlan(only: month)) }
    _ = try await pool.run(jobs, policy: setup.vendor.policy(requests: jobs.count)) { batch in
      let now = setup.world.now()
      _ = try await store.write { try commit.apply(batch, to: $0, now: now) }
      for usage in batch {
        skew.add(usage.skew)
        let failure = usage.failure ?? usage.missingMonths.first?.failure
        readings[usage.organization.organization.id] = LastReading(
          vendorMonth: usage.readings.first?.month, failure: failure?.message)
      }
      options.progress(readings.count, organizations.count)
    }
    return (readings, skew)
  }

  private func freeze(
    _ organizations: [ConfiguredOrganization], _ readings: [OrganizationID: LastReading], _ options: Options,
    in writer: any StoreWriter, ahead: TimeInterval
  ) throws -> Report {
    let now = setup.world.now()
    let month = options.month
    let end = month.period(in: zone).upperBound
    // A clock that is ahead must not take figures for final that may change yet.
    let maySettle = now.addingTimeInterval(-ahead) >= end + Settlement.lateResults
    var report = Report(month: month)
    var obstacles: [(organization: OrganizationID, texts: [String])] = []
    var entries: [ClosingEntry] = []
    let doubts = Dictionary(
      uniqueKeysWithValues: try writer.doubts().filter { $0.month == month }.map { ($0.organization, $0) })
    for start in stride(from: 0, to: organizations.count, by: Self.chunk) {
      let part = organizations[start..<min(start + Self.chunk, organizations.count)].map(\.organization)
      let closed = try writer.closedMonths(of: part.map(\.id), from: month, to: month)
      let months = try writer.months(of: part.map(\.id), from: month, to: month)
      for organization in part {
        guard closed[organization.id]?[month] == nil else {
          report.alreadyClosed.append(organization.id)
          continue
        }
        let usage = months[organization.id]?[month]
        let reading = readings[organization.id]
        let found = ClosingObstacle.all(
          closing: month, end: end, now: now, vendorMonth: reading?.vendorMonth, failure: reading?.failure,
          latest: usage?.snapshot, doubt: doubts[organization.id]
        ).map(\.message)
        if !found.isEmpty { obstacles.append((organization.id, found)) }
        entries.append(entry(organization, usage, forcedBecause: found, options, at: now, maySettle: maySettle))
      }
    }
    guard options.force || obstacles.isEmpty else { throw refusal(of: month, obstacles) }
    var last = try writer.lastClosing()
    for entry in entries {
      let closing = Closing(entry, after: last, hash: ContentDigest.sha256)
      try writer.append(closing)
      report.closed.append(closing)
      last = closing
    }
    if !report.closed.isEmpty {
      try setup.log.note(
        .close,
        "closed \(month) for \(report.closed.count.counted("organization"))\(options.force ? ", by force" : "")",
        of: entries.map(\.organization), objects: report.closed.map { "\($0.sequence)" }, in: writer)
    }
    return report
  }

  private func entry(
    _ organization: Organization, _ usage: MonthUsage?, forcedBecause obstacles: [String], _ options: Options,
    at now: Date, maySettle: Bool
  ) -> ClosingEntry {
    let plan = AgreedPlan(of: organization, in: options.month)
    return ClosingEntry(
      organization: organization.id, month: options.month, timeZone: setup.configuration.billingTimeZoneName,
      action: .close(
        ClosedMonth(
          snapshot: (usage?.snapshot).map(ClosedSnapshot.init),
          quota: usage?.quota ?? organization.quotas[options.month],
          isSettled: maySettle && usage.map { Settlement.isSettled($0.snapshot, in: zone, at: now) } ?? false,
          plan: plan.name, planVersion: plan.version,
          forcedBecause: obstacles.isEmpty ? nil : obstacles.joined(separator: "; "))),
      actedAt: now, actedBy: options.by)
  }

  private func refusal(
    of month: BillingMonth, _ obstacles: [(organization: OrganizationID, texts: [String])]
  ) -> ServiceError {
    let shown = obstacles.prefix(20).map { "\($0.organization): \($0.texts.joined(separator: "; "))" }
    let more = obstacles.count > 20 ? ["and \((obstacles.count - 20).grouped) more"] : []
    return ServiceError(
      .refused,
      lines: shown + more + [
        "\(month) was not closed for anybody; run `quotawatch close \(month)` again when this is mended, name the others "
          + "with --organization, or close it as it is with --force"
      ])
  }
}
