import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("An event")
struct EventTests {
  @Test("survives being stored as JSON", arguments: [Event.threshold(), .threshold(.resolved), .silence(.stale)])
  func coding(event: Event) throws {
    let stored = try JSONEncoder().encode(event)
    #expect(try JSONDecoder().decode(Event.self, from: stored) == event)
  }

  @Test("rounds the share of the quota down, so that 99.9 % never reads as 100 %")
  func share() {
    #expect(Event.threshold(used: 9_999).percentUsed == 99)
    #expect(Event.threshold(used: 25_000).percentUsed == 250)
    #expect(Event.threshold(quota: 0).percentUsed == nil)
    #expect(Event.threshold(quota: nil, crossed: ["5000"]).percentUsed == nil)
  }

  @Test("that is a test has an id of its own each time")
  func testEvents() {
    let now = moment("2026-11-23T12:00")
    let ids = [0.0, 0.001, 60].map { Event.test(of: NotifierID("ops"), now: now.addingTimeInterval($0)).id }
    #expect(Set(ids).count == 3)
    #expect(ids.allSatisfy { $0.rawValue.hasPrefix("test/ops/") })
    #expect(Event.test(of: NotifierID("ops"), now: now).transition == .test)
  }
}
