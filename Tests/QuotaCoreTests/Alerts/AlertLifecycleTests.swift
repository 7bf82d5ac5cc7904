import QuotaCore
import TestSupport
import Testing

@Suite("Alerts over time")
struct AlertLifecycleTests {
  private func ids(_ events: [Event]) -> [String] { events.map(\.id.rawValue) }

  @Test("A level is told once while it is reached")
  func once() {
    var world = LifecycleWorld()
    #expect(world.read(("2026-11", 4_999)).isEmpty)
    #expect(ids(world.read(("2026-11", 5_000))) == ["r/acme/2026-11/pages/50%/firing/1"])
    #expect(world.read(("2026-11", 5_000)).isEmpty)
    #expect(world.read(("2026-11", 7_999)).isEmpty)
    #expect(ids(world.read(("2026-11", 8_000))) == ["r/acme/2026-11/pages/80%/firing/1"])
  }

  @Test("Levels crossed between two readings make one event, with the highest in the headline")
  func several() throws {
    var world = LifecycleWorld()
    _ = world.read(("2026-11", 10))
    let events = world.read(("2026-11", 12_000))
    let event = try #require(events.first)
    #expect(events.count == 1)
    #expect(event.level == alertLevel("100%"))
    #expect(event.crossed == [alertLevel("50%"), alertLevel("80%"), alertLevel("100%")])
    let after = try #require(event.evidence.observedAfter)
    #expect(event.evidence.observedAt == after + .minutes(15))
    #expect(world.alerts.values.filter { $0.status == .firing }.count == 3)
  }

