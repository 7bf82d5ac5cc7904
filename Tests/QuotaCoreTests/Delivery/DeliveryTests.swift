import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("A delivery after an attempt")
struct DeliveryTests {
  private let now = moment("2026-11-23T12:00")

  private func delivery(attempts: Int = 0) -> Delivery {
    Delivery(
      message: MessageID(rawValue: "e"), notifier: NotifierID("n"), payload: [1, 2, 3], attempts: attempts,
      queuedAt: moment("2026-11-23T11:00"), nextAttemptAt: moment("2026-11-23T11:00"))
  }

  @Test(
    "waits longer each time, ± 20 %",
    arguments: zip(1...9, [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as [Double]))
  func schedule(attempt: Int, seconds: Double) {
    for (jitter, factor) in [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)] {
      let next = delivery(attempts: attempt - 1).after(
        .retryable(reason: "why"), at: now, jitter: jitter)
      #expect(next.status == .pending)
      #expect(next.attempts == attempt)
      #expect(abs(next.nextAttemptAt.timeIntervalSince(now) - seconds * factor) < 0.01)
    }
  }

  @Test("is dead when the tenth attempt has failed")
  func exhausted() {
    let last = delivery(attempts: 9).after(.retryable(reason: "HTTP 500"), at: now, jitter: 0.5)
    #expect(last.status == .dead)
    #expect(last.attempts == 10)
    #expect(last.lastAnswer == "HTTP 500")
  }

  @Test(
    "is dead at once if this message or this channel is refused for good",
    arguments: [SendOutcome.rejected(reason: "too large"), .channelDead(reason: "too large")])
  func refused(outcome: SendOutcome) {
    let next = delivery().after(outcome, at: now, jitter: 0.5)
    #expect(next.status == .dead)
    #expect(next.lastAnswer == "too large")
  }

  @Test("is delivered with the answer, and keeps its bytes")
  func delivered() {
    let next = delivery(attempts: 2).after(
      .delivered(answer: "HTTP 200: yes", remark: "Slack says \"ok\""), at: now, jitter: 0.5)
    #expect(next.status == .delivered)
    #expect(next.lastAnswer == "HTTP 200: yes")
    #expect(next.remark == "Slack says \"ok\"")
    #expect(next.attempts == 3)
    #expect(next.lastAttemptAt == now)
    #expect(next.payload == [1, 2, 3])
  }

  @Test(
    "obeys a wish that is longer than the schedule, up to a day",
    arguments: [(1, 5.0), (60, 60), (86_400, 86_400), (1_000_000, 86_400)] as [(Int64, Double)])
  func wish(seconds: Int64, waited: Double) {
    let next = delivery().after(.retryable(reason: "HTTP 429", retryAfter: .seconds(seconds)), at: now, jitter: 0.5)
    #expect(next.nextAttemptAt.timeIntervalSince(now) == waited)
  }
}

@Suite("A past month's figures")
struct SettlementTests {
  private func isSettled(_ text: String, since first: String, until last: String) -> Bool {
    Settlement.isSettled(
      Snapshot(
        id: 1, organization: OrganizationID("acme"), month: billingMonth(text), counters: .zero,
        firstSeenAt: moment(first),
        lastSeenAt: moment(last)),
      in: .gmt)
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
