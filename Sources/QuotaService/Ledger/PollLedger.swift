import FoundationEssentials
package import QuotaCore
import UsageStore

extension Service {
  /// Asks for every execution of the ledger that has not ended.
  ///
  /// - Parameter only: the organizations whose executions are asked for; all if empty.
  package func pollLedger(only: [String], _ options: FollowOptions) async throws -> FollowReport {
    let ids = Set(try organizations(only).map(\.organization.id))
    let open = try await openForReadingAfterInbox().read { try $0.openExecutions(of: ids) }
    var options = options
    options.givesUp = true
    return try await follow(open.map(\.key), options)
  }

  /// The database for reading, with what waits in the inbox unless another process writes; creates it if there is none yet.
  func openForReadingAfterInbox() async throws -> any UsageStore {
    do {
      try await writing(patience: 0) { _ in }
    } catch let error as ServiceError where error.status == .busy {
      // Whoever writes has made the database.
    }
    return try openForReading()
  }

  /// The ledger's part of a collect: asks once for the executions whose turn it is, as long as there is time.
  ///
  /// - Parameter deadline: when no further request is started, in seconds from now.
  func collectExecutions(
    of organizations: [ConfiguredOrganization], in store: any UsageStore, deadline: Double
  ) async throws -> FollowReport {
    let ids = Set(organizations.map(\.organization.id))
    let now = world.now()
    let open = try await store.read { try $0.openExecutions(of: ids) }
    let due = open.filter { PollingPolicy.isDue($0, at: now) }
    var report = FollowReport()
    report.asked = due.count
    report.open = open.count
    guard !due.isEmpty, deadline > 0 else { return report }
    let commit = AnswerCommit(giveUpAfter: configuration.ledger.giveUpAfter)
    let pool = vendor.executionPool(organizations)
    let jobs = ExecutionJob.all(due.map(\.key), of: organizations)
    let (answers, inlet) = AsyncStream<AskedExecution>.makeStream()
    async let requests = pool.run(jobs, policy: vendor.policy(deadline: deadline), into: inlet)
    for await batch in Batches(of: answers, by: world.clock.stopwatch()) {
      let now = world.now()
      report.add(try await store.write { try commit.apply(batch, to: $0, now: now) })
    }
    _ = try await requests
    return report
  }
}

extension Service {
  /// Follows one execution that was just started.
  package func followExecution(_ key: Execution.Key, _ options: FollowOptions) async throws -> FollowReport {
    try await follow([key], options)
  }
}
