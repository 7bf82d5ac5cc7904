import FoundationEssentials
package import QuotaCore

/// Fills past months in.
package struct Backfill: Sendable {
  let setup: Setup

  private var zone: TimeZone { setup.configuration.billingTimeZone }

  /// How `backfill` is to be run.
  package struct Options: Sendable {
    package let months: ClosedRange<BillingMonth>
    /// Only these organizations; all if empty.
    package var only: [String] = []
    /// Asks for settled months again too.
    package var refresh = false
    /// Told how many of how many months are done.
    package var progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }

    package init(months: ClosedRange<BillingMonth>) {
      self.months = months
    }
  }

  /// What a backfill did.
  package struct Report: Sendable {
    package struct Missing: Sendable {
      package let organization: OrganizationID
      package let month: BillingMonth
      package let failure: ReadingFailure
    }

    /// Months that were asked for and stored.
    package internal(set) var stored = 0
    /// Months that were known and needed no asking.
    package internal(set) var skipped = 0
    package internal(set) var missing: [Missing] = []

    package var status: ExitStatus { missing.isEmpty ? .success : .unread }
  }

  /// Asks for past months one by one and stores them. It judges nothing but changes of closed months: what else is in old
  /// months is no news.
  ///
  /// A run that is interrupted leaves what it has stored, and the next one goes on from there.
  package func callAsFunction(_ options: Options) async throws -> Report {
    let organizations = try setup.configuration.organizations(options.only)
    return try await setup.database.running {
      try await Backfill(setup: setup.onTime(for: $0)).run(organizations, options, in: $0)
    }
  }

  func run(
    _ organizations: [ConfiguredOrganization], _ options: Options, in store: any UsageStore
  ) async throws -> Report {
    let current = BillingMonth(containing: setup.world.now(), in: zone)
    if let current, options.months.upperBound > current {
      throw ServiceError(
        .usage, "\(options.months.upperBound) has not begun; the latest month to ask for is \(current)")
    }
    try await store.write { try $0.register(organizations.map(\.organization)) }
    let jobs = try await backfillJobs(organizations, options, store)
    let total = organizations.count * options.months.count
    var report = Report(skipped: total - jobs.count)
    options.progress(total - jobs.count, total)
    let judgement = ClosedMonthJudgement(
      setup.configuration.rules, routing: setup.channels.routing, billingTimeZone: zone)
    let policy = setup.vendor.policy(requests: jobs.count)
    _ = try await setup.vendor.usagePool(organizations).run(jobs, policy: policy) { results in
      let now = setup.world.now()
      try await store.write { [rules = setup.configuration.rules] writer in
        var profiles = ProfileKeeping(rules, zone: zone)
        let states = try writer.states(of: results.map(\.organization.organization.id))
        let closed = try ClosedMonths(
          of: results.flatMap { result in
            result.readings.map { ($0.organization, $0.month) }.filter { $0.1 != current }
          }, writer)
        for result in results {
          let organization = result.organization.organization
          var months: [ObservedMonth] = []
          for reading in result.readings {
            let closed = closed[organization.id, reading.month]
            let known = try writer.month(of: reading)
            let usage = try writer.record(
              reading, after: known, quota: organization.quotas[reading.month], freezesQuota: reading.month != current,
              asked: true)
            months.append(
              ObservedMonth(
                snapshot: usage.snapshot, before: known?.snapshot, quota: usage.quota,
                period: reading.month.period(in: zone)))
            guard let closed else { continue }
            try judgement.apply(usage, before: known?.snapshot, closed: closed, of: organization, to: writer, now: now)
          }
          // What past months came to is what a forecast begins with.
          guard let state = states[organization.id], !months.isEmpty else { continue }
          _ = try profiles.profile(state, months, of: organization.id, in: writer, now: now)
        }
      }
      report.add(results)
      options.progress(report.skipped + report.stored + report.missing.count, total)
    }
    return report
  }

  private func backfillJobs(
    _ organizations: [ConfiguredOrganization], _ options: Options, _ store: any UsageStore
  ) async throws -> [UsageJob] {
    let (now, zone) = (setup.world.now(), self.zone)
    let range = options.months
    let known: [OrganizationID: Set<BillingMonth>] =
      options.refresh
      ? [:]
      : try await store.read { reader in
        var known: [OrganizationID: Set<BillingMonth>] = [:]
        try reader.visitMonths(from: range.lowerBound, to: range.upperBound, organization: nil) { month in
          let snapshot = month.usage.snapshot
          if Self.needsNoAsking(snapshot, zone: zone, now: now) {
            known[snapshot.organization, default: []].insert(snapshot.month)
          }
        }
        return known
      }
    let months = (0...(range.upperBound.ordinal - range.lowerBound.ordinal)).compactMap(range.lowerBound.advanced)
    return organizations.indices.flatMap { index in
      let resting = known[organizations[index].organization.id] ?? []
      return months.filter { !resting.contains($0) }.map { UsageJob(organization: index, month: $0) }
    }
  }

  /// Whether a month is settled, or was seen so lately that asking again could not settle it.
  private static func needsNoAsking(_ snapshot: Snapshot, zone: TimeZone, now: Date) -> Bool {
    guard snapshot.lastSeenAt <= now else { return false }
    if Settlement.isSettled(snapshot, in: zone, at: now) { return true }
    let end = snapshot.month.period(in: zone).upperBound
    return snapshot.lastSeenAt >= end + Settlement.lateResults
      && snapshot.lastSeenAt.isLess(than: Settlement.unchanged, before: now)
  }
}

extension MonthReader {
  /// What was stored of a reading's month before it.
  fileprivate func month(of reading: Reading) throws -> MonthUsage? {
    let month = reading.month
    return try months(of: [reading.organization], from: month, to: month)[reading.organization]?[month]
  }
}

extension ClosedRange<BillingMonth> {
  /// How many months.
  package var count: Int { upperBound.ordinal - lowerBound.ordinal + 1 }
}

extension Backfill.Report {
  fileprivate init(skipped: Int) {
    self.skipped = skipped
  }

  fileprivate mutating func add(_ results: [OrganizationUsage]) {
    for result in results {
      stored += result.readings.count
      missing += result.missingMonths.map {
        Missing(organization: result.organization.organization.id, month: $0.month, failure: $0.failure)
      }
    }
  }
}
