import Foundation
import QuotaCore
import TestSupport
import Testing
import UsageStore

@Suite("Thinning snapshots")
struct ThinningTests {
  private func kept(_ readings: [Reading], in store: PlacedStore) async throws -> Set<Snapshot> {
    try await store.read { reader in
      Set(
        try readings.compactMap { reading in
          try reader.snapshots(of: reading.organization, month: reading.month, seenSince: .distantPast)
            .last { $0.firstSeenAt <= reading.observedAt }
        })
    }
  }

  /// What has to be left, straight from the definition.
  private func expected(_ snapshots: Set<Snapshot>, before time: Date, in zone: TimeZone) -> Set<Snapshot> {
    struct Group: Hashable {
      let organization: OrganizationID
      let month: BillingMonth
      let day: Int?
      let isOfMonth: Bool
    }
    func last(_ group: [Snapshot]) -> Snapshot? { group.max { ($0.lastSeenAt, $0.id) < ($1.lastSeenAt, $1.id) } }
    let old = snapshots.filter { $0.lastSeenAt < time }
    let days = Dictionary(grouping: old) {
      Group(
        organization: $0.organization, month: $0.month,
        day: Int(($0.lastSeenAt.timeIntervalSince1970 / 86_400).rounded(.down)),
        isOfMonth: $0.firstSeenAt <= $0.month.period(in: zone).upperBound)
    }
    let months = Dictionary(grouping: snapshots) {
      Group(organization: $0.organization, month: $0.month, day: nil, isOfMonth: true)
    }
    return snapshots.subtracting(old).union(days.values.compactMap(last)).union(months.values.compactMap(last))
  }

  @Test(
    "Random histories keep each day's last, each month's last and the last before its end, whatever the steps",
    arguments: StoreEngine.all, 0..<8
  )
  func random(engine: StoreEngine, round: Int) async throws {
    let zone = try #require(TimeZone(identifier: "America/Los_Angeles"))
    let store = try engine.store(in: zone)
    var random = SeededGenerator(seed: UInt64(round))
    var readings: [Reading] = []
    for id in [OrganizationID.acme, .globex] {
      for month in [BillingMonth.october, .november] {
        var time = Date.at("01T00:00")
        for _ in 0..<150 {
          time = time + .minutes(Int64.random(in: 1...(round < 4 ? 200 : 2_000), using: &random))
          readings.append(reading(Int64.random(in: 0...3, using: &random), at: time, month: month, of: id))
        }
      }
    }
    readings.sort { $0.observedAt < $1.observedAt }
    // The second half comes when the first has been thinned already, as it does in production.
    var removed = 0
    for (half, cutoff) in [(readings.prefix(300), Date.at("05T13:30")), (readings.suffix(300), .at("08T09:10"))] {
      try await store.write { writer in
        for reading in half { try writer.record(reading) }
      }
      let before = try await kept(readings, in: store)
      removed += try await store.write { try $0.thinSnapshots(lastSeenBefore: cutoff) }
      #expect(try await kept(readings, in: store) == expected(before, before: cutoff, in: zone))
    }
    #expect(removed > 0)
    #expect(try await store.write { try $0.thinSnapshots(lastSeenBefore: .at("08T09:10")) } == 0)
    #expect(try store.problems() == [])
  }

  @Test(
    "Thinning goes on where a clock was ahead once, and keeps what was made last on a day", arguments: StoreEngine.all)
  func clockAhead(engine: StoreEngine) async throws {
    let store = try engine.store()
    let times = ["01T10:00", "03T10:00", "01T11:00", "01T12:00", "02T09:00", "03T11:00"]
    try await store.write { writer in
      for (pages, time) in times.enumerated() { try writer.record(reading(Int64(pages), at: .at(time))) }
      #expect(try writer.thinSnapshots(lastSeenBefore: .at("20T00:00")) == 3)
      for hour in 0..<3 { try writer.record(reading(Int64(10 + hour), at: .at("04T1\(hour):00"))) }
      #expect(try writer.thinSnapshots(lastSeenBefore: .at("06T00:00")) == 2)
    }
    let left = try await store.read {
      try $0.latestSnapshots(of: .acme, month: .november, limit: 9).map(\.counters.pages)
    }
    #expect(left == [3, 4, 5, 12])
    #expect(try store.problems() == [])
  }

  @Test("A month's last stays, however old it is", arguments: StoreEngine.all)
  func monthsLast(engine: StoreEngine) async throws {
    let store = try engine.store()
    let readings = (0..<5).map { reading(Int64($0), at: .at("01T1\($0):00")) }
    try await store.write { writer in
      for reading in readings { try writer.record(reading) }
    }
    #expect(try await store.write { try $0.thinSnapshots(lastSeenBefore: .at("29T00:00")) } == 4)
    let left = try await store.read { try $0.organizations().first?.latest?.snapshot }
    #expect(left?.counters.pages == 4)
    // The same values go on extending it.
    let next = try await store.record(reading(4, at: .at("29T10:00")))
    #expect(next.snapshot.id == left?.id)
  }
}