  @Test("Of several percentages that mean the same count, the highest is in the headline")
  func equalThresholds() throws {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["100%", "50%", "80%"])])
    world.quota.pages = 1
    let event = try #require(world.read(("2026-11", 1)).first)
    #expect(event.level == alertLevel("100%"))
    #expect(event.crossed == [alertLevel("50%"), alertLevel("80%"), alertLevel("100%")])
  }

  @Test("A correction below the level resolves, and reaching it again is a new episode")
  func episodes() {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    _ = world.read(("2026-11", 8_000))
    #expect(ids(world.read(("2026-11", 7_999))) == ["r/acme/2026-11/pages/80%/resolved/1"])
    world.interval = .hours(1)
    #expect(world.read(("2026-11", 7_000)).isEmpty)
    #expect(ids(world.read(("2026-11", 8_001))) == ["r/acme/2026-11/pages/80%/firing/2"])
  }

  @Test("Missing data neither fires nor resolves")
  func missing() {
    var world = LifecycleWorld()
    _ = world.read(("2026-11", 9_000))
    #expect(world.read().isEmpty)
    #expect(world.alerts.values.filter { $0.status == .firing }.count == 2)
    #expect(world.read(("2026-11", 9_000)).isEmpty)
  }

  @Test("A new month starts from zero and can reach the same levels")
  func newMonth() {
    var world = LifecycleWorld()
    _ = world.read(("2026-11", 9_000))
    #expect(world.read(("2026-12", 0), ("2026-11", 9_000)).isEmpty)
    #expect(world.alerts.values.allSatisfy { $0.status == .expired })
    #expect(ids(world.read(("2026-12", 8_100))) == ["r/acme/2026-12/pages/80%/firing/1"])
  }

  @Test("A month that ends over a level and starts over one is told for the new month")
  func crossingAtOnce() {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    _ = world.read(("2026-11", 9_000))
    #expect(ids(world.read(("2026-12", 8_500))) == ["r/acme/2026-12/pages/80%/firing/1"])
  }

  @Test("Late results that carry the past month over a level are told, naming that month")
  func lateResults() throws {
    var world = LifecycleWorld()
    _ = world.read(("2026-11", 7_900))
    _ = world.read(("2026-12", 0), ("2026-11", 7_900))
    let events = world.read(("2026-12", 1), ("2026-11", 8_050))
    #expect(ids(events) == ["r/acme/2026-11/pages/80%/firing/1"])
    #expect(events.first?.month == billingMonth("2026-11"))
    #expect(world.read(("2026-12", 1), ("2026-11", 8_050)).isEmpty)
  }

  @Test("A month that ends while an alert fires expires it, even if it falls below in the same step")
  func expires() {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    _ = world.read(("2026-11", 8_000))
    let outcome = world.step([("2026-12", 0), ("2026-11", 7_000)])
    #expect(ids(outcome.events) == ["r/acme/2026-11/pages/80%/expired/1"])
    #expect(outcome.changed.map(\.status) == [.expired])
    #expect(world.read(("2026-12", 0), ("2026-11", 9_000)).isEmpty)
  }

  @Test("A quota lowered below the usage fires at once, a raised one resolves")
  func quota() throws {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    _ = world.read(("2026-11", 5_000))
    world.quota.pages = 6_000
    let lowered = try #require(world.read(("2026-11", 5_000)).first)
    #expect(lowered.transition == .firing)
    #expect(lowered.evidence.observedAfter == nil)
    #expect(
      lowered.reason == "5,000 of 6,000 pages in 2026-11: at or above 80%; the quota was lowered from 10,000 to 6,000")
    world.quota.pages = 20_000
    let raised = world.read(("2026-11", 5_000))
    #expect(ids(raised) == ["r/acme/2026-11/pages/80%/resolved/1"])
    #expect(
      raised.first?.reason == "5,000 of 20,000 pages in 2026-11: below 80%; the quota was raised from 6,000 to 20,000")
  }

  @Test("What was changed is what was changed last, also where nothing was said in between")
  func changedTwice() throws {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    _ = world.read(("2026-11", 5_000))
    for quota in [20_000, 15_000] {
      world.quota.pages = Int64(quota)
      #expect(world.read(("2026-11", 5_000)).isEmpty)
    }
    world.quota.pages = 6_000
    #expect(
      world.read(("2026-11", 5_000)).first?.reason
        == "5,000 of 6,000 pages in 2026-11: at or above 80%; the quota was lowered from 15,000 to 6,000")
  }

  @Test("A resolution says what the vendor has corrected")
  func corrected() throws {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["80%"])])
    let events = world.november(8_200, 8_300, 7_000)
    #expect(
      events.last?.first?.reason
        == "7,000 of 10,000 pages in 2026-11: below 80%; the vendor has corrected the count from 8,300 to 7,000 (−1,300)"
    )
  }

  @Test("What fires is listed lowest first also after the quota was edited")
  func orderAfterEdit() throws {
    var world = LifecycleWorld(rules: [LifecycleWorld.pages(["50%", "80%", "90%", "3000"])])
    _ = world.read(("2026-11", 5_100))
    world.quota.pages = 4_000
    let event = try #require(world.read(("2026-11", 5_100)).first)
    #expect(event.crossed.map(\.description) == ["80%", "90%"])
    // Half of the quota lies below 3000 by now.
    #expect(event.firing.map(\.description) == ["50%", "3000", "80%", "90%"])
  }

  @Test("A quota that is taken away leaves alerts as they are")
  func quotaRemoved() {
    var world = LifecycleWorld()
    _ = world.read(("2026-11", 9_000))
    world.quota.pages = nil
    #expect(world.read(("2026-11", 9_000)).isEmpty)
    #expect(world.alerts.values.filter { $0.status == .firing }.count == 2)
  }

  @Test("Edits of severity, receivers and other levels re-send nothing")
  func edits() {
    var world = LifecycleWorld()
    _ = world.read(("2026-11", 9_000))
    world.rules = [LifecycleWorld.pages(["50%", "70%", "80%", "100%"], severity: .critical)]
    #expect(ids(world.read(("2026-11", 9_000))) == ["r/acme/2026-11/pages/70%/firing/1"])
    world.rules = []
    #expect(world.read(("2026-11", 9_000)).isEmpty)
    world.rules = [LifecycleWorld.pages(["50%", "80%", "100%"])]
    #expect(world.read(("2026-11", 9_000)).isEmpty)
  }

  @Test("Two rules about the same counter are two alerts, in the order of the rules")
  func twoRules() {
    var world = LifecycleWorld(rules: [
      LifecycleWorld.pages(["50%"], id: "b"), LifecycleWorld.pages(["50%"], id: "a"),
    ])
    #expect(world.read(("2026-11", 6_000)).map(\.rule.rawValue) == ["b", "a"])
  }

  @Test("The same step from the same state gives the same ids and events")
  func repeatable() {
    var first = LifecycleWorld()
    var second = first
    #expect(first.read(("2026-11", 9_000)) == second.read(("2026-11", 9_000)))
  }
}
