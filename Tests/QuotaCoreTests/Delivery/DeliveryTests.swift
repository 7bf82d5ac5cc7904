import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("A delivery after an attempt")
struct DeliveryTests {
  private let now = moment("2026-11-23T12:00")

  private func delivery(attempts: Int = 0, queuedAt: Date? = nil) -> Delivery {
    Delivery(
      message: MessageID(rawValue: "e"), notifier: NotifierID("n"), channel: "webhook", payload: [1, 2, 3],
      attempts: attempts, queuedAt: queuedAt ?? moment("2026-11-23T11:00"))
  }

  @Test("is known to have been begun, and may have arrived, until its end is known")
  func begun() {
    let begun = delivery(attempts: 1).beginning(at: now)
    #expect(begun.attempts == 2)
    #expect(begun.lastAttemptAt == now)
    #expect(begun.lastAnswer == nil)
    #expect(begun.after(.retryable(reason: "HTTP 500"), at: now).lastAnswer == "HTTP 500")
  }

  @Test("may have arrived while nobody has answered, and has not where somebody has refused it")
  func uncertain() {
    let begun = delivery().beginning(at: now)
    #expect(begun.mayHaveArrived)
    #expect(begun.after(SendOutcome.retryable(reason: "HTTP 500").brokenOff(by: "noon"), at: now).mayHaveArrived)
    #expect(!begun.after(.retryable(reason: "HTTP 500"), at: now).mayHaveArrived)
  }

  @Test(
    "is given up by its age, not by the number of its attempts",
    arguments: [(1, false), (71, false), (72, true), (100, true)])
  func age(hours: Int64, isDead: Bool) {
    let old = delivery(attempts: 500, queuedAt: now - .hours(hours))
    let next = old.after(.retryable(reason: "HTTP 500"), at: now)
    #expect(next.status == (isDead ? .dead : .pending))
    #expect(next.lastAnswer == "HTTP 500")
    #expect(next.restarted(at: now).after(.retryable(reason: ""), at: now).status == .pending)
  }

  @Test(
    "is dead at once if this message or this channel is refused for good",
    arguments: [SendOutcome.rejected(reason: "too large"), .channelDead(reason: "too large")])
  func refused(outcome: SendOutcome) {
    let next = delivery().after(outcome, at: now)
    #expect(next.status == .dead)
    #expect(next.lastAnswer == "too large")
  }

  @Test("is pending for those who were deferred, and does not forget who was refused meanwhile")
  func deferred() {
    let first = delivery().beginning(at: now).after(
      .deferred(rest: [2], answer: "deferred: b", remark: "refused: c"), at: now)
    #expect(first.status == .pending)
    #expect(first.payload == [2])
    #expect(first.hasArrivedInPart && !first.mayHaveArrived)
    let again = first.beginning(at: now).after(.deferred(rest: [2], answer: "deferred: b"), at: now)
    #expect(again.hasArrivedInPart)
    let last = again.beginning(at: now).after(.delivered(answer: "250 OK"), at: now)
    #expect(last.status == .delivered)
    #expect(last.remark == "refused: c" && last.isRefusedInPart)
    let all = delivery().beginning(at: now).after(.deferred(rest: [1, 2, 3], answer: "deferred: all"), at: now)
    #expect(!all.hasArrivedInPart)
    let old = delivery(queuedAt: now - .hours(72)).after(.deferred(rest: [2], answer: "deferred: b"), at: now)
    #expect(old.status == .dead && old.lastAnswer == "deferred: b")
  }

  @Test("is delivered with the answer, and keeps its bytes")
  func delivered() {
    let next = delivery(attempts: 2).beginning(at: now).after(
      .delivered(answer: "HTTP 200: yes", remark: "Slack says \"ok\""), at: now)
    #expect(next.status == .delivered)
    #expect(next.lastAnswer == "HTTP 200: yes")
    #expect(next.remark == "Slack says \"ok\"")
    #expect(next.attempts == 3)
    #expect(next.lastAttemptAt == now)
    #expect(next.payload == [1, 2, 3])
  }
}

@Suite("A channel after an attempt")
struct ChannelHealthTests {
  private let now = moment("2026-11-23T12:00")

