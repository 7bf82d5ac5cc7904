import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("Recording readings")
struct RecordingTests {
  /// Records readings of one month and returns all snapshots there are, in the order of their ids, as
  /// `pages first…last`.
  private func history(
    _ readings: [(pages: Int64, time: String)], in store: PlacedStore
  ) async throws -> [String] {
    try await store.write { writer in
      for values in readings { try writer.record(reading(values.pages, at: .at(values.time))) }
    }
    return try await store.read { reader in
      try reader.latestSnapshots(of: .acme, month: .november, limit: 100).map {
        "\($0.counters.pages) \(Self.short($0.firstSeenAt))…\(Self.short($0.lastSeenAt))"
      }
    }
  }

  private static func short(_ date: Date) -> String {
    String(date.iso8601.dropFirst(8).prefix(8))
  }

  private func latestPages(_ store: PlacedStore) async throws -> Int64? {
    try await store.read { try $0.organizations().first?.latest?.snapshot.counters.pages }
  }

  @Test("The same values extend the snapshot, other values make a new one", arguments: StoreEngine.all)
  func following(engine: StoreEngine) async throws {
    let store = try engine.store()
    let history = try await history(
      [
        (5, "01T10:00"), (5, "01T11:00"), (7, "01T12:00"), (7, "01T13:00"), (5, "01T14:00"),
      ], in: store)
    #expect(history == ["5 01T10:00…01T11:00", "7 01T12:00…01T13:00", "5 01T14:00…01T14:00"])
    #expect(try await latestPages(store) == 5)
  }

  @Test("A reading that would extend a snapshot that is not there is refused, not lost", arguments: StoreEngine.all)
  func extendingNothing(engine: StoreEngine) async throws {
    let store = try engine.store()
    let foreign = try await store.dryRun { try $0.record(reading(5, at: .at("01T10:00"))) }
    let error = await storeError {
      _ = try await store.write {
        try $0.record(
          reading(5, at: .at("01T11:00")), after: foreign, quota: Quota(), freezesQuota: false, asked: false)
      }
    }
    guard case .unusable = error else { throw TestFailure() }
    #expect(try await store.read { try $0.organizations().count } == 0)
  }

  @Test("Numbers are given in turn to the snapshots of all organizations, and never again", arguments: StoreEngine.all)
  func numbers(engine: StoreEngine) async throws {
    let store = try engine.store()
    let record = { @Sendable (writer: any StoreWriter, pages: Int64, organization: OrganizationID) in
      try writer.record(reading(pages, at: .at("01T1\(pages):00"), of: organization)).snapshot.id
    }
    let first = try await store.write { writer in
      try [
        record(writer, 0, .acme), record(writer, 0, OrganizationID("globex")), record(writer, 1, .acme),
        record(writer, 1, .acme),
      ]
    }
    #expect(first == [1, 2, 3, 3])
    #expect(try await store.dryRun { try record($0, 2, OrganizationID("globex")) } == 4)
    #expect(try await store.write { try $0.thinSnapshots(lastSeenBefore: .at("29T00:00")) } == 1)
    #expect(try await store.write { try [record($0, 3, OrganizationID("initech")), record($0, 4, .acme)] } == [4, 5])
    #expect(try store.problems() == [])
  }

  @Test(
    "A reading is the month's latest, whatever times are stored, and no stored time is changed",
    arguments: StoreEngine.all,
    [
      (5, ["5 01T12:00…01T12:00", "5 01T10:00…01T10:00"]), (3, ["5 01T12:00…01T12:00", "3 01T10:00…01T10:00"]),
      (7, ["5 01T12:00…01T12:00", "7 01T10:00…01T10:00"]),
    ] as [(Int64, [String])])
  func clockAhead(engine: StoreEngine, example: (pages: Int64, expected: [String])) async throws {
    let (pages, expected) = example
    let store = try engine.store()
    #expect(try await history([(5, "01T12:00"), (pages, "01T10:00")], in: store) == expected)
    #expect(try await latestPages(store) == pages)
    #expect(try store.problems() == [])
  }

