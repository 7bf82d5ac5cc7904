import FoundationEssentials
import QuotaCore
import Synchronization

/// Asks for the usage of many organizations at once: a few workers that take jobs from a schedule.
struct Poller: Sendable {
  let organizations: [ConfiguredOrganization]
  let source: any UsageSource
  let secrets: any SecretSource
  let clock: any Clock<Duration>
  let deadline: @Sendable (_ seconds: Double) async throws -> Void
  let now: @Sendable () -> Date
  let random: @Sendable () -> Double
  let maximumConcurrency: Int

  /// What a run learned of one organization.
  struct OrganizationResult: Sendable {
    let organization: ConfiguredOrganization
    /// The current month first (in a collect), then past months.
    var readings: [Reading]
    /// Why the (current) month could not be read.
    var failure: ReadingFailure?
    /// Past months that could not be read; they are asked for again in a later run.
    var missingMonths: [(month: BillingMonth, failure: ReadingFailure)] = []
  }

  /// Runs all jobs and hands over each organization's result as soon as it is complete. When the time of the policy is
  /// over, requests under way are broken off.
  ///
  /// - Parameters:
  ///   - followUps: the months to ask for by name after the current month was answered.
  ///   - deliver: called from several tasks.
  /// - Returns: how many requests were sent.
  func run(
    _ jobs: [PollJob], policy: PollSchedule.Policy,
    followUps: @Sendable @escaping (Int, Reading) -> [BillingMonth],
    deliver: @Sendable @escaping (OrganizationResult) async throws -> Void
  ) async throws -> Int {
    let shared = Shared(jobs, policy: policy, time: RunTime(clock.stopwatch(), policy, deadline: deadline))
    try await shared.time.run(workers: min(maximumConcurrency, max(1, jobs.count))) {
      try await work(shared, followUps: followUps, deliver: deliver)
    }
    return shared.requests.load(ordering: .relaxed)
  }

  /// What the workers of a run share.
  private final class Shared: Sendable {
    let schedule: Mutex<PollSchedule>
    let requests = Atomic(0)
    let time: RunTime

    init(_ jobs: [PollJob], policy: PollSchedule.Policy, time: RunTime) {
      schedule = Mutex(PollSchedule(jobs, policy: policy))
      self.time = time
    }
  }

  private func work(
    _ shared: Shared, followUps: @Sendable (Int, Reading) -> [BillingMonth],
    deliver: @Sendable (OrganizationResult) async throws -> Void
  ) async throws {
    while true {
      try shared.time.checkInterruption()
      switch shared.schedule.withLock({ $0.next(at: shared.time.seconds) }) {
      case .idle: return
      case .wait(let moment): try await shared.time.sleep(until: moment)
      case .expired(let job, .runOver):
        let failure = ReadingFailure(.deadline, "the run's time was over before this organization could be read")
        try await deliver(result(of: job, failure))
      case .expired(let job, .keyRests(let end)):
        let failure = ReadingFailure(.rateLimited, "the vendor limits the rate" + shared.time.rest(until: end, now()))
        try await deliver(result(of: job, failure))
      case .start(let job):
        shared.requests.add(1, ordering: .relaxed)
        let answer = await ask(job)
        // What an interrupted request came to says nothing of the organization.
        try shared.time.checkInterruption()
        let now = shared.time.seconds
        guard let finished = shared.schedule.withLock({ note(answer, of: job, in: &$0, shared.time, now, followUps) })
        else { continue }
        try await deliver(finished)
      }
    }
  }

  private func ask(_ job: PollJob) async -> Result<Reading, ReadingFailure> {
    let organization = organizations[job.organization]
    do throws(SecretError) {
      let key = try await secrets.secret(organization.apiKey)
      do throws(ReadingFailure) {
        return .success(try await source.reading(of: organization.organization.id, month: job.month, key: key))
      } catch  where error.reason == .deadline {
        return .failure(ReadingFailure(.deadline, "the run's time was over before the vendor had answered"))
      } catch {
        return .failure(error)
      }
    } catch {
      return .failure(ReadingFailure(.keyUnavailable, error.message))
    }
  }

  /// Updates the schedule after an answer; returns the organization's result if that was the last.
  private func note(
    _ answer: Result<Reading, ReadingFailure>, of job: PollJob, in schedule: inout PollSchedule,
    _ time: RunTime, _ seconds: Double, _ followUps: (Int, Reading) -> [BillingMonth]
  ) -> OrganizationResult? {
    switch answer {
    case .failure(let failure):
      switch schedule.failed(job, failure, at: seconds, jitter: random()) {
      case .anotherAttempt: return nil
      case .none: return result(of: job, failure)
      case .keyRests(let end):
        return result(of: job, ReadingFailure(.rateLimited, failure.message + time.rest(until: end, now())))
      }
    case .success(let reading):
      schedule.succeeded(job)
      var next = job
      next.attempts = 0
      next.readings.append(reading)
      if job.month == nil { next.remaining = followUps(job.organization, reading) }
      guard !next.remaining.isEmpty else { return result(of: next, nil) }
      next.month = next.remaining.removeFirst()
      schedule.add(next)
      return nil
    }
  }

  private func result(of job: PollJob, _ failure: ReadingFailure?) -> OrganizationResult {
    var result = OrganizationResult(organization: organizations[job.organization], readings: job.readings)
    guard let failure else { return result }
    if let month = job.month {
      result.missingMonths = ([month] + job.remaining).map { ($0, failure) }
    } else {
      result.failure = failure
    }
    return result
  }
}
