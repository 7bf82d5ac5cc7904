import QuotaCore
import TestSupport
import Testing

@Suite("An alert that has to hold, comes back, or lasts")
struct AlertHoldingTests {
  private func ids(_ events: [[Event]]) -> [[String]] { events.map { $0.map(\.id.rawValue) } }

  private static func rule(_ levels: [String] = ["80%"], holdFor: HoldFor, remindEvery: TimeSpan? = nil) -> Rule {
    var rule = LifecycleWorld.pages(levels)
    rule.holdFor = holdFor
    rule.remindEvery = remindEvery
    return rule
  }

  private let firing = ["r/acme/2026-11/pages/80%/firing/1"]

  @Test("A condition that has to hold in three readings is told at the third")
  func readings() throws {
    var world = LifecycleWorld(rules: [Self.rule(holdFor: .readings(3))])
    #expect(ids(world.november(8_000, 8_000)) == [[], []])
    #expect(world.alerts.values.map(\.status) == [.pending])
    #expect(ids(world.november(8_000, 8_000)) == [firing, []])
  }

  @Test("A condition that passes before it was told leaves nothing behind")
  func forgotten() {
    var world = LifecycleWorld(rules: [Self.rule(holdFor: .readings(2))])
    #expect(ids(world.november(8_000, 7_000)) == [[], []])
    #expect(world.alerts.isEmpty)
    #expect(ids(world.november(8_000, 8_000)) == [[], firing])
  }

  @Test("A condition that has to hold for half an hour is told by the reading half an hour after the first")
  func time() {
    var world = LifecycleWorld(rules: [Self.rule(holdFor: .time(.minutes(30)))])
    #expect(ids(world.november(8_000, 8_000, 8_000)) == [[], [], firing])
  }

  @Test("A run that reads nothing neither counts for a pending alert nor against it")
  func missing() {
    var world = LifecycleWorld(rules: [Self.rule(holdFor: .readings(2))])
    _ = world.read(("2026-11", 8_000))
    #expect(world.read().isEmpty)
    #expect(ids(world.november(8_000)) == [firing])
  }

  @Test("What is pending when its month ends is never told")
  func pendingAtTheTurn() {
    var world = LifecycleWorld(rules: [Self.rule(holdFor: .readings(2))])
    _ = world.read(("2026-11", 8_000))
    #expect(world.step([("2026-12", 0)]).events.isEmpty)
    #expect(world.alerts.isEmpty)
  }

