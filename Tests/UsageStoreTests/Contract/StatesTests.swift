import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("What is known before a run")
struct StatesTests {
  private func state(of organization: OrganizationID = .acme, in store: PlacedStore) async throws -> OrganizationState {
    try #require(try await store.read { try $0.states(of: [organization])[organization] })
  }

  @Test("Organizations that are not known have no entry, in batches of a thousand", arguments: StoreEngine.all)
  func unknown(engine: StoreEngine) async throws {
    let store = try engine.store()
    let ids = (1...1_000).map { OrganizationID("organization-\($0)") }
    try await store.write { writer in
      for id in ids.prefix(500) { try writer.record(reading(1, at: .at("23T10:00"), of: id)) }
    }
    let states = try await store.read { try $0.states(of: ids) }
    #expect(Set(states.keys) == Set(ids.prefix(500)))
    #expect(states.values.allSatisfy { $0.months.count == 1 })
    #expect(try await store.read { try $0.states(of: []) }.isEmpty)
  }

  @Test("The history of reading comes back as it was saved", arguments: StoreEngine.all)
  func history(engine: StoreEngine) async throws {
    let store = try engine.store()
    let failure = ReadingFailure(.keyRejected, "401: Invalid API key ‹'\"›")
    var history = PollHistory().adding(nil, at: .at("20T10:00"))
    history = history.adding(failure, at: .at("21T10:00")).adding(failure, at: .at("22T10:00"))
    for history in [history, history.adding(nil, at: .at("23T10:00"))] {
      try await store.write { try $0.save(history, of: .acme) }
      #expect(try await state(in: store).history == history)
    }
  }

  @Test("Ids and names of any kind are kept apart", arguments: StoreEngine.all)
  func strangeNames(engine: StoreEngine) async throws {
    let store = try engine.store()
    let ids = ["a\"b", "a'b", "ä/€😀", "a\\b", ""].map { OrganizationID($0) }
    try await store.write { try $0.register(ids.map { Organization(id: $0, name: $0.rawValue + "!") }) }
    try await store.write { writer in
      for id in ids {
        try writer.record(reading(1, at: .at("23T10:00"), of: id))
        try writer.save([alert(of: id)])
      }
    }
    let states = try await store.read { try $0.states(of: ids) }
    #expect(Set(states.keys) == Set(ids))
    #expect(states.values.allSatisfy { $0.alerts.count == 1 })
    let names = try await store.read { try $0.organizations().map(\.name) }
    #expect(Set(names) == Set(ids.map { $0.rawValue + "!" }))
  }

  /// Months by name, read at a time, and what the state then holds.
  @Test(
    "The latest month, the one before it and every unsettled one are there",
    arguments: StoreEngine.all,
    [
      // Long past when it was read: settled, but the latest there is.
      (["2026-03": "2026-11-23"], ["2026-03"]),
      // The month before the latest belongs to it, also when it is settled.
      (["2026-02": "2026-11-23", "2026-03": "2026-11-23"], ["2026-02", "2026-03"]),
      // Others that are settled do not.
      (["2026-01": "2026-11-23", "2026-02": "2026-11-23", "2026-03": "2026-11-23"], ["2026-02", "2026-03"]),
      (["2026-01": "2026-11-23", "2026-03": "2026-11-23"], ["2026-03"]),
      // Read last before its late results were in: not settled, however long ago.
      (["2025-12": "2026-01-02", "2026-01": "2026-11-23", "2026-11": "2026-11-23"], ["2025-12", "2026-11"]),
    ])
  func months(engine: StoreEngine, example: (readAt: [String: String], expected: [String])) async throws {
    let (readAt, expected) = example
    let store = try engine.store()
    try await store.write { writer in
      for (month, day) in readAt {
        let time = try #require(Date(iso8601: day + "T10:00:00.000Z"))
        try writer.record(reading(1, at: time, month: .named(month)))
      }
    }
    #expect(try await state(in: store).months.keys.sorted().map(\.description) == expected)
  }

  @Test("A month is settled when its values stay the same, and no more when they change", arguments: StoreEngine.all)
  func settlement(engine: StoreEngine) async throws {
    let store = try engine.store()
    func months(_ pages: Int64, _ time: String) async throws -> [String] {
      try await store.record(reading(pages, at: .at(time), month: .named("2026-09")))
      return try await state(in: store).months.keys.sorted().map(\.description)
    }
    try await store.record(reading(1, at: .at("20T10:00")))
    // September is over for more than a month when it is first read, so it is settled at once.
    #expect(try await months(5, "20T10:00") == ["2026-11"])
    // Even a changed value is, since nobody polls it regularly any more.
    #expect(try await months(6, "21T10:00") == ["2026-11"])

    func october(_ pages: Int64, _ time: String) async throws -> Bool {
      try await store.record(reading(pages, at: .at(time), month: .october))
      try await store.record(reading(1, at: .at("29T10:00"), month: .named("2026-12")))
      return try await state(in: store).months[.october] == nil
    }
    #expect(try await october(5, "03T10:00") == false)
    #expect(try await october(5, "04T10:00") == true)
    #expect(try await october(6, "05T10:00") == false)
    #expect(try await october(6, "06T09:59") == false)
    #expect(try await october(6, "06T10:00") == true)
  }

