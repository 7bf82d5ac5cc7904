import DocuTrayAPI
import FoundationEssentials
import QuotaCore

/// The vendor's API, reached as the configuration says: its address, pace, retries and number of requests at a time.
struct Vendor: Sendable {
  let api: APIConfiguration
  let world: World

  var usage: any UsageSource {
    DocuTrayAPI(
      transport: world.http, baseURL: api.baseURL, timeout: api.timeout, caFile: api.caFile,
      allowsPlainHTTP: api.allowsPlainHTTP, now: world.now)
  }

  var executions: any ExecutionSource {
    DocuTrayExecutions(
      transport: world.http, baseURL: api.baseURL, timeout: api.timeout, caFile: api.caFile,
      allowsPlainHTTP: api.allowsPlainHTTP, now: world.now)
  }

  /// - Parameter organizations: those to which the places of jobs refer.
  func usagePool(_ organizations: [ConfiguredOrganization]) -> RequestPool<UsageJob> {
    pool(organizations, usage)
  }

  func executionPool(_ organizations: [ConfiguredOrganization]) -> RequestPool<ExecutionJob> {
    pool(organizations, executions)
  }

  private func pool<Job>(_ organizations: [ConfiguredOrganization], _ source: Job.Source) -> RequestPool<Job> {
    RequestPool(
      organizations: organizations, source: source, secrets: world.secrets, clock: world.clock,
      deadline: world.deadline, now: world.now, random: world.random,
      maximumConcurrency: api.maximumConcurrentRequests, executor: world.http.executor)
  }

  /// The limits of a run. Unless configured, its time is what the requests need at the configured rate (twice, for the
  /// month before), and five minutes for retries.
  func policy(requests: Int) -> RequestPolicy {
    let needed = 2 * Double(requests) / Double(api.requestsPerSecond) + 300
    return policy(deadline: api.deadline.map { Double($0.seconds) } ?? needed)
  }

  /// - Parameters:
  ///   - seconds: when no further attempt is started.
  ///   - grace: for how long after that one may go on, in seconds.
  func policy(deadline seconds: Double, grace: Double = 0) -> RequestPolicy {
    RequestPolicy(
      requestsPerSecond: Double(api.requestsPerSecond), retries: api.retries, deadline: seconds, grace: grace)
  }
}
