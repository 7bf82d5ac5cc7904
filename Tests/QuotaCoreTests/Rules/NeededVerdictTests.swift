import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("A verdict that changes nothing")
struct NeededVerdictTests {
  private let start = moment("2026-11-02T00:00")

  /// A threshold of 80 % whose alert is in some state, and what is said when the counter is read once more.
  private func verdicts(
    _ status: Alert.Status, used: Int64, remindEvery: TimeSpan? = nil, _ change: (inout Alert) -> Void = { _ in }
  ) throws -> [Bool] {
    var world = try RuleWorld("threshold", #""metric": "pages", "percent": [80]"#)
    world.remindEvery = remindEvery
    world.read(8_000, at: start)
    world.tell()
    world.alerts[0].status = status
    change(&world.alerts[0])
    return world.read(used, at: start + .hours(1)).map(\.holds)
  }

  @Test("is not put together")
  func unmoved() throws {
    #expect(try verdicts(.firing, used: 9_000) == [])
    #expect(try verdicts(.resolved, used: 7_000) == [])
    #expect(try verdicts(.expired, used: 9_000) == [])
    #expect(try verdicts(.expired, used: 7_000) == [])
  }

  @Test("is not confused with one that does")
  func moved() throws {
    #expect(try verdicts(.firing, used: 7_000) == [false])
    #expect(try verdicts(.resolved, used: 9_000) == [true])
    #expect(try verdicts(.pending, used: 9_000) == [true])
    #expect(try verdicts(.pending, used: 7_000) == [false])
  }

  @Test("is put together where the alert that fires on has to be told again, or flaps")
  func firesOn() throws {
    #expect(try verdicts(.firing, used: 9_000, remindEvery: .hours(1)) == [true])
    let until = start + .hours(1)
    #expect(
      try verdicts(.firing, used: 9_000) {
        $0.acknowledgement = Acknowledgement(by: "kim", at: start, until: until, note: nil)
      } == [true])
    #expect(
      try verdicts(.firing, used: 9_000) {
        $0.acknowledgement = Acknowledgement(by: "kim", at: start, until: until + .seconds(1), note: nil)
      } == [])
    #expect(
      try verdicts(.firing, used: 9_000) { $0.flapping = Flapping(count: 3, since: start, lastHeldAt: start) }
        == [true])
  }

  /// What is said of a rule's alert in some state; each may be explained or not.
  private func said(
    _ status: Alert.Status?, _ verdicts: (holds: Holds, isExplained: Bool)...
  ) -> [Bool] {
    let rule = LifecycleWorld.pages(["80%"])
    let key = AlertKey(rule: rule.id, organization: OrganizationID("acme"))
    let alert = status.map {
      Alert(
        key: key, status: $0, severity: .warning, episode: 1, firedAt: start, changedAt: start, reason: "",
        evidence: Evidence())
    }
    let input = LifecycleWorld().input(months: [], now: start + .hours(1))
    var collector = VerdictCollector([rule], on: input, alert.map { [$0] } ?? [], isComplete: false)
    for (holds, isExplained) in verdicts {
      collector.add(holds) { _ in isExplained ? Explanation("so it is", Evidence()) : nil }
    }
    return collector.verdicts.map(\.holds)
  }

  @Test(
    "is one in between, unless something waits to be told or is watched again",
    arguments: [
      (nil, []), (.firing, []), (.resolved, []), (.expired, []), (.pending, [false]), (.retired, [true]),
    ] as [(Alert.Status?, [Bool])])
  func between(status: Alert.Status?, holds: [Bool]) {
    #expect(said(status, (.between, true)) == holds)
  }

  @Test("is one about what was spoken of before, and one that nobody can explain")
  func first() {
    #expect(said(.firing, (.no, true), (.yes, true)) == [false])
    #expect(said(nil, (.yes, false), (.yes, true)) == [true])
    #expect(said(nil, (.yes, false)) == [])
  }

  @Test("is told apart by every part of the alert's key but the organization")
  func keys() {
    let key = AlertKey(
      rule: RuleID("r"), organization: OrganizationID("acme"), month: billingMonth("2026-11"), metric: .pages,
      level: .count(5))
    let others = [
      AlertKey(rule: RuleID("s"), organization: key.organization, month: key.month, metric: .pages, level: .count(5)),
      AlertKey(rule: key.rule, organization: key.organization, month: nil, metric: .pages, level: .count(5)),
      AlertKey(rule: key.rule, organization: key.organization, month: key.month, metric: nil, level: .count(5)),
      AlertKey(rule: key.rule, organization: key.organization, month: key.month, metric: .pages, level: nil),
    ]
    for other in others {
      #expect(other != key)
      #expect(!other.isAbout(key.rule, key.month, key.metric, key.level))
    }
    #expect(key.isAbout(key.rule, key.month, key.metric, key.level))
    #expect(
      AlertKey(rule: key.rule, organization: OrganizationID("b"), month: key.month, metric: .pages, level: .count(5))
        != key)
  }
}