  @Test(
    "The billing time zone decides when a month is over", arguments: StoreEngine.all,
    [("Etc/GMT+12", false), ("UTC", true)])
  func zone(engine: StoreEngine, example: (name: String, settled: Bool)) async throws {
    let (name, settled) = example
    let store = try engine.store(in: try #require(TimeZone(identifier: name)))
    try await store.write { writer in
      for time in ["02T00:00", "04T06:00"] { try writer.record(reading(5, at: .at(time), month: .october)) }
      try writer.record(reading(1, at: .at("29T10:00"), month: .named("2026-12")))
    }
    let months = try #require(try await store.read { try $0.states(of: [.acme])[.acme]?.months })
    #expect((months[.october] == nil) == settled)
    let standings = try await store.read { try $0.standings(of: [.acme, .globex], settledSince: .named("2026-12")) }
    #expect(Set(standings.keys) == [.acme])
    #expect(Set(standings[.acme]?.map(\.month) ?? []) == Set(months.keys))
  }

  @Test(
    "Alerts that fire are there for any month, others for the months that are there and without a month",
    arguments: StoreEngine.all)
  func alerts(engine: StoreEngine) async throws {
    let store = try engine.store()
    let september = BillingMonth.named("2026-09")
    let expected = [
      alert("a"), alert("b", status: .resolved), alert("c", status: .expired), alert("d", month: .october),
      alert("e", month: .october, status: .expired), alert("f", month: september),
      alert("g", month: nil, metric: nil, level: nil),
      alert("h", month: nil, metric: nil, level: nil, status: .resolved), alert("i", level: .count(5_000)),
    ]
    let others = [
      alert("j", month: september, status: .resolved), alert("k", month: september, status: .expired),
      alert("a", of: .globex),
    ]
    try await store.write { writer in
      for month in [BillingMonth.named("2026-08"), .october, .november] {
        try writer.record(reading(1, at: .at("23T10:00"), month: month))
      }
      try writer.record(reading(1, at: .at("23T10:00"), of: .globex))
      try writer.save(expected + others)
    }
    let found = try await state(in: store).alerts
    #expect(Set(found) == Set(expected))
    #expect(found.count == expected.count)
    #expect(try await state(of: .globex, in: store).alerts.count == 1)
  }

  @Test("An organization without any month has its alerts", arguments: StoreEngine.all)
  func alertsWithoutMonth(engine: StoreEngine) async throws {
    let store = try engine.store()
    let dead = alert("dead-key", month: nil, metric: nil, level: nil)
    try await store.write { writer in
      try writer.save(PollHistory().adding(ReadingFailure(.keyRejected, "401"), at: .at("23T10:00")), of: .acme)
      try writer.save([dead])
    }
    #expect(try await state(in: store).alerts == [dead])
  }

  @Test("Organizations are those that were read or tried, by id, with their latest month", arguments: StoreEngine.all)
  func organizations(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      try writer.register([
        Organization(id: .globex, name: "Globex"), Organization(id: .acme, name: "Acme"),
        Organization(id: OrganizationID("new")),
      ])
      try writer.register([Organization(id: .acme, name: "Acme Corp")])
      try writer.save(PollHistory().adding(nil, at: .at("23T10:00")), of: .globex)
      try writer.record(reading(1, at: .at("23T10:00"), month: .october))
      try writer.record(reading(2, at: .at("23T10:00")))
    }
    let found = try await store.read { try $0.organizations() }
    #expect(found.map(\.id) == [.acme, .globex])
    #expect(found.map(\.name) == ["Acme Corp", "Globex"])
    #expect(found.map { $0.latest?.snapshot.counters.pages } == [2, nil])
    #expect(found.map(\.history.lastSuccessAt) == [nil, .at("23T10:00")])
  }

  @Test("The summary of an organization's use is kept, the last one", arguments: StoreEngine.all)
  func profile(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.record(reading(1, at: .at("23T10:00")))
    #expect(try await state(in: store).profile == nil)
    for profile in [[1, 0, 255], []] as [[UInt8]] {
      try await store.write { try $0.save(profile: profile, of: .acme) }
      #expect(try await state(in: store).profile == profile)
      #expect(try await store.read { try $0.organizations().map(\.profile) } == [profile])
    }
  }

  @Test("Equal counters are found in the latest months, from a size on", arguments: StoreEngine.all)
  func equalCounters(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      for (id, pages, month) in [
        ("a", 500, "2026-11"), ("b", 500, "2026-11"), ("c", 500, "2026-10"), ("d", 700, "2026-11"),
        ("e", 90, "2026-11"), ("f", 90, "2026-11"), ("d", 500, "2026-10"),
      ] as [(String, Int64, String)] {
        try writer.record(reading(pages, at: .at("23T10:00"), month: .named(month), of: OrganizationID(id)))
      }
    }
    let found = try await store.read { reader in
      try [91, 90].map { try reader.organizationsWithEqualCounters(atLeast: $0).map(\.rawValue) }
    }
    #expect(found == [["a", "b"], ["a", "b", "e", "f"]])
  }
}
