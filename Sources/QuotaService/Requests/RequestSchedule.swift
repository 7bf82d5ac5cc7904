import DequeModule
import HeapModule
import QuotaCore

/// The limits of a run's requests.
struct RequestPolicy {
  /// Requests started per second.
  let requestsPerSecond: Double
  /// How often one request is tried again.
  let retries: Int
  /// When no further attempt is started, in seconds since the run began.
  let deadline: Double
  /// For how long after that a request may go on that was started before, in seconds.
  var grace = 0.0
}

/// Decides which request is started next and when: pacing, retries and rate limits of one run.
///
/// Pure: time is what the caller says it is, in seconds since the run began. Who asks gets a job, a moment to ask
/// again, or the word that nothing is left.
struct RequestSchedule<Job: RequestJob> {
  enum Step {
    case start(Job)
    /// Nothing may start before this moment.
    case wait(until: Double)
    /// Nothing is left to start; jobs under way may still come back.
    case idle
    /// There is no time left for this job.
    case expired(Job, Expiry)
  }

  /// Why there is no time left for a job.
  enum Expiry: Equatable {
    case runOver
    /// The vendor wants no request with its key before the run's end.
    case keyRests
  }

  /// What follows a failed attempt.
  enum Aftermath: Equatable {
    case anotherAttempt
    case none
    /// None, since the vendor wants no request with this key before the run's end.
    case keyRests
  }

  private let policy: RequestPolicy
  private var ready: Deque<Job>
  private var delayed = Heap<Delayed>()
  private var order = 0
  private var pacing: Pacing
  private var limits = RateLimitWatch()
  /// Until when the vendor wants no request with an organization's key.
  private var resting: [Int: Double] = [:]

  /// The first backoff, in seconds, and the longest.
  private static var backoff: (base: Double, cap: Double) { (0.5, 30) }
  /// For how long everybody waits at once when many keys are limited, in seconds at the most, and for which share of the
  /// run's time in all: keys may be limited one by one, and those that are not have to be read all the same.
  private static var pause: (longest: Double, share: Double) { (5, 0.1) }
  /// In which share of the time that is left a slowed run still has to be able to ask for everybody.
  private static var timeForRest: Double { 0.8 }

  init(_ jobs: [Job], policy: RequestPolicy) {
    self.policy = policy
    self.ready = Deque(jobs)
    self.pacing = Pacing(requestsPerSecond: policy.requestsPerSecond)
  }

  /// What to do at a moment.
  mutating func next(at now: Double) -> Step {
    putBackResting(at: now)
    let dueRetry = delayed.min.map { $0.notBefore <= now } ?? false
    guard dueRetry || !ready.isEmpty else {
      return delayed.min.map { .wait(until: $0.notBefore) } ?? .idle
    }
    if now < policy.deadline, let moment = pacing.delayedStart(at: now) { return .wait(until: moment) }
    guard let job = dueRetry ? delayed.popMin()?.job : ready.popFirst() else { return .idle }
    guard now < policy.deadline else { return .expired(job, .runOver) }
    if restsTooLong(job, at: now) { return .expired(job, .keyRests) }
    pacing.started(at: now)
    return .start(job)
  }

  /// Moves what would be next to the end of its key's rest; what would be too late then is left to expire.
  private mutating func putBackResting(at now: Double) {
    guard !resting.isEmpty else { return }
    func end(of job: Job) -> Double? {
      resting[job.organization].flatMap { now < $0 && $0 < policy.deadline ? $0 : nil }
    }
    while let first = delayed.min, first.notBefore <= now, let end = end(of: first.job) {
      _ = delayed.popMin()
      delay(first.job, until: end)
    }
    while let first = ready.first, let end = end(of: first) { delay(ready.removeFirst(), until: end) }
  }

  private mutating func delay(_ job: Job, until moment: Double) {
    order += 1
    delayed.insert(Delayed(notBefore: moment, order: order, job: job))
  }

  /// Whether a job's key rests beyond the run's end.
  private func restsTooLong(_ job: Job, at now: Double) -> Bool {
    resting[job.organization].map { now < $0 && $0 >= policy.deadline } ?? false
  }

  /// Adds a job that follows from an answer.
  mutating func add(_ job: Job) {
    ready.append(job)
  }

