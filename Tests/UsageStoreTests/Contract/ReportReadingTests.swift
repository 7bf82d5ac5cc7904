import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("Visiting months for a report")
struct ReportReadingTests {
  private func filled(_ engine: StoreEngine) async throws -> PlacedStore {
    let store = try engine.store()
    try await store.write { writer in
      try writer.register([Organization(id: .globex, name: "Globex"), Organization(id: .acme, name: "Acme Corp")])
      for month in ["2026-11", "2026-09", "2026-10"] {
        for id in [OrganizationID.globex, .acme] {
          _ = try writer.record(
            reading(month == "2026-10" ? 100 : 7, at: .at("23T10:00"), month: .named(month), of: id),
            quota: Quota(pages: id == .acme ? 1_000 : nil), freezesQuota: false, asked: month == "2026-10")
        }
      }
    }
    return store
  }

  private func visited(
    from first: String, to last: String, organization: OrganizationID? = nil, in store: PlacedStore
  ) async throws -> [StoredMonth] {
    try await store.read { reader throws in
      var found: [StoredMonth] = []
      try reader.visitMonths(from: .named(first), to: .named(last), organization: organization) { found.append($0) }
      return found
    }
  }

  private func keys(_ months: [StoredMonth]) -> [String] {
    months.map { "\($0.usage.snapshot.organization) \($0.usage.snapshot.month)" }
  }

  @Test("They come in the order of organization and month, both ends included", arguments: StoreEngine.all)
  func order(engine: StoreEngine) async throws {
    let store = try await filled(engine)
    #expect(
      keys(try await visited(from: "2026-09", to: "2026-10", in: store))
        == ["acme 2026-09", "acme 2026-10", "globex 2026-09", "globex 2026-10"])
    #expect(
      keys(try await visited(from: "2026-10", to: "2026-12", organization: .globex, in: store)) == [
        "globex 2026-10", "globex 2026-11",
      ])
    #expect(try await visited(from: "2027-01", to: "2027-12", in: store).isEmpty)
    #expect(
      try await visited(from: "2026-01", to: "2026-12", organization: OrganizationID("nobody"), in: store).isEmpty)
  }

  @Test("They have everything that is stored of them", arguments: StoreEngine.all)
  func content(engine: StoreEngine) async throws {
    let store = try await filled(engine)
    let months = try await visited(from: "2026-10", to: "2026-10", in: store)
    let acme = try #require(months.first)
    #expect(months.map(\.organizationName) == ["Acme Corp", "Globex"])
    #expect(acme.usage.snapshot.counters == Counters(pages: 100, conversions: 10))
    #expect(acme.usage.snapshot.lastSeenAt == .at("23T10:00"))
    #expect(acme.usage.askedAt == .at("23T10:00"))
    #expect(months.map(\.usage.quota.pages) == [1_000, nil])
  }

  @Test("The visitor may read, and stop by throwing", arguments: StoreEngine.all)
  func visitor(engine: StoreEngine) async throws {
    let store = try await filled(engine)
    struct Enough: Error {}
    await #expect(throws: Enough.self) {
      try await store.read { reader throws in
        try reader.visitMonths(from: .october, to: .november, organization: nil) { month in
          try reader.visitMonths(from: .october, to: .november, organization: month.usage.snapshot.organization) { _ in
          }
          #expect(try reader.states(of: [.acme, .globex]).count == 2)
          throw Enough()
        }
      }
    }
    #expect(try await visited(from: "2026-10", to: "2026-11", in: store).count == 4)
  }

  @Test("The months of many organizations are those that were read, both ends included", arguments: StoreEngine.all)
  func months(engine: StoreEngine) async throws {
    let store = try await filled(engine)
    let nobody = OrganizationID("nobody")
    try await store.read { reader throws in
      let months = try reader.months(of: [.acme, nobody], from: .named("2026-08"), to: .october)
      #expect(months.mapValues { $0.keys.sorted() } == [.acme: [.named("2026-09"), .october]])
      #expect(months[.acme]?[.october]?.snapshot.counters.pages == 100)
      #expect(months[.acme]?[.october]?.quota.pages == 1_000)
      #expect(
        try reader.firstMonths(of: [.acme, .globex, nobody]) == [
          .acme: .named("2026-09"), .globex: .named("2026-09"),
        ])
    }
  }

  @Test("Snapshots are found by when they were seen, in the order in which they were made", arguments: StoreEngine.all)
  func snapshots(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      for (pages, time) in [(1, "01T10:00"), (1, "02T10:00"), (2, "03T10:00"), (3, "04T10:00")] as [(Int64, String)] {
        try writer.record(reading(pages, at: .at(time)))
      }
      try writer.record(reading(9, at: .at("02T12:00"), month: .october))
      try writer.record(reading(9, at: .at("02T12:00"), of: .globex))
    }
    try await store.read { reader throws in
      func seen(since time: String) throws -> [Int64] {
        try reader.snapshots(of: .acme, month: .november, seenSince: .at(time)).map(\.counters.pages)
      }
      #expect(try seen(since: "02T10:00") == [1, 2, 3])
      #expect(try seen(since: "02T10:01") == [2, 3])
      func seen(_ first: String, _ last: String) throws -> [Int64] {
        try reader.snapshots(of: .acme, seenIn: .at(first) ... .at(last)).map(\.counters.pages)
      }
      #expect(try seen("02T10:00", "03T10:00") == [1, 2, 9])
      #expect(try seen("02T10:01", "03T09:59") == [9])
      #expect(try reader.latestSnapshots(of: .acme, month: .november, limit: 2).map(\.counters.pages) == [2, 3])
    }
  }
}
