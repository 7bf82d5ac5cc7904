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
    let tally = CollectTally(report)
    let batcher = ResultBatcher<AskedExecution>(elapsed: world.clock.stopwatch()) { answers in
      let time = world.now()
      tally.note(try await store.write { try commit.apply(answers, to: $0, now: time) })
    }
    do {
      try await executionPoller.ask(
        due.map(\.key), policy: requestPolicy(deadline: deadline), deliver: batcher.add)
    } catch is CancellationError {
      try await batcher.flush()
      throw CancellationError()
    }
    try await batcher.flush()
    return tally.report
  }
}

extension Service {
  /// Follows one execution that was just started.
  package func followExecution(_ key: Execution.Key, _ options: FollowOptions) async throws -> FollowReport {
    try await follow([key], options)
  }
}