  @Test("is sick until something is taken, or refused for what it says")
  func sick() {
    var health = ChannelHealth()
    for failures in 1...3 {
      health = health.after(.retryable(reason: "HTTP 500"), at: now, configuration: "")
      #expect(health.failures == failures && health.isSick)
      #expect(health.rest(at: now) == nil)
    }
    #expect(!health.after(.delivered(answer: "ok"), at: now, configuration: "").isSick)
    #expect(!health.after(.rejected(reason: "HTTP 400"), at: now, configuration: "").isSick)
  }

  @Test(
    "rests for as long as it asks, up to the age at which messages are given up",
    arguments: [(1, 1), (86_400, 86_400), (200_000, 200_000), (1_000_000, 259_200)] as [(Int64, Double)])
  func retryAfter(seconds: Int64, rest: Double) {
    let health = ChannelHealth().after(
      .retryable(reason: "HTTP 429", retryAfter: .seconds(seconds)), at: now, configuration: "0f")
    #expect(health.configuration == "0f")
    #expect(health.rest(at: now).map { $0.timeIntervalSince(now) } == rest)
    #expect(health.rest(at: now + .seconds(Int64(rest))) == nil)
  }

  @Test("is disabled with its configuration when it takes nothing any more")
  func dead() {
    let health = ChannelHealth().after(.channelDead(reason: "no_service"), at: now, configuration: "0f")
    #expect(health.disabled == .init(since: now, reason: "no_service"))
    #expect(health.configuration == "0f")
    #expect(health.isSick)
  }

  @Test("does not rest by the word of a clock that was ahead")
  func clockAhead() {
    let health = ChannelHealth().after(
      .retryable(reason: "HTTP 429", retryAfter: .hours(1)), at: now + .days(7), configuration: "")
    #expect(health.rest(at: now) == nil)
    #expect(health.isSick)
  }

  @Test("waits longer between the attempts of a run, ± 20 %, and then for the next run")
  func schedule() {
    for (failures, seconds) in [(1, 5.0), (2, 300)] {
      for (jitter, factor) in [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)] {
        let delay = DeliverySchedule.delay(afterFailures: failures, jitter: jitter) ?? 0
        #expect(abs(delay - seconds * factor) < 0.01)
      }
    }
    #expect(DeliverySchedule.delay(afterFailures: 3, jitter: 0.5) == nil)
  }
}

@Suite("A past month's figures")
struct SettlementTests {
  private func isSettled(
    _ text: String, since first: String, until last: String, at now: String = "2026-11-23T12:00"
  ) -> Bool {
    Settlement.isSettled(
      Snapshot(
        id: 1, organization: OrganizationID("acme"), month: billingMonth(text), counters: .zero,
        firstSeenAt: moment(first),
        lastSeenAt: moment(last)),
      in: .gmt, at: moment(now))
  }

  @Test("are not settled by what a clock that was ahead has seen, until that time has come")
  func ahead() {
    #expect(!isSettled("2026-10", since: "2026-10-20T00:00", until: "2026-11-04T00:00", at: "2026-11-03T23:59"))
    #expect(isSettled("2026-10", since: "2026-10-20T00:00", until: "2026-11-04T00:00", at: "2026-11-04T00:00"))
  }

  @Test("are settled when unchanged for a day, three days past the turn of the month")
  func settled() {
    #expect(isSettled("2026-10", since: "2026-11-03T00:00", until: "2026-11-04T00:00"))
    #expect(isSettled("2026-10", since: "2026-10-20T00:00", until: "2026-11-04T00:00"))
    #expect(!isSettled("2026-10", since: "2026-11-03T00:01", until: "2026-11-04T00:00"))
    #expect(!isSettled("2026-10", since: "2026-10-20T00:00", until: "2026-11-03T23:59"))
  }

  @Test("are settled by one reading when even the following month is over")
  func longPast() {
    #expect(isSettled("2026-08", since: "2026-11-23T12:00", until: "2026-11-23T12:00"))
    #expect(!isSettled("2026-10", since: "2026-11-23T12:00", until: "2026-11-23T12:00"))
  }
}
