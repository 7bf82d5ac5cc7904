import FoundationEssentials
import Logging
import QuotaCore

/// One run, stage by stage: requests out, answers in, batches committed, the run's end, executions, the report.
struct CollectCycle: Sendable {
  let setup: Setup
  let organizations: [ConfiguredOrganization]
  let options: CollectUsage.Options
  let store: any UsageStore
  private let channels: Channels

  /// How many organizations are looked up at once.
  private static let chunk = 500

  init(
    setup: Setup, organizations: [ConfiguredOrganization], options: CollectUsage.Options, store: any UsageStore
  ) {
    self.setup = setup
    self.organizations = organizations
    self.options = options
    self.store = store
    channels = setup.channels
  }

  private var chunks: some Sequence<Range<Int>> {
    stride(from: 0, to: organizations.count, by: Self.chunk).lazy.map {
      $0..<min($0 + Self.chunk, organizations.count)
    }
  }

  private var configuration: Configuration { setup.configuration }
  var world: World { setup.world }
  var commit: BatchCommit { BatchCommit(configuration, channels.routing) }

  func run() async throws -> CollectReport {
    let started = world.now()
    let elapsed = world.clock.stopwatch()
    let policy = setup.vendor.policy(requests: organizations.count)
    var tally = newTally(at: started)
    let dispatcher = channels.dispatcher(store)
    let run = try await store.write { try begin(at: started, in: $0) }
    let (requests, deliveries) = try await dispatcher.run(budget: options.deliveryBudget) { ring in
      let requests = try await collectUsage(policy, into: &tally)
      let now = world.now()
      tally.report.add(try await store.write { [tally] in try end(run, tally, at: now, in: $0) })
      ring()
      tally.report.executions = try await executions.run(
        of: organizations, in: store, deadline: policy.deadline - elapsed.seconds)
      return requests
    }
    let report = try await finish(run, tally, requests: requests, deliveries)
    warnOfClock(report)
    return report
  }

  /// Asks for the executions that have not ended.
  var executions: CollectExecutions {
    CollectExecutions(giveUpAfter: configuration.ledger.giveUpAfter, vendor: setup.vendor, world: world)
  }

  /// What a run that has just begun knows.
  func newTally(at started: Date) -> CollectTally {
    CollectTally(
      CollectReport(startedAt: started, dryRun: options.dryRun), breaker: configuration.breaker,
      listsOrganizations: options.listsOrganizations)
  }

  func warnOfClock(_ report: CollectReport) {
    if let warning = report.clockWarning(onlyNews: options.tellsOnlyNews && !options.dryRun) {
      world.logger.warning("\(warning)")
    }
  }

  /// Makes the organizations known, and the run.
  func begin(at started: Date, in writer: any StoreWriter) throws -> Int64 {
    for chunk in chunks { try writer.register(organizations[chunk].map(\.organization)) }
    try world.anchorSilences(in: writer, at: started)
    return try writer.beginRun(at: started)
  }

  /// Reads everybody, and stores and judges what comes, batch by batch. What was gathered is committed even if the run is
  /// cancelled.
  ///
  /// - Returns: how many requests were sent.
  func collectUsage(_ policy: RequestPolicy, into tally: inout CollectTally) async throws -> Int {
    let (pool, jobs) = (setup.vendor.usagePool(organizations), try await jobs())
    let commit = commit
    return try await pool.run(jobs, policy: policy) { batch in
      let now = world.now()
      let outcome = try await store.write { try commit.apply(batch, to: $0, now: now) }
      tally.add(batch, outcome)
      options.progress(tally.report.summary.organizations)
    }
  }

  /// What is to be asked: of each organization the current month, and the past months that are due by what is known of
  /// them.
  func jobs() async throws -> [UsageJob] {
    var jobs: [UsageJob] = []
    jobs.reserveCapacity(organizations.count)
    let now = world.now()
    // The vendor's current month may be the one after ours, or before.
    let oldest = BillingMonth(containing: now, in: configuration.billingTimeZone)?.advanced(by: -2)
    for chunk in chunks {
      let ids = organizations[chunk].map(\.organization.id)
      let months = try await store.read { reader in
        try reader.standings(of: ids, settledSince: oldest ?? BillingMonth.all.first)
      }
      for (index, id) in zip(chunk, ids) {
        let plan = MonthPlan(months[id] ?? [], now: now)
        // Most plans are alike, and one stands for all that are in a row.
        let isAlike = plan == jobs.last?.plan
        jobs.append(UsageJob(organization: index, plan: isAlike ? jobs.last?.plan : plan))
      }
    }
    return jobs
  }

  /// Judges the figures as a whole, and makes messages of what there is to tell.
  func end(_ run: Int64, _ tally: CollectTally, at now: Date, in writer: any StoreWriter) throws -> [Event] {
    let scope = BreakerDecision.Scope(
      run: run, organizations: Set(organizations.map(\.organization.id)), compared: tally.compared)
    return try EndOfRun(setup, channels).apply(scope, tally.refusals, to: writer, now: now)
  }

  /// Records the run's end, and thins old snapshots.
  private func finish(
    _ run: Int64, _ tally: CollectTally, requests: Int, _ deliveries: DeliveryCount
  ) async throws -> CollectReport {
    let ended = world.now()
    return try await store.write { [report = tally.report] writer in
      var report = report
      report.finish(
        run: run, at: ended, requests: requests, deliveries, pending: try writer.pendingDeliveryCount(),
        try writer.deadLetters())
      try writer.endRun(run, report.summary, at: ended)
      report.troubles = try writer.exchangeTroubles(
        of: Set(organizations.map(\.organization.id)), for: report.found + channelTroubles(writer))
      // A day's worth is far below what one call removes; a longer backlog is worked off by the next runs.
      _ = try writer.thinSnapshots(lastSeenBefore: thinningLimit(at: ended.addingTimeInterval(-tally.skew.ahead)))
      return report
    }
  }

  /// The channels that take nothing.
  private func channelTroubles(_ reader: any StoreReader) throws -> [Trouble] {
    try configuration.notifiers.compactMap { entry in
      let health = try reader.health(of: entry.id)
      return health.isSick ? Trouble("notifier \(entry.id)", because: health.disabled == nil ? "fails" : "dead") : nil
    }
  }

  /// The moment up to which snapshots are thinned: a UTC midnight, so that there is something to do once a day.
  private func thinningLimit(at now: Date) -> Date {
    let midnight = Date(timeIntervalSince1970: (now.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
    return midnight - .days(Int64(configuration.retention.thinAfterDays))
  }
}
