import FoundationEssentials
import QuotaCore
import Synchronization

/// An execution that the vendor is to be asked for.
struct ExecutionJob: RequestJob, Sendable {
  let key: Execution.Key
  let organization: Int
  var attempts = 0
}

/// What the vendor said of an execution.
struct AskedExecution: Sendable {
  let key: Execution.Key
  let result: Result<ExecutionAnswer, ExecutionFailure>
}

extension ExecutionFailure: RequestFailure {
  var isRateLimit: Bool { reason == .rateLimited }
}

/// Asks for the state of many executions at once: a few workers that take jobs from a schedule.
struct ExecutionPoller: Sendable {
  let organizations: [ConfiguredOrganization]
  let source: any ExecutionSource
  let secrets: any SecretSource
  let clock: any Clock<Duration>
  let deadline: @Sendable (_ seconds: Double) async throws -> Void
  let now: @Sendable () -> Date
  let random: @Sendable () -> Double
  let maximumConcurrency: Int

  /// Asks for each once, with retries as the policy allows.
  ///
  /// - Parameter deliver: called from several tasks with each answer.
  /// - Returns: how many requests were sent.
  @discardableResult
  func ask(
    _ keys: [Execution.Key], policy: RequestPolicy,
    deliver: @Sendable @escaping (AskedExecution) async throws -> Void
  ) async throws -> Int {
    let places = Dictionary(uniqueKeysWithValues: organizations.enumerated().map { ($1.organization.id, $0) })
    let jobs = keys.compactMap { key in
      places[key.organization].map { ExecutionJob(key: key, organization: $0) }
    }
    let shared = Shared(jobs, policy: policy, time: RunTime(clock.stopwatch(), policy, deadline: deadline))
    try await shared.time.run(workers: min(maximumConcurrency, max(1, jobs.count))) {
      try await work(shared, deliver)
    }
    return shared.requests.load(ordering: .relaxed)
  }

  /// What the workers share.
  private final class Shared: Sendable {
    let schedule: Mutex<RequestSchedule<ExecutionJob>>
    let requests = Atomic(0)
    let time: RunTime

    init(_ jobs: [ExecutionJob], policy: RequestPolicy, time: RunTime) {
      schedule = Mutex(RequestSchedule(jobs, policy: policy))
      self.time = time
    }
  }

  private func work(_ shared: Shared, _ deliver: @Sendable (AskedExecution) async throws -> Void) async throws {
    while true {
      try shared.time.checkInterruption()
      switch shared.schedule.withLock({ $0.next(at: shared.time.seconds) }) {
      case .idle: return
      case .wait(let moment): try await shared.time.sleep(until: moment)
      case .expired(let job, .runOver):
        let failure = ExecutionFailure(.deadline, "the time was over before the vendor could be asked")
        try await deliver(AskedExecution(key: job.key, result: .failure(failure)))
      case .expired(let job, .keyRests(let end)):
        let failure = ExecutionFailure(.rateLimited, "the vendor limits the rate" + shared.time.rest(until: end, now()))
        try await deliver(AskedExecution(key: job.key, result: .failure(failure)))
      case .start(let job):
        shared.requests.add(1, ordering: .relaxed)
        let result = await ask(job)
        try shared.time.checkInterruption()
        let seconds = shared.time.seconds
        let aftermath = shared.schedule.withLock { schedule in
          guard case .failure(let failure) = result else {
            schedule.succeeded(job)
            return RequestSchedule<ExecutionJob>.Aftermath.none
          }
          return schedule.failed(job, failure, at: seconds, jitter: random())
        }
        if aftermath != .anotherAttempt { try await deliver(AskedExecution(key: job.key, result: result)) }
      }
    }
  }

  private func ask(_ job: ExecutionJob) async -> Result<ExecutionAnswer, ExecutionFailure> {
    do throws(SecretError) {
      let key = try await secrets.secret(organizations[job.organization].apiKey)
      do throws(ExecutionFailure) {
        return .success(try await source.status(of: job.key.id, kind: job.key.kind, key: key))
      } catch  where error.reason == .deadline {
        return .failure(ExecutionFailure(.deadline, "the time was over before the vendor had answered"))
      } catch {
        return .failure(error)
      }
    } catch {
      return .failure(ExecutionFailure(.keyUnavailable, error.message))
    }
  }
}

extension Service {
  /// Asks with the configured keys, pace and number of requests at a time.
  var executionPoller: ExecutionPoller {
    ExecutionPoller(
      organizations: configuration.organizations, source: executions, secrets: world.secrets, clock: world.clock,
      deadline: world.deadline, now: world.now, random: world.random,
      maximumConcurrency: configuration.api.maximumConcurrentRequests)
  }

  /// The limits of asking for executions.
  ///
  /// - Parameters:
  ///   - seconds: when no further attempt is started.
  ///   - grace: for how long after that one may go on, in seconds.
  func requestPolicy(deadline seconds: Double, grace: Double = 0) -> RequestPolicy {
    RequestPolicy(
      requestsPerSecond: Double(configuration.api.requestsPerSecond), retries: configuration.api.retries,
      deadline: seconds, grace: grace)
  }
}
