import FoundationEssentials
import QuotaCore
import UsageStore

/// Asks for every execution that has not ended.
package struct PollLedger: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let follow: FollowExecutions

  /// Asks for every execution of the ledger that has not ended.
  ///
  /// - Parameter only: the organizations whose executions are asked for; all if empty.
  package func callAsFunction(only: [String], _ options: FollowExecutions.Options) async throws
    -> FollowExecutions.Report
  {
    let ids = Set(try configuration.organizations(only).map(\.organization.id))
    let open = try await database.openForReadingAfterInbox().read { try $0.openExecutions(of: ids) }
    var options = options
    options.givesUp = true
    return try await follow(open.map(\.key), options)
  }
}

/// Asks for executions in the time that a collect has left.
struct CollectExecutions: Sendable {
  let giveUpAfter: TimeSpan?
  let vendor: Vendor
  let world: World

  /// The ledger's part of a collect: asks once for the executions whose turn it is, as long as there is time.
  ///
  /// - Parameter deadline: when no further request is started, in seconds from now.
  func run(
    of organizations: [ConfiguredOrganization], in store: any UsageStore, deadline: Double
  ) async throws -> FollowExecutions.Report {
    let ids = Set(organizations.map(\.organization.id))
    let now = world.now()
    let open = try await store.read { try $0.openExecutions(of: ids) }
    let due = open.filter { PollingPolicy.isDue($0, at: now) }
    var report = FollowExecutions.Report()
    report.asked = due.count
    report.open = open.count
    guard !due.isEmpty, deadline > 0 else { return report }
    let commit = AnswerCommit(giveUpAfter: giveUpAfter)
    let pool = vendor.executionPool(organizations)
    let jobs = ExecutionJob.all(due.map(\.key), of: organizations)
    _ = try await pool.run(jobs, policy: vendor.policy(deadline: deadline)) { batch in
      let now = world.now()
      report.add(try await store.write { try commit.apply(batch, to: $0, now: now) })
    }
    return report
  }
}