  /// Notes an answer that ends its request.
  mutating func succeeded(_ job: Job) {
    if limits.note(success: true, key: job.organization) == .calm { pacing.recover() }
  }

  /// Schedules another attempt after a failure, if there is one to be made.
  ///
  /// - Parameter jitter: 0 to 1, the share of the backoff that is waited (full jitter).
  mutating func failed(_ job: Job, _ failure: Job.Failure, at now: Double, jitter: Double) -> Aftermath {
    let isLimit = failure.isRateLimit
    let state = limits.note(success: !isLimit, key: job.organization)
    guard case .possible(let retryAfter) = failure.retry else { return .none }
    let backoff = min(Self.backoff.cap, Self.backoff.base * Double(1 << min(job.attempts, 16)))
    let delay = max(backoff * jitter, Double(retryAfter?.seconds ?? 0))
    if isLimit, state == .widespread { slowDown(at: now, delay) }
    if isLimit, let retryAfter {
      let end = max(now + Double(retryAfter.seconds), resting[job.organization] ?? 0)
      resting[job.organization] = end
      if end >= policy.deadline { return .keyRests }
    }
    guard job.attempts < policy.retries, now + delay < policy.deadline else { return .none }
    var retry = job
    retry.attempts += 1
    self.delay(retry, until: now + delay)
    return .anotherAttempt
  }

  /// Slows everybody down, as far as there is time for that.
  private mutating func slowDown(at now: Double, _ delay: Double) {
    let rest = Double(ready.count + delayed.count)
    let time = max(policy.deadline - now, 0.001) * Self.timeForRest
    pacing.slowDown(
      at: now, pause: min(delay, Self.pause.longest, policy.deadline * Self.pause.share - pacing.paused),
      leastRate: rest / time)
  }

  private struct Delayed: Comparable {
    let notBefore: Double
    let order: Int
    let job: Job

    static func < (first: Delayed, second: Delayed) -> Bool {
      (first.notBefore, first.order) < (second.notBefore, second.order)
    }

    static func == (first: Delayed, second: Delayed) -> Bool { first.order == second.order }
  }
}

/// Spreads the starts of requests over time.
private struct Pacing {
  private let configuredRate: Double
  private var rate: Double
  private var nextStart = 0.0
  /// For how long everybody has had to wait, in seconds.
  private(set) var paused = 0.0

  /// How much of a delay may be caught up at once, in seconds: timers are coarser than a millisecond.
  private static let burst = 0.02

  init(requestsPerSecond: Double) {
    configuredRate = requestsPerSecond
    rate = requestsPerSecond
  }

  /// The moment to wait for, if none may start now.
  func delayedStart(at now: Double) -> Double? { now < nextStart ? nextStart : nil }

  mutating func started(at now: Double) {
    nextStart = max(nextStart, now - Self.burst) + 1 / rate
  }

  /// Halves the rate, down to one a second or what is needed, and pauses.
  mutating func slowDown(at now: Double, pause: Double, leastRate: Double) {
    rate = min(rate, max(1, leastRate, rate / 2))
    guard now + pause > nextStart else { return }
    paused += now + pause - max(now, nextStart)
    nextStart = now + pause
  }

  mutating func recover() {
    rate = min(configuredRate, rate * 1.5)
  }
}

/// Tells a rate limit on one key from one on many.
private struct RateLimitWatch {
  enum State {
    /// A whole window of answers without a limit.
    case calm
    case normal
    /// Several keys were limited within the window.
    case widespread
  }

  /// Among how many answers.
  private static let window = 20
  /// How many keys.
  private static let manyKeys = 3

  /// The key that was limited, or nil, for the latest answers.
  private var recent: [Int?] = []

  /// How many of them are keys.
  private var limits = 0

  mutating func note(success: Bool, key: Int) -> State {
    if recent.count == Self.window, recent.removeFirst() != nil { limits -= 1 }
    recent.append(success ? nil : key)
    limits += success ? 0 : 1
    guard limits > 0 else {
      guard recent.count == Self.window else { return .normal }
      recent.removeAll(keepingCapacity: true)
      return .calm
    }
    guard limits >= Self.manyKeys, Set(recent.compactMap { $0 }).count >= Self.manyKeys else { return .normal }
    if !success {
      recent.removeAll(keepingCapacity: true)
      limits = 0
    }
    return .widespread
  }
}
