import Foundation
import QuotaCore
import Testing

@Suite("Runs")
struct RunsTests {
  @Test("The last run is the last one that ended, with its counts", arguments: StoreEngine.all)
  func last(engine: StoreEngine) async throws {
    let store = try engine.store()
    #expect(try await store.read { try $0.lastRun()?.id } == nil)
    var summary = RunSummary()
    (summary.organizations, summary.read, summary.failed, summary.requests) = (1, 2, 3, 4)
    (summary.events, summary.delivered, summary.pending, summary.dead) = (5, 6, 7, 8)
    let (first, second) = try await store.write { [summary] writer in
      let first = try writer.beginRun(at: .at("23T10:00"))
      let second = try writer.beginRun(at: .at("23T11:00"))
      try writer.endRun(first, summary, at: .at("23T10:05"))
      return (first, second)
    }
    #expect(first != second)
    let run = try #require(try await store.read { try $0.lastRun() })
    #expect(run.id == first)
    #expect(run.summary == summary)
    #expect(run.startedAt == .at("23T10:00"))
    #expect(run.endedAt == .at("23T10:05"))
  }

  @Test("It is known how much was read, and since when", arguments: StoreEngine.all)
  func extent(engine: StoreEngine) async throws {
    let store = try engine.store()
    #expect(try await store.read { try $0.extent() } == StoredExtent(snapshots: 0, firstMonth: nil))
    try await store.write { writer in
      try writer.register([Organization(id: .acme)])
      for (pages, time) in [(5, "01T10:00"), (6, "02T10:00"), (6, "03T10:00")] as [(Int64, String)] {
        try writer.record(reading(pages, at: .at(time)))
      }
    }
    #expect(try await store.read { try $0.extent() } == StoredExtent(snapshots: 2, firstMonth: .november))
  }

  @Test(
    "What goes wrong is new once, and over once, for the organizations that a run looks at", arguments: StoreEngine.all)
  func troubles(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (acme, globex) = (OrganizationID("acme"), OrganizationID("globex"))
    func change(_ organizations: Set<OrganizationID>, _ found: [Trouble]) async throws -> Trouble.Change {
      try await store.write { try $0.exchangeTroubles(of: organizations, for: found) }
    }
    let (slow, refused) = (
      Trouble("acme", of: acme, because: "timeout"), Trouble("globex", of: globex, because: "key_rejected")
    )
    let channel = Trouble("notifier ops", because: "fails")
    #expect(try await change([acme, globex], [slow, refused, channel]).new == ["acme", "globex", "notifier ops"])
    #expect(try await change([acme, globex], [slow, refused, channel]) == Trouble.Change())
    let alone = try await change([acme], [channel])
    #expect(alone.new.isEmpty && alone.over == ["acme"])
    let other = Trouble("globex", of: globex, because: "unreachable")
    let last = try await change([acme, globex], [other])
    #expect(last.new == ["globex"] && last.over == ["notifier ops"])
  }

  @Test("Runs that ended come the last one first, page by page", arguments: StoreEngine.all)
  func pages(engine: StoreEngine) async throws {
    let store = try engine.store()
    let ids = try await store.write { writer in
      try (1...5).map { day in
        let id = try writer.beginRun(at: .at("0\(day)T10:00"))
        if day != 3 { try writer.endRun(id, RunSummary(), at: .at("0\(day)T10:05")) }
        return id
      }
    }
    func runs(before id: Int64?) async throws -> [Int64] {
      try await store.read { try $0.runs(before: id, limit: 2).map(\.id) }
    }
    #expect(try await runs(before: nil) == [ids[4], ids[3]])
    #expect(try await runs(before: ids[3]) == [ids[1], ids[0]])
    #expect(try await runs(before: ids[0]).isEmpty)
  }

  @Test("When runs ended is known for any time, in its order, both ends included", arguments: StoreEngine.all)
  func ends(engine: StoreEngine) async throws {
    let store = try engine.store()
    let times = ["03T10:00", "01T10:00", "02T10:00", "04T10:00"]
    try await store.write { writer in
      for time in times {
        try writer.endRun(try writer.beginRun(at: .at("01T09:00")), RunSummary(), at: .at(time))
      }
      _ = try writer.beginRun(at: .at("02T10:00"))
    }
    let found = try await store.read { try $0.runEnds(in: .at("01T10:00") ... .at("03T10:00")) }
    #expect(found == [.at("01T10:00"), .at("02T10:00"), .at("03T10:00")])
  }

  @Test("The latest moment is that of whatever was stored last", arguments: StoreEngine.all)
  func latestMoment(engine: StoreEngine) async throws {
    let store = try engine.store()
    func latest() async throws -> StoredMoment? { try await store.read { try $0.latestMoment() } }
    #expect(try await latest() == nil)
    try await store.write { _ = try $0.beginRun(at: .at("01T10:00")) }
    #expect(try await latest() == StoredMoment(source: .run, time: .at("01T10:00")))
    try await store.write { try $0.endRun($0.beginRun(at: .at("02T10:00")), RunSummary(), at: .at("02T11:00")) }
    #expect(try await latest() == StoredMoment(source: .run, time: .at("02T11:00")))
    try await store.write { try $0.save(PollHistory().adding(nil, at: .at("03T10:00")), of: .acme) }
    #expect(try await latest() == StoredMoment(source: .reading, time: .at("03T10:00")))
    let failure = ReadingFailure(.keyRejected, "401")
    try await store.write { try $0.save(PollHistory().adding(failure, at: .at("04T10:00")), of: .globex) }
    #expect(try await latest() == StoredMoment(source: .reading, time: .at("04T10:00")))
    let silence = Silence(
      id: 0, organization: .acme, rule: nil, from: .at("05T10:00"), until: .at("29T10:00"), reason: "", createdBy: "")
    try await store.write { _ = try $0.add(silence) }
    #expect(try await latest() == StoredMoment(source: .silence, time: .at("05T10:00")))
    try await store.write { try $0.enqueue([event("e")], [delivery("e")]) }
    #expect(try await latest() == StoredMoment(source: .message, time: .at("23T10:00")))
    try await store.write { try $0.update(delivery("e", status: .delivered)) }
    #expect(try await latest() == StoredMoment(source: .silence, time: .at("05T10:00")))
  }

  @Test("The last backup that was noted is known", arguments: StoreEngine.all)
  func backups(engine: StoreEngine) async throws {
    let store = try engine.store()
    #expect(try await store.read { try $0.lastBackup() } == nil)
    for backup in [Backup(madeAt: .at("01T10:00"), path: "a"), Backup(madeAt: .at("02T10:00"), path: "b c")] {
      try await store.write { try $0.note(backup) }
      #expect(try await store.read { try $0.lastBackup() } == backup)
    }
  }
}
