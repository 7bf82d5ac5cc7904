import FoundationEssentials
import QuotaCore

/// One collect cycle: poll, store, judge, queue.
struct Collector: Sendable {
  let organizations: [ConfiguredOrganization]
  let store: any UsageStore
  let poller: Poller
  let commit: BatchCommit
  let policy: PollSchedule.Policy
  let now: @Sendable () -> Date
  /// Called after each commit with what it brought.
  let committed: @Sendable ([Poller.OrganizationResult], BatchCommit.Outcome) async -> Void

  /// A past month is asked for at most this often.
  static let pastMonthInterval = TimeSpan.hours(1)
  /// How many organizations' states are read at once.
  private static let chunk = 500

  /// Polls every organization. Results that were gathered are committed even if the run is cancelled.
  ///
  /// - Returns: how many requests were sent.
  func run() async throws -> Int {
    let plans = try await monthPlans()
    let jobs = organizations.indices.map { PollJob(organization: $0) }
    let batcher = ResultBatcher<Poller.OrganizationResult>(elapsed: poller.clock.stopwatch()) { results in
      let time = now()
      let outcome = try await store.write { try commit.apply(results, to: $0, now: time) }
      await committed(results, outcome)
    }
    let requests: Int
    do {
      requests = try await poller.run(
        jobs, policy: policy, followUps: { plans[$0].dueMonths(after: $1) }, deliver: batcher.add)
    } catch is CancellationError {
      try await batcher.flush()
      throw CancellationError()
    }
    try await batcher.flush()
    return requests
  }

  /// What is known of each organization's months, as far as it decides which past months to ask for.
  private func monthPlans() async throws -> [MonthPlan] {
    var plans: [MonthPlan] = []
    plans.reserveCapacity(organizations.count)
    let time = now()
    for start in stride(from: 0, to: organizations.count, by: Self.chunk) {
      let ids = organizations[start..<min(start + Self.chunk, organizations.count)].map(\.organization.id)
      let states = try await store.read { try $0.states(of: ids) }
      plans += ids.map { MonthPlan(states[$0], zone: commit.billingTimeZone, now: time) }
    }
    return plans
  }
}

/// Which past months of an organization need no asking, and which older ones still do.
struct MonthPlan: Sendable {
  /// Settled, or asked for a short while ago.
  private var resting: [BillingMonth] = []
  /// Neither, though their values are known.
  private var open: [BillingMonth] = []

  init(_ state: OrganizationState?, zone: TimeZone, now: Date) {
    for (month, usage) in state?.months ?? [:] {
      let askedLately = usage.askedAt?.isLess(than: Collector.pastMonthInterval, before: now) ?? false
      if askedLately || Settlement.isSettled(usage.snapshot, in: zone, at: now) {
        resting.append(month)
      } else {
        open.append(month)
      }
    }
  }

  /// The past months to ask for by name, now that the current one is known: the month before, and older ones that were
  /// never seen to settle.
  func dueMonths(after current: Reading) -> [BillingMonth] {
    var due = Set(open.filter { $0 < current.month })
    if let before = current.month.advanced(by: -1), !resting.contains(before) { due.insert(before) }
    return due.sorted(by: >)
  }
}
