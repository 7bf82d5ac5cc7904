import QuotaCore
import Testing

@testable import QuotaService

@Suite("The schedule of a run")
struct RequestScheduleTests {
  static let policy = RequestPolicy(requestsPerSecond: 10, retries: 3, deadline: 100)
  static let limited = ReadingFailure(.rateLimited, "429", retry: .possible(notBefore: .seconds(7)))
  static let broken = ReadingFailure(.serverError, "500", retry: .possible(notBefore: nil))

  static func schedule(_ count: Int, policy: RequestPolicy = policy) -> RequestSchedule<UsageJob> {
    RequestSchedule<UsageJob>((0..<count).map { UsageJob(organization: $0) }, policy: policy)
  }

  /// Drives a schedule until nothing is left and returns when each organization was asked.
  static func drive(
    _ schedule: inout RequestSchedule<UsageJob>, answer: (UsageJob) -> ReadingFailure?
  ) -> [(time: Double, organization: Int)] {
    var starts: [(Double, Int)] = []
    var now = 0.0
    while true {
      switch schedule.next(at: now) {
      case .idle: return starts
      case .expired(let job, _): starts.append((.infinity, job.organization))
      case .wait(let moment): now = moment
      case .start(let job):
        starts.append((now, job.organization))
        if let failure = answer(job) {
          _ = schedule.failed(job, failure, at: now, jitter: 0.5)
        } else {
          schedule.succeeded(job)
        }
      }
    }
  }

  @Test("starts no more requests than allowed in a second")
  func pacing() throws {
    var schedule = Self.schedule(50)
    let starts = Self.drive(&schedule) { _ in nil }
    #expect(starts.count == 50)
    for (index, start) in starts.enumerated() where index >= 12 {
      #expect(start.time - starts[index - 12].time >= 1)
    }
    #expect(try #require(starts.last).time < 5)
  }

  @Test("tries a failed request again, with growing waits, as often as allowed and no more")
  func retries() {
    var schedule = Self.schedule(1)
    let starts = Self.drive(&schedule) { _ in Self.broken }
    #expect(starts.map(\.time) == [0, 0.25, 0.75, 1.75])
  }

  @Test("does not try again what cannot succeed")
  func permanent() {
    var schedule = Self.schedule(1)
    let starts = Self.drive(&schedule) { _ in ReadingFailure(.keyRejected, "401") }
    #expect(starts.count == 1)
  }

  @Test("waits as long as the vendor says, and lets the other keys go on")
  func vendorRetryAfter() {
    var schedule = Self.schedule(10)
    let starts = Self.drive(&schedule) { $0.organization == 0 && $0.attempts == 0 ? Self.limited : nil }
    #expect(starts.filter { $0.organization == 0 }.map(\.time) == [0, 7])
    #expect(starts.filter { $0.organization != 0 }.allSatisfy { $0.time < 1 })
  }

  @Test("asks nothing else with a key that is limited, and gives up at once what would be too late")
  func restingKey() {
    for retries in [0, 3] {
      var schedule = RequestSchedule<UsageJob>(
        [0, 0, 0, 1].map { UsageJob(organization: $0) },
        policy: RequestPolicy(requestsPerSecond: 10, retries: retries, deadline: 100))
      var isLimited = true
      let starts = Self.drive(&schedule) { job in
        defer { isLimited = false }
        return isLimited ? Self.limited : nil
      }
      let limited = starts.filter { $0.organization == 0 }.map(\.time)
      #expect(limited.count == (retries == 0 ? 3 : 4))
      #expect(limited.first == 0)
      #expect(limited.dropFirst().allSatisfy { $0 >= 7 })
      #expect(starts.filter { $0.organization == 1 }.allSatisfy { $0.time < 1 })
    }
    var short = RequestSchedule<UsageJob>(
      [0, 0, 1].map { UsageJob(organization: $0) },
      policy: RequestPolicy(requestsPerSecond: 10, retries: 3, deadline: 5))
    let starts = Self.drive(&short) { $0.organization == 0 ? Self.limited : nil }
    #expect(starts.map(\.organization) == [0, 0, 1])
    #expect(starts[1].time.isInfinite)
    #expect(starts[2].time < 1)
  }

  @Test("slows the whole run for a moment when many keys are limited")
  func widespreadLimit() {
    var schedule = Self.schedule(30)
    let starts = Self.drive(&schedule) { $0.organization < 3 && $0.attempts == 0 ? Self.limited : nil }
    let after = starts.filter { $0.organization >= 3 }.map(\.time)
    #expect(after.allSatisfy { $0 >= 5 })
    // At half the rate.
    #expect((after.last ?? 0) - (after.first ?? 0) > 3)
    #expect(starts.filter { $0.organization < 3 }.map(\.time).allSatisfy { $0 < 1 || $0 >= 7 })
  }

  @Test(
    "lets keys that are limited for long rest, and reads all the others",
    arguments: [(33, 3, 2.0), (33, 16, 20.0), (1_000, 500, 250.0), (1_000, 990, 250.0)])
  func longRests(count: Int, limited: Int, deadline: Double) {
    let rest = ReadingFailure(.rateLimited, "429", retry: .possible(notBefore: .seconds(3_600)))
    var schedule = Self.schedule(count, policy: RequestPolicy(requestsPerSecond: 100, retries: 3, deadline: deadline))
    let starts = Self.drive(&schedule) {
      $0.organization * limited / count < ($0.organization + 1) * limited / count ? rest : nil
    }
    #expect(Set(starts.map(\.organization)).count == count)
    // Everybody was asked once, and in time.
    #expect(starts.count == count)
    #expect(starts.allSatisfy { $0.time < deadline })
  }

  @Test("says of a key that is limited beyond the run's end that it rests")
  func restReason() {
    var schedule = RequestSchedule<UsageJob>(
      [0, 0].map { UsageJob(organization: $0) }, policy: RequestPolicy(requestsPerSecond: 10, retries: 3, deadline: 5))
    guard case .start(let job) = schedule.next(at: 0) else { return #expect(Bool(false), "nothing is started") }
    #expect(schedule.failed(job, Self.limited, at: 0.5, jitter: 1) == .keyRests)
    guard case .expired(_, let expiry) = schedule.next(at: 1) else { return #expect(Bool(false), "nothing expires") }
    #expect(expiry == .keyRests)
  }

  @Test("gives up a retry that would be later than the deadline")
  func deadline() {
    var schedule = Self.schedule(1, policy: RequestPolicy(requestsPerSecond: 10, retries: 3, deadline: 5))
    #expect(Self.drive(&schedule) { _ in Self.limited }.count == 1)
  }

  @Test("says which organizations the time did not suffice for")
  func expired() {
    var schedule = Self.schedule(100, policy: RequestPolicy(requestsPerSecond: 10, retries: 3, deadline: 2))
    let starts = Self.drive(&schedule) { _ in nil }
    #expect(starts.count == 100)
    #expect(starts.count { $0.time.isInfinite } > 70)
    #expect(Set(starts.map(\.organization)).count == 100)
  }
}
