import FoundationEssentials
@testable import QuotaCore
import TestSupport
import Testing

@Suite("A stale rule")
struct StaleRuleTests {
  private static let rule = Rule(id: RuleID("silent"), kind: StaleRule(after: .hours(6)), notify: [])
  private let unreachable = ReadingFailure(.unreachable, "connection refused")

  private func judge(_ history: PollHistory, at now: Date, alerts: [Alert] = []) -> Verdict? {
    let world = LifecycleWorld(rules: [Self.rule])
    let input = world.input(months: [], history: history, now: now)
    return AlertLifecycle.verdicts(of: Self.rule, on: input, alerts: alerts).first
  }

  @Test("says of what is read only what is so, also where a longer time was configured")
  func words() throws {
    let start = moment("2026-11-23T00:00")
    let read = PollHistory().adding(nil, at: start)
    #expect(judge(read, at: start + .hours(1))?.reason == "last read at 2026-11-23T00:00:00.000Z")
    let tried = PollHistory().adding(unreachable, at: start)
    #expect(judge(tried, at: start + .hours(1))?.reason == "not read yet, tried since 2026-11-23T00:00:00.000Z")
    let late = try #require(judge(read.adding(unreachable, at: start + .hours(6)), at: start + .hours(6)))
    let alert = Alert(
      key: late.key, status: .firing, severity: .warning, episode: 1, firedAt: start, changedAt: start,
      reason: late.reason, evidence: late.evidence)
    #expect(judge(read, at: start + .hours(1), alerts: [alert])?.reason == "last read at 2026-11-23T00:00:00.000Z")
  }

  @Test("fires when the last success is as long ago as it says", arguments: [(359, false), (360, true), (900, true)])
  func boundary(minutes: Int64, holds: Bool) throws {
    let read = moment("2026-11-23T00:00")
    let now = read + .minutes(minutes)
    let verdict = try #require(judge(PollHistory().adding(nil, at: read).adding(unreachable, at: now), at: now))
    #expect(verdict.holds == holds)
    #expect(!holds || verdict.reason.contains("connection refused"))
    #expect(verdict.evidence.observedAfter == (holds ? read : nil))
  }

  @Test("counts from the first attempt if nothing was ever read")
  func neverRead() throws {
    let first = moment("2026-11-23T00:00")
    let history = PollHistory().adding(unreachable, at: first).adding(unreachable, at: first + .hours(6))
    #expect(try #require(judge(history, at: first + .hours(5))).holds == false)
    let late = try #require(judge(history, at: first + .hours(6)))
    #expect(late.holds)
    #expect(late.reason.hasPrefix("never read successfully"))
  }

  @Test("says nothing before the first attempt")
  func untried() {
    #expect(judge(PollHistory(), at: moment("2026-11-23T00:00")) == nil)
  }

  @Test("does not take for silence what a restored backup does not know of, and says nothing of it")
  func restored() throws {
    let (read, restored) = (moment("2026-11-20T00:00"), moment("2026-11-23T00:00"))
    var history = PollHistory().adding(nil, at: read)
    history.gap = Gap(from: read, to: restored)
    history = history.adding(unreachable, at: restored + .minutes(10))
    #expect(judge(history, at: restored + .minutes(359)) == nil)
    let late = try #require(judge(history, at: restored + .hours(6)))
    #expect(late.holds)
    #expect(late.reason.hasPrefix("no successful reading since a backup was restored at 2026-11-23T00:00"))
    #expect(late.evidence.observedAfter == restored)
    #expect(history.adding(nil, at: restored + .hours(7)).gap == nil)
  }

  @Test("resolves with the next success")
  func recovers() throws {
    let start = moment("2026-11-23T00:00")
    let history = PollHistory().adding(unreachable, at: start).adding(nil, at: start + .hours(9))
    #expect(try #require(judge(history, at: start + .hours(9))).holds == false)
  }
}

@Suite("A credential rule")
struct CredentialRuleTests {
  private static let rule = Rule(id: RuleID("key"), kind: CredentialRule(), notify: [])
  private let start = moment("2026-11-23T00:00")

  private func judge(_ history: PollHistory, at now: Date? = nil, alerts: [Alert] = []) -> Verdict? {
    AlertLifecycle.verdicts(
      of: Self.rule,
      on: RuleInput(
        organization: Organization(id: OrganizationID("acme")), now: now ?? start + .hours(2), months: [],
        history: history), alerts: alerts
    ).first
  }

