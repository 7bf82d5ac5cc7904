import Foundation
import QuotaCore
import Testing

@Suite("Silences and doubts in the database")
struct SilencesAndDoubtsTests {
  @Test("A silence comes back until it ends or is ended, and stays on record", arguments: StoreEngine.all)
  func silences(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (from, until) = (Date.at("23T10:00"), Date.at("24T10:00"))
    let id = try await store.write { writer in
      try writer.add(
        Silence(
          id: 0, organization: .acme, rule: nil, from: from, until: until, reason: "test", createdBy: "kim"))
    }
    let found = try await store.read { try $0.silences(endingAfter: from) }
    #expect(
      found == [
        Silence(id: id, organization: .acme, rule: nil, from: from, until: until, reason: "test", createdBy: "kim")
      ])
    #expect(try await store.read { try $0.silences(endingAfter: until) }.isEmpty)
    #expect(try await store.read { try $0.silences(endingAfter: nil) }.count == 1)
    let end = Date.at("23T11:00")
    #expect(try await store.write { try $0.endSilence(id, at: end, by: "lee") })
    #expect(try await store.write { try $0.endSilence(id, at: end, by: "lee") } == false)
    #expect(try await store.read { try $0.silences(endingAfter: end) }.isEmpty)
    let ended = try await store.read { try $0.silences(endingAfter: nil) }
    #expect(ended.map(\.until) == [until])
    #expect(ended.map(\.ended) == [Silence.Ending(at: end, by: "lee")])
  }

  @Test("One doubt about the vendor's figures is open at a time", arguments: StoreEngine.all)
  func breaker(engine: StoreEngine) async throws {
    let store = try engine.store()
    let trip = BreakerTrip(run: 3, trippedAt: .at("23T10:00"), compared: 9, suspects: 7)
    try await store.write { try $0.open(trip) }
    #expect(try await store.read { try $0.openBreakerTrip() } == trip)
    #expect(await storeError { try await store.write { try $0.open(trip) } } != nil)
    try await store.write { try $0.closeBreakerTrip(.confirmed, at: .at("23T11:00")) }
    #expect(try await store.read { try $0.openBreakerTrip() } == nil)
    try await store.write { try $0.open(trip) }
  }

  @Test("The doubt about a month's figures is kept until it is removed", arguments: StoreEngine.all)
  func doubts(engine: StoreEngine) async throws {
    let store = try engine.store()
    let period = BillingMonth.november.period(in: .gmt)
    let doubts = try await store.write { writer in
      var before: Snapshot?
      for (pages, time) in [(100, "23T10:00"), (1_000, "23T11:00")] as [(Int64, String)] {
        let reading = Reading(
          organization: .acme, month: .november, counters: Counters(pages: pages, conversions: 7),
          observedAt: .at(time))
        let usage = try writer.record(reading, quota: Quota(pages: 5), freezesQuota: false, asked: false)
        let month = ObservedMonth(snapshot: usage.snapshot, before: before, quota: usage.quota, period: period)
        before = usage.snapshot
        if let suspect = Suspect(month, previous: nil) {
          try writer.save(Doubt(suspect, month, at: reading.observedAt))
        }
      }
      return try writer.doubts()
    }
    let doubt = try #require(doubts.first)
    #expect(doubts.count == 1)
    #expect(doubt.base?.counters.pages == 100)
    #expect(doubt.latest.counters.pages == 1_000)
    try await store.write { try $0.save(doubt.held()) }
    #expect(try await store.read { try $0.doubts() } == [doubt.held()])
    try await store.write { try $0.remove(doubt) }
    #expect(try await store.read { try $0.doubts() }.isEmpty)
  }

  @Test("A silence can be moved; they come in the order in which they were made", arguments: StoreEngine.all)
  func moved(engine: StoreEngine) async throws {
    let store = try engine.store()
    let silence = Silence(
      id: 0, organization: nil, rule: RuleID("r"), from: .at("24T10:00"), until: .at("25T10:00"), reason: "test",
      createdBy: "kim")
    let ids = try await store.write { try [$0.add(silence), $0.add(silence)] }
    let moved = Silence(
      id: ids[0], organization: nil, rule: RuleID("r"), from: .at("23T10:00"), until: .at("26T10:00"), reason: "test",
      createdBy: "kim")
    try await store.write { try $0.move(moved) }
    let found = try await store.read { try $0.silences(endingAfter: .at("25T09:00")) }
    #expect(found.map(\.id) == ids)
    #expect(found.first == moved)
    #expect(try await store.read { try $0.silences(endingAfter: .at("25T10:00")) } == [moved])
  }

  @Test("One held edit and one refusal of every key is open at a time", arguments: StoreEngine.all)
  func holds(engine: StoreEngine) async throws {
    let store = try engine.store()
    let hold = RetirementHold(run: 3, since: .at("23T10:00"), affected: 7, compared: 9)
    let refusal = KeyRefusal(run: 3, since: .at("23T10:00"), notified: [NotifierID("ops")])
    for _ in 0..<2 {
      try await store.write { writer in
        try writer.open(hold)
        try writer.open(refusal)
      }
      #expect(try await store.read { try $0.openRetirementHold() } == hold)
      #expect(try await store.read { try $0.openKeyRefusal() } == refusal)
      #expect(await storeError { try await store.write { try $0.open(hold) } } != nil)
      #expect(await storeError { try await store.write { try $0.open(refusal) } } != nil)
      try await store.write { writer in
        try writer.closeRetirementHold(at: .at("23T11:00"))
        try writer.closeKeyRefusal(at: .at("23T11:00"))
      }
      #expect(try await store.read { try $0.openRetirementHold() } == nil)
      #expect(try await store.read { try $0.openKeyRefusal() } == nil)
    }
  }
}
