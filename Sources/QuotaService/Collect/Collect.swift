import FoundationEssentials
import Logging
import QuotaCore
import Synchronization

extension Service {
  /// How `collect` is to be run.
  package struct CollectOptions: Sendable {
    /// Only these organizations; all if empty.
    package var only: [String] = []
    /// Polls and judges, writes and sends nothing.
    package var dryRun = false
    /// Whether the report lists every organization, not only those that could not be read.
    package var listsOrganizations = false
    /// For how long to send messages after everybody was read, retries included, in seconds; at least 1.
    package var deliveryBudget = 30.0
    /// Told how many organizations are done.
    package var progress: @Sendable (Int) -> Void = { _ in }

    package init() {}
  }

  /// Runs one cycle: poll, store, judge, queue, deliver.
  package func collect(_ options: CollectOptions) async throws -> CollectReport {
    let organizations = try organizations(options.only)
    guard !options.dryRun else { return try await collect(organizations, options, in: try dryRunStore()) }
    return try await withHeartbeat { begin in
      try await running { store in
        begin()
        return try await collect(organizations, options, in: store)
      }
    }
  }

  private func collect(
    _ organizations: [ConfiguredOrganization], _ options: CollectOptions, in store: any UsageStore
  ) async throws -> CollectReport {
    try await onTime(for: store).collectOnTime(organizations, options, in: store)
  }

  private func collectOnTime(
    _ organizations: [ConfiguredOrganization], _ options: CollectOptions, in store: any UsageStore
  ) async throws -> CollectReport {
    let started = world.now()
    let skew = Mutex(ClockSkew())
    let tally = Mutex(CollectReport(startedAt: started, dryRun: options.dryRun))
    let run = try await store.write { writer in
      try writer.register(organizations.map(\.organization))
      try anchorSilences(in: writer, at: started)
      return try writer.beginRun(at: started)
    }
    let compared = Mutex<Set<OrganizationID>>([])
    let refusals = Mutex(RefusalTally(minimum: configuration.breaker.minimum))
    let dispatcher = dispatcher(store)
    let elapsed = world.clock.stopwatch()
    let (requests, count) = try await dispatcher.run(budget: options.deliveryBudget) { ring in
      let source = source { vendorTime, now in skew.withLock { $0.note(vendorTime: vendorTime, now: now) } }
      let requests = try await collector(organizations, source, store) { results, outcome in
        compared.withLock { $0.formUnion(outcome.compared) }
        refusals.withLock { refusals in results.forEach { refusals.add($0.failure) } }
        let done = tally.withLock { $0.add(results, outcome.events, listing: options.listsOrganizations) }
        options.progress(done)
      }.run()
      let scope = BreakerDecision.Scope(
        run: run, organizations: Set(organizations.map(\.organization.id)), compared: compared.withLock { $0 })
      try await endRun(scope, refusals.withLock { $0 }, tally, in: store)
      ring()
      let rest = policy(requests: organizations.count).deadline - elapsed.seconds
      let executions = try await collectExecutions(of: organizations, in: store, deadline: rest)
      tally.withLock { $0.executions = executions }
      return requests
    }
    let ended = world.now()
    let clocks = skew.withLock { $0 }
    if let warning = clocks.warning { world.logger.warning("\(warning)") }
    return try await store.write { writer in
      let (pending, dead) = (try writer.pendingDeliveryCount(), try writer.deadLetters())
      let report = tally.withLock { report in
        report.finish(run: run, at: ended, requests: requests, count, pending: pending, dead)
        return report
      }
      try writer.endRun(run, report.summary, at: ended)
      // A day's worth is far below what one call removes; a longer backlog is worked off by the next runs.
      _ = try writer.thinSnapshots(lastSeenBefore: thinningLimit(at: ended.addingTimeInterval(-clocks.ahead)))
      return report
    }
  }

  private func endRun(
    _ scope: BreakerDecision.Scope, _ refusals: RefusalTally, _ tally: borrowing Mutex<CollectReport>,
    in store: any UsageStore
  ) async throws {
    let now = world.now()
    let organizations = configuration.organizations.map(\.organization)
    let endOfRun = EndOfRun(
      breaker: configuration.breaker, queue: messageQueue, routing: routing,
      doubts: DoubtJudgement(
        rules: configuration.rules, organizations: organizations, routing: routing, billingTimeZone: zone),
      duplicateKeys: DuplicateKeyJudgement(
        configuration.rules, organizations: organizations, routing: routing, billingTimeZone: zone),
      retirement: retirement)
    let outcome = try await store.write { try endOfRun.apply(scope, refusals, to: $0, now: now) }
    tally.withLock { $0.add(outcome.events) }
  }

  private func collector(
    _ organizations: [ConfiguredOrganization], _ source: any UsageSource, _ store: any UsageStore,
    committed: @escaping @Sendable ([Poller.OrganizationResult], BatchCommit.Outcome) async -> Void
  ) -> Collector {
    Collector(
      organizations: organizations, store: store, poller: poller(organizations, source),
      commit: BatchCommit(
        rules: configuration.rules, breaker: configuration.breaker, routing: routing, billingTimeZone: zone),
      policy: policy(requests: organizations.count), now: world.now, committed: committed)
  }

  func poller(_ organizations: [ConfiguredOrganization], _ source: (any UsageSource)? = nil) -> Poller {
    Poller(
      organizations: organizations, source: source ?? self.source(), secrets: world.secrets, clock: world.clock,
      deadline: world.deadline, now: world.now, random: world.random,
      maximumConcurrency: configuration.api.maximumConcurrentRequests)
  }

  /// The limits of a run. Unless configured, its time is what the requests need at the configured rate (twice, for the
  /// month before), and five minutes for retries.
  func policy(requests: Int) -> PollSchedule.Policy {
    let api = configuration.api
    let needed = 2 * Double(requests) / Double(api.requestsPerSecond) + 300
    return PollSchedule.Policy(
      requestsPerSecond: Double(api.requestsPerSecond), retries: api.retries,
      deadline: api.deadline.map { Double($0.seconds) } ?? needed)
  }

  /// A store that answers as if it had written; without a database yet it knows nothing.
  func dryRunStore() throws -> DryRunStore {
    FileManager.default.fileExists(atPath: configuration.databasePath)
      ? DryRunStore(base: try openForReading()) : DryRunStore(base: nil)
  }

  /// The moment up to which snapshots are thinned: a UTC midnight, so that there is something to do once a day.
  private func thinningLimit(at now: Date) -> Date {
    let midnight = Date(timeIntervalSince1970: (now.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
    return midnight - .days(Int64(configuration.retention.thinAfterDays))
  }
}
