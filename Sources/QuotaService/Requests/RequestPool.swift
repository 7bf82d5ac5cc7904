import FoundationEssentials
import QuotaCore

/// Asks the vendor for many things at once: what a schedule says is started, and each answer goes back to the schedule.
///
/// It alone knows how requests are started and answers arrive; see docs/decisions/0019-one-loop-for-requests.md.
struct RequestPool<Job: RequestJob>: Sendable {
  let organizations: [ConfiguredOrganization]
  let source: Job.Source
  let secrets: any SecretSource
  let clock: any Clock<Duration>
  let deadline: @Sendable (_ seconds: Double) async throws -> Void
  let now: @Sendable () -> Date
  let random: @Sendable () -> Double
  let maximumConcurrency: Int
  /// Where the transport wants those to run that ask.
  var executor: (any TaskExecutor)? = nil

  /// What ends a wait.
  private enum Arrival: Sendable {
    case answer(Job, Result<Job.Outcome?, Job.Failure>)
    /// The moment of the stopwatch for which it was set.
    case alarm(Double)
    case timeOver
  }

  /// How far a run is.
  private struct Progress {
    var schedule: RequestSchedule<Job>
    let elapsed: Stopwatch
    var sent = 0
    /// How many requests are under way.
    var open = 0
    var alarms: Set<Double> = []
    var isOver = false

    /// Since the beginning; infinite once the time is over.
    var seconds: Double { isOver ? .infinity : elapsed.seconds }
  }

  private typealias Arrivals = ThrowingTaskGroup<Arrival, any Error>

  /// Runs all jobs, and takes what comes of them batch by batch, while further requests are under way.
  ///
  /// Throws whenever it was cancelled: what has come then may lack something, even if every request was answered.
  ///
  /// - Returns: how many requests were sent.
  func run(
    _ jobs: [Job], policy: RequestPolicy, taking take: ([Job.Outcome]) async throws -> Void
  ) async throws -> Int {
    try await withTaskExecutorPreference(executor) {
      let (outcomes, inlet) = AsyncStream<Job.Outcome>.makeStream()
      async let sent = run(jobs, policy: policy, into: inlet)
      for await batch in Batches(of: outcomes, by: clock.stopwatch()) { try await take(batch) }
      try Task.checkCancellation()
      return try await sent
    }
  }

  /// Runs all jobs and hands over what came of each as soon as it is complete. When the time of the policy is over,
  /// requests under way are broken off; what a run that is cancelled was still waiting for says nothing.
  ///
  /// - Parameter outcomes: is finished when this returns or throws.
  /// - Returns: how many requests were sent.
  func run(
    _ jobs: [Job], policy: RequestPolicy, into outcomes: AsyncStream<Job.Outcome>.Continuation
  ) async throws -> Int {
    defer { outcomes.finish() }
    var progress = Progress(schedule: RequestSchedule(jobs, policy: policy), elapsed: clock.stopwatch())
    try await withThrowingTaskGroup(of: Arrival.self) { group in
      group.addTask { await timeOver(after: policy.deadline + policy.grace) }
      while send(&progress, in: &group, outcomes), let arrival = try await group.next() {
        try Task.checkCancellation()
        if let outcome = take(arrival, &progress, in: &group) { outcomes.yield(outcome) }
      }
      group.cancelAll()
    }
    return progress.sent
  }

  /// Starts what may be started now; false when nothing is left to start or to wait for.
  private func send(
    _ progress: inout Progress, in group: inout Arrivals, _ outcomes: AsyncStream<Job.Outcome>.Continuation
  ) -> Bool {
    while progress.open < maximumConcurrency {
      switch progress.schedule.next(at: progress.seconds) {
      case .start(let job):
        progress.sent += 1
        progress.open += 1
        group.addTask { await answer(to: job) }
      case .expired(let job, let expiry): outcomes.yield(outcome(of: job, expiry, progress.elapsed))
      case .wait(let moment):
        if progress.alarms.allSatisfy({ $0 > moment }) {
          progress.alarms.insert(moment)
          group.addTask { [elapsed = progress.elapsed] in await alarm(at: moment, elapsed) }
        }
        return true
      case .idle: return progress.open > 0
      }
    }
    return true
  }

  /// Notes what has arrived; returns what has come of a job if that was its last request.
  private func take(_ arrival: Arrival, _ progress: inout Progress, in group: inout Arrivals) -> Job.Outcome? {
    switch arrival {
    case .alarm(let moment): progress.alarms.remove(moment)
    case .timeOver:
      progress.isOver = true
      group.cancelAll()
    case .answer(let job, .success(let outcome)):
      progress.open -= 1
      progress.schedule.succeeded(job)
      if outcome == nil { progress.schedule.add(job) }
      return outcome
    case .answer(let job, .failure(let failure)):
      progress.open -= 1
      switch progress.schedule.failed(job, failure, at: progress.seconds, jitter: random()) {
      case .anotherAttempt: break
      case .none: return outcome(of: job, failure)
      case .keyRests:
        return outcome(of: job, Job.Failure(.rateLimited, failure.message + Self.rest, retry: .never))
      }
    }
    return nil
  }

  /// Runs all jobs and returns what came of them, in the order in which they were complete.
  func outcomes(of jobs: [Job], policy: RequestPolicy) async throws -> [Job.Outcome] {
    var outcomes: [Job.Outcome] = []
    _ = try await run(jobs, policy: policy) { outcomes += $0 }
    return outcomes
  }

  private func answer(to job: Job) async -> Arrival {
    var job = job
    let organization = organizations[job.organization]
    do throws(SecretError) {
      let key = try await secrets.secret(organization.apiKey)
      do throws(Job.Failure) {
        let outcome = try await job.attempt(at: source, of: organization, key: key)
        return .answer(job, .success(outcome))
      } catch  where error.reason == .deadline {
        let message = "\(Job.time) was over before the vendor had answered"
        return .answer(job, .failure(Job.Failure(.deadline, message, retry: .never)))
      } catch {
        return .answer(job, .failure(error))
      }
    } catch {
      return .answer(job, .failure(Job.Failure(.keyUnavailable, error.message, retry: .never)))
    }
  }

  private func alarm(at moment: Double, _ elapsed: Stopwatch) async -> Arrival {
    try? await elapsed.sleep(until: moment)
    return .alarm(moment)
  }

  private func timeOver(after seconds: Double) async -> Arrival {
    try? await deadline(max(0, seconds))
    return .timeOver
  }

  private func outcome(of job: Job, _ failure: Job.Failure) -> Job.Outcome {
    job.outcome(of: organizations[job.organization], after: failure)
  }

  private func outcome(of job: Job, _ expiry: RequestSchedule<Job>.Expiry, _ elapsed: Stopwatch) -> Job.Outcome {
    switch expiry {
    case .runOver:
      let message = "\(Job.time) was over before the vendor could be asked"
      return outcome(of: job, Job.Failure(.deadline, message, retry: .never))
    case .keyRests:
      return outcome(of: job, Job.Failure(.rateLimited, "the vendor limits the rate" + Self.rest, retry: .never))
    }
  }

  /// What to say of a key that may not be used again within the run.
  private static var rest: String {
    "; it wants a pause with this key beyond \(Job.time), and the next run asks again"
  }
}
