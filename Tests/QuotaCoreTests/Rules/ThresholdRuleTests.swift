import FoundationEssentials
@testable import QuotaCore
import TestSupport
import Testing

@Suite("A threshold rule")
struct ThresholdRuleTests {
  /// The reasons of the levels that hold for one month's reading.
  private func verdicts(
    _ levels: [String], used: Int64, before: Int64? = nil, quota: Int64? = 10_000
  ) -> [(level: String, holds: Bool, evidence: Evidence)] {
    let rule = Rule(
      id: RuleID("r"), kind: ThresholdRule(metric: .pages, levels: levels.map { alertLevel($0) }),
      notify: [])
    var world = LifecycleWorld(rules: [rule])
    world.quota.pages = quota
    return world.verdicts(used: used, before: before).map {
      ($0.key.level.map { "\($0)" } ?? "", $0.holds, $0.evidence)
    }
  }

  @Test(
    "fires at the level and not below it",
    arguments: [
      ("80%", 7_999, 10_000, false), ("80%", 8_000, 10_000, true), ("99.5%", 9_949, 10_000, false),
      ("99.5%", 9_950, 10_000, true), ("5000", 4_999, nil, false), ("5000", 5_000, nil, true),
      // A level between two whole numbers is reached at the upper one.
      ("50%", 1, 3, false), ("50%", 2, 3, true),
      // A quota of zero is exceeded by any use.
      ("100%", 0, 0, false), ("100%", 1, 0, true), ("50%", 0, 0, false),
      ("120%", 11_999, 10_000, false), ("120%", 12_000, 10_000, true),
    ] as [(String, Int64, Int64?, Bool)])
  func boundary(level: String, used: Int64, quota: Int64?, holds: Bool) {
    // A level that does not hold and was never told needs no verdict.
    #expect(verdicts([level], used: used, quota: quota).first?.holds == (holds ? true : nil))
  }

  @Test("says nothing of a percentage where no quota is agreed")
  func noQuota() {
    #expect(verdicts(["80%"], used: 1_000_000, quota: nil).isEmpty)
  }

  @Test("says nothing of a month that was not read")
  func notRead() {
    let world = LifecycleWorld()
    #expect(world.rules[0].news(on: world.input(months: []), []).isEmpty)
  }

  @Test("names the two observations between which the counter crossed")
  func between() throws {
    let verdict = try #require(verdicts(["80%"], used: 8_000, before: 7_999).first)
    #expect(verdict.evidence.observedAfter == LifecycleWorld.earlier)
    #expect(verdict.evidence.observedAt == LifecycleWorld.now)
    #expect(verdict.evidence.snapshotIDs == [1, 2])
  }

  @Test("names no earlier observation if it is the quota that moved")
  func movedQuota() throws {
    let verdict = try #require(verdicts(["80%"], used: 4_100, before: 4_100, quota: 5_000).first)
    #expect(verdict.holds)
    #expect(verdict.evidence.observedAfter == nil)
  }

  @Test("names no earlier observation for the first reading of a month")
  func firstReading() throws {
    let verdict = try #require(verdicts(["80%"], used: 9_000).first)
    #expect(verdict.holds)
    #expect(verdict.evidence.observedAfter == nil)
  }

  @Test("reads the largest quota and percentage that a configuration takes")
  func largest() {
    let level = Level.percent(hundredths: 10_000_000)
    #expect(level.threshold(quota: Quota.largest) == 1_000 * Quota.largest)
  }

  @Test(
    "is refused with levels that mean nothing",
    arguments: [
      #"{"metric": "pages"}"#, #"{"metric": "pages", "percent": []}"#, #"{"metric": "pages", "percent": [0]}"#,
      #"{"metric": "pages", "percent": [50, 50.0]}"#, #"{"metric": "pages", "percent": [1e1]}"#,
      #"{"metric": "pages", "percent": ["80"]}"#,
      #"{"metric": "pages", "count": [0]}"#, #"{"metric": "page", "count": [1]}"#, #"{"percent": [50]}"#,
      #"{"metric": "pages", "percent": [-5]}"#, #"{"metric": "pages", "percent": [33.333]}"#,
      #"{"metric": "pages", "percent": 50}"#,
    ])
  func refused(settings: String) throws {
    let text = #"{"id": "r", "type": "threshold", "# + settings.dropFirst()
    #expect(!(try decodeConfiguration(text) { $0.decoded(as: Rule.shape) }.issues.isEmpty))
  }

  @Test("takes its levels in any order")
  func order() throws {
    let decoded = try decodeConfiguration(
      #"{"id": "r", "type": "threshold", "metric": "pages", "percent": [100, 50, 99.5]}"#
    ) { $0.decoded(as: Rule.shape) }
    #expect(decoded.issues.isEmpty)
    let expected = ThresholdRule(metric: .pages, levels: [alertLevel("50%"), alertLevel("99.5%"), alertLevel("100%")])
    #expect(decoded.value?.kind as? ThresholdRule == expected)
  }
}