  /// An alert that was told of a verdict.
  private func told(_ verdict: Verdict) -> Alert {
    Alert(
      key: verdict.key, status: .firing, severity: .warning, episode: 1, firedAt: start, changedAt: start,
      reason: verdict.reason, evidence: verdict.evidence)
  }

  @Test(
    "fires for a gateway and a limit when they have lasted six hours, in their own words",
    arguments: [ReadingFailure.Reason.gateway, .limited], [(359, false), (360, true), (5_000, true)])
  func obstacles(reason: ReadingFailure.Reason, time: (minutes: Int64, holds: Bool)) throws {
    let now = start + .minutes(time.minutes)
    let history = PollHistory().adding(nil, at: start - .hours(30))
      .adding(ReadingFailure(.timeout, "slow"), at: start - .hours(20))
      .adding(ReadingFailure(reason, "a web page"), at: start).adding(ReadingFailure(.timeout, "slow"), at: start)
      .adding(ReadingFailure(reason, "a web page"), at: now)
    let verdict = judge(history, at: now)
    #expect(verdict?.holds == (time.holds ? true : nil))
    guard let verdict else { return }
    #expect(verdict.reason == "since 2026-11-23T00:00:00.000Z: a web page")
    #expect(verdict.evidence.failure == reason)
    #expect(verdict.evidence.observedAfter == start - .hours(30))
    let ended = try #require(judge(history.adding(nil, at: now), at: now, alerts: [told(verdict)]))
    #expect(!ended.holds)
    #expect(ended.reason == "the vendor answers")
    #expect(ended.evidence.failure == reason)
  }

  @Test("says of a key that is not refused only what is so")
  func words() throws {
    #expect(judge(PollHistory())?.reason == "the key was not used yet")
    let read = PollHistory().adding(nil, at: start)
    #expect(judge(read)?.reason == "the key is accepted")
    let refused = ReadingFailure(.keyRejected, "the vendor rejects the key")
    let verdict = try #require(judge(read.adding(refused, at: start + .hours(1))))
    let again = read.adding(refused, at: start + .hours(1)).adding(nil, at: start + .hours(2))
    #expect(judge(again, alerts: [told(verdict)])?.reason == "the key is accepted")
  }

  @Test("waits for six hours anew after a success, also where a clock was ahead")
  func obstacleAgain() {
    let gateway = ReadingFailure(.gateway, "a web page")
    let history = PollHistory().adding(gateway, at: start + .days(9)).adding(gateway, at: start)
    #expect(judge(history, at: start + .hours(6))?.holds == true)
    let again = history.adding(nil, at: start).adding(gateway, at: start + .hours(1))
    #expect(judge(again, at: start + .hours(6)) == nil)
  }

  @Test("ends a gateway before it tells of a refusal, which is another trouble")
  func gatewayThenRefusal() throws {
    let now = start + .hours(7)
    let gateway = PollHistory().adding(ReadingFailure(.gateway, "a web page"), at: start)
      .adding(ReadingFailure(.gateway, "a web page"), at: now)
    var alert = told(try #require(judge(gateway, at: now)))
    let refused = gateway.adding(ReadingFailure(.keyRejected, "the vendor rejects the key"), at: now)
    let verdict = try #require(judge(refused, at: now, alerts: [alert]))
    #expect(!verdict.holds)
    #expect(verdict.reason == "nothing is in between any more, but the vendor rejects the key")
    alert.status = .resolved
    #expect(judge(refused, at: now, alerts: [alert])?.holds == true)
  }

  @Test(
    "fires for a rejected key at once, and has no opinion on other failures", arguments: ReadingFailure.Reason.allCases)
  func reasons(reason: ReadingFailure.Reason) {
    let history = PollHistory().adding(nil, at: start).adding(ReadingFailure(reason, "why"), at: start + .hours(1))
    #expect(judge(history)?.holds == (reason == .keyRejected ? true : nil))
  }

  @Test("names the last success and the rejection")
  func evidence() throws {
    let history = PollHistory().adding(nil, at: start)
      .adding(ReadingFailure(.keyRejected, "the vendor rejects the key (HTTP 401)"), at: start + .hours(1))
    let verdict = try #require(judge(history))
    #expect(verdict.reason == "the vendor rejects the key (HTTP 401)")
    #expect(verdict.evidence.observedAfter == start)
    #expect(verdict.evidence.observedAt == start + .hours(1))
  }

  @Test("resolves when a reading succeeds")
  func recovers() throws {
    let history = PollHistory().adding(ReadingFailure(.keyRejected, "why"), at: start).adding(
      nil, at: start + .hours(1))
    #expect(try #require(judge(history)).holds == false)
  }
}