  @Test("A level reached again within the hour waits until the hour is over")
  func damped() {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    let events = world.november(8_000, 7_000, 8_000, 8_000, 8_000, 8_000)
    #expect(
      ids(events) == [
        firing, ["r/acme/2026-11/pages/80%/resolved/1"], [], [], ["r/acme/2026-11/pages/80%/firing/2"], [],
      ])
  }

  @Test("A level reached again within the hour and left again is not told at all")
  func dampedAway() {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    let events = world.november(8_000, 7_000, 8_000, 7_000, 7_000, 7_000)
    #expect(ids(events) == [firing, ["r/acme/2026-11/pages/80%/resolved/1"], [], [], [], []])
    #expect(world.alerts.values.map(\.status) == [.resolved])
  }

  @Test("An alert that swings says so once, and is resolved after six hours of calm")
  func flapping() throws {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    world.interval = .hours(1)
    let events = world.november(8_000, 7_000, 8_000, 7_000, 8_000)
    #expect(events.map { $0.map(\.transition) } == [[.firing], [.resolved], [.firing], [.resolved], [.firing]])
    let third = try #require(events.last?.first)
    #expect(third.flapping?.count == 3)
    #expect(events[2].first?.flapping == nil)
    // Another dozen turns, without a word.
    for _ in 0..<6 { #expect(world.november(7_000, 8_000) == [[], []]) }
    #expect(world.november(7_000, 7_000, 7_000, 7_000, 7_000) == [[], [], [], [], []])
    #expect(ids(world.november(7_000)) == [["r/acme/2026-11/pages/80%/resolved/3"]])
  }

  @Test("An alert that has swung and then holds for six hours is an ordinary one again")
  func calm() throws {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    world.interval = .hours(1)
    _ = world.november(8_000, 7_000, 8_000, 7_000, 8_000)
    #expect(world.november(8_000, 8_000, 8_000, 8_000, 8_000, 8_000).flatMap { $0 }.isEmpty)
    #expect(ids(world.november(7_000)) == [["r/acme/2026-11/pages/80%/resolved/3"]])
  }

  @Test("A reminder comes after the time that the rule names, again and again, with ids of its own")
  func reminders() {
    var world = LifecycleWorld(rules: [Self.rule(holdFor: .readings(1), remindEvery: .minutes(30))])
    let events = world.november(8_000, 8_000, 8_000, 8_000, 8_000)
    #expect(
      ids(events) == [
        firing, [], ["r/acme/2026-11/pages/80%/reminder/1/1"], [], ["r/acme/2026-11/pages/80%/reminder/1/2"],
      ])
  }

  @Test("An acknowledged alert is not reminded of, and is told again when the acknowledgement runs out")
  func acknowledged() throws {
    var world = LifecycleWorld(rules: [Self.rule(holdFor: .readings(1), remindEvery: .minutes(15))])
    _ = world.read(("2026-11", 8_000))
    let key = try #require(world.alerts.keys.first)
    let at = try #require(world.alerts[key]?.firedAt)
    world.alerts[key]?.acknowledgement = Acknowledgement(by: "kim", at: at, until: at + .minutes(45), note: nil)
    #expect(
      ids(world.november(8_000, 8_000, 8_000)) == [[], [], ["r/acme/2026-11/pages/80%/reminder/1/1"]])
    #expect(world.alerts[key]?.acknowledgement == nil)
  }

  @Test("A resolution says which levels still fire")
  func remaining() throws {
    var world = LifecycleWorld()
    _ = world.read(("2026-11", 12_000))
    let event = try #require(world.read(("2026-11", 8_500)).first)
    #expect(event.transition == .resolved)
    #expect(event.crossed == [alertLevel("100%")])
    #expect(event.firing == [alertLevel("50%"), alertLevel("80%")])
  }

  @Test("A level may be more severe than its rule, and the event is as severe as its worst level")
  func severities() throws {
    var rule = LifecycleWorld.pages(["50%", "100%"])
    rule.severity = RuleSeverity(.info, levels: [alertLevel("100%"): .critical])
    var world = LifecycleWorld(rules: [rule])
    #expect(world.read(("2026-11", 5_000)).first?.severity == .info)
    #expect(world.read(("2026-11", 10_000)).first?.severity == .critical)
  }

  @Test(
    "A rule is judged on those it applies to",
    arguments: [
      (RuleScope(appliesTo: OrganizationSelector(organizations: [OrganizationID("acme")])), true),
      (RuleScope(appliesTo: OrganizationSelector(organizations: [OrganizationID("globex")])), false),
      (RuleScope(appliesTo: OrganizationSelector(tags: ["vip"])), true),
      (RuleScope(appliesTo: OrganizationSelector(plans: ["growth"])), true),
      (RuleScope(except: OrganizationSelector(tags: ["vip"])), false),
      (RuleScope(appliesTo: OrganizationSelector(plans: ["growth"]), except: OrganizationSelector(tags: ["x"])), true),
    ])
  func scope(scope: RuleScope, isJudged: Bool) {
    var rule = LifecycleWorld.pages(["80%"])
    rule.scope = scope
    var world = LifecycleWorld(rules: [rule])
    world.organization = Organization(id: OrganizationID("acme"), plan: "growth", tags: ["vip"])
    #expect(world.read(("2026-11", 9_000)).isEmpty == !isJudged)
  }

  @Test("A rule that is switched off is not judged, and what it has told stays as it is")
  func disabled() {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    _ = world.read(("2026-11", 8_000))
    world.rules[0].isEnabled = false
    #expect(world.read(("2026-11", 7_000)).isEmpty)
    #expect(world.alerts.values.map(\.status) == [.firing])
  }
}
