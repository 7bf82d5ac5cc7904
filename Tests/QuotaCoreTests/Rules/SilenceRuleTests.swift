import FoundationEssentials
@testable import QuotaCore
import TestSupport
import Testing

@Suite("A stale rule")
struct StaleRuleTests {
  private static let rule = Rule(id: RuleID("silent"), kind: .stale(StaleRule(after: .hours(6))), notify: [])
  private let unreachable = ReadingFailure(.unreachable, "connection refused")

  private func judge(_ history: PollHistory, at now: Date) -> Verdict? {
    let world = LifecycleWorld(rules: [Self.rule])
    return Self.rule.verdicts(
      on: world.observation(months: [], history: history, now: now, isExplaining: true)
    ).first
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

  @Test("resolves with the next success")
  func recovers() throws {
    let start = moment("2026-11-23T00:00")
    let history = PollHistory().adding(unreachable, at: start).adding(nil, at: start + .hours(9))
    #expect(try #require(judge(history, at: start + .hours(9))).holds == false)
  }
}

@Suite("A credential rule")
struct CredentialRuleTests {
  private static let rule = Rule(id: RuleID("key"), kind: .credential(CredentialRule()), notify: [])
  private let start = moment("2026-11-23T00:00")

  private func judge(_ history: PollHistory) -> Verdict? {
    let world = LifecycleWorld(rules: [Self.rule])
    let observation = world.observation(months: [], history: history, now: start + .hours(2), isExplaining: true)
    return Self.rule.verdicts(on: observation).first
  }

  @Test(
    "fires for a rejected key only, and has no opinion on other failures", arguments: ReadingFailure.Reason.allCases)
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