  @Test("What follows a reading of a clock that was ahead is as if that had not been", arguments: StoreEngine.all)
  func afterClockAhead(engine: StoreEngine) async throws {
    let store = try engine.store()
    let history = try await history(
      [
        (5, "01T10:00"), (6, "20T10:10"), (6, "01T10:20"), (6, "01T10:30"), (8, "01T10:40"), (8, "20T10:30"),
      ], in: store)
    #expect(
      history == [
        "5 01T10:00…01T10:00", "6 20T10:10…20T10:10", "6 01T10:20…01T10:30", "8 01T10:40…20T10:30",
      ])
    #expect(try await latestPages(store) == 8)
    #expect(try store.problems() == [])
  }

  @Test("Recording returns the month as it is stored", arguments: StoreEngine.all)
  func returned(engine: StoreEngine) async throws {
    let store = try engine.store()
    let quota = Quota(pages: 100, conversions: nil)
    let (first, second) = try await store.write { writer in
      (
        try writer.record(reading(5, at: .at("01T10:00")), quota: quota),
        try writer.record(reading(5, at: .at("01T11:00")), quota: quota)
      )
    }
    #expect(first.snapshot.id == second.snapshot.id)
    #expect(second.snapshot.firstSeenAt == .at("01T10:00"))
    #expect(second.snapshot.lastSeenAt == .at("01T11:00"))
    #expect(second.snapshot.counters == Counters(pages: 5, conversions: 0))
    #expect(second.quota == quota)
    #expect(second.askedAt == nil)
    #expect(try await store.read { try $0.states(of: [.acme])[.acme]?.months } == [.november: second])
  }

  @Test("Snapshot ids are never used again", arguments: StoreEngine.all)
  func ids(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (removed, next) = try await store.write { writer in
      try writer.record(reading(0, at: .at("01T11:00")))
      try writer.record(reading(1, at: .at("01T12:00")))
      let before = try writer.record(reading(2, at: .at("01T13:00"))).snapshot.id
      let removed = try writer.thinSnapshots(lastSeenBefore: .at("02T00:00"))
      return (removed, try writer.record(reading(3, at: .at("03T13:00"))).snapshot.id - before)
    }
    #expect(removed == 2)
    #expect(next == 1)
  }

  @Test("The quota follows the configuration until the month is over", arguments: StoreEngine.all)
  func quota(engine: StoreEngine) async throws {
    let store = try engine.store()
    let quotas = try await store.write { writer -> [Int64?] in
      let steps: [(quota: Int64?, freezes: Bool)] = [
        (100, false), (200, false), (300, true), (nil, false), (400, true),
      ]
      return try steps.enumerated().map { hour, step in
        try writer.record(
          reading(1, at: .at("01T1\(hour):00")), quota: Quota(pages: step.quota), freezesQuota: step.freezes,
          asked: false
        ).quota.pages
      }
    }
    #expect(quotas == [100, 200, 200, nil, nil])
  }

  @Test("A past month that was never seen takes the configured quota, once", arguments: StoreEngine.all)
  func frozenFromTheStart(engine: StoreEngine) async throws {
    let store = try engine.store()
    let quotas = try await store.write { writer in
      try [100, 200].map { pages in
        try writer.record(
          reading(1, at: .at("23T10:00"), month: .october), quota: Quota(pages: pages), freezesQuota: true, asked: true
        ).quota.pages
      }
    }
    #expect(quotas == [100, 100])
  }

  @Test("When a month was asked for by name is kept, the last time", arguments: StoreEngine.all)
  func asked(engine: StoreEngine) async throws {
    let store = try engine.store()
    let times = try await store.write { writer in
      try [("01T10:00", false), ("01T12:00", true), ("01T13:00", false), ("01T11:00", true)].map { time, asked in
        try writer.record(reading(1, at: .at(time)), quota: Quota(), freezesQuota: false, asked: asked).askedAt
      }
    }
    #expect(times == [nil, .at("01T12:00"), .at("01T12:00"), .at("01T11:00")])
  }

  @Test("The largest counters are kept exactly", arguments: StoreEngine.all)
  func largest(engine: StoreEngine) async throws {
    let store = try engine.store()
    let counters = Counters(pages: .max, conversions: .max)
    let stored = try await store.write { writer in
      try writer.record(
        Reading(organization: .acme, month: .november, counters: counters, observedAt: .at("01T10:00")),
        quota: Quota(pages: .max)
      )
    }
    #expect(stored.snapshot.counters == counters)
    #expect(try await store.read { try $0.states(of: [.acme])[.acme]?.months[.november] } == stored)
  }

  @Test(
    "The snapshot at a moment is the last that was made until then",
    arguments: StoreEngine.all,
    [("01T09:59", nil), ("01T10:00", 5), ("01T11:59", 5), ("01T12:00", 7), ("30T00:00", 7)]
      as [(String, Int64?)])
  func snapshotAt(engine: StoreEngine, example: (time: String, pages: Int64?)) async throws {
    let (time, pages) = example
    let store = try engine.store()
    _ = try await history([(5, "01T10:00"), (5, "01T11:00"), (7, "01T12:00")], in: store)
    let found = try await store.read { try $0.latestMonths(of: [.acme], at: .at(time))[.acme] }
    #expect(found?.counters.pages == pages)
  }

  @Test(
    "The latest months at a moment are of the organizations that are asked for, as the single ones are",
    arguments: StoreEngine.all)
  func latestMonthsAt(engine: StoreEngine) async throws {
    let store = try engine.store()
    _ = try await history([(5, "01T10:00"), (7, "01T12:00")], in: store)
    let globex = OrganizationID("globex")
    try await store.write { writer in
      for (pages, time) in [(1, "02T10:00"), (2, "02T12:00")] as [(Int64, String)] {
        _ = try writer.record(
          Reading(
            organization: globex, month: .november, counters: Counters(pages: pages, conversions: 0),
            observedAt: .at(time)), quota: Quota())
      }
    }
    for (time, expected) in [
      ("01T09:00", [:]), ("01T11:00", [.acme: 5]), ("02T11:00", [.acme: 7, globex: 1]),
      ("03T00:00", [.acme: 7, globex: 2]),
    ] as [(String, [OrganizationID: Int64])] {
      let found = try await store.read {
        try $0.latestMonths(of: [.acme, globex, OrganizationID("none")], at: .at(time))
      }
      #expect(found.mapValues(\.counters.pages) == expected)
    }
    #expect(try await store.read { try $0.latestMonths(of: [globex], at: .at("03T00:00")) }.keys.sorted() == [globex])
    #expect(try await store.read { try $0.organizations([globex, OrganizationID("none")]) }.map(\.id) == [globex])
    #expect(try await store.read { try $0.organizations() }.map(\.id) == [.acme, globex])
  }
}
