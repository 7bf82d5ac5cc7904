import QuotaCore
import Testing
import UsageStore

@Suite("Storing closings")
struct ClosingStoreTests {
  static let hash: ContentHash = { bytes in
    let text = String(bytes.reduce(UInt64(5_381)) { ($0 &* 33) ^ UInt64($1) }, radix: 16)
    return String(repeating: "0", count: 64 - text.count) + text
  }

  static func close(_ usage: MonthUsage?, forcedBecause: String? = nil) -> ClosingEntry {
    ClosingEntry(
      organization: .acme, month: .october, timeZone: "UTC",
      action: .close(
        ClosedMonth(
          snapshot: (usage?.snapshot).map(ClosedSnapshot.init), quota: Quota(pages: 5), isSettled: false,
          plan: "standard", planVersion: nil, forcedBecause: forcedBecause)),
      actedAt: .at("05T10:00"), actedBy: "ops")
  }

  private static let reopen = ClosingEntry(
    organization: .acme, month: .october, timeZone: "UTC", action: .reopen(reason: "why not"),
    actedAt: .at("06T10:00"), actedBy: "ops")

  @Test("An entry comes back as it was written", arguments: StoreEngine.all)
  func roundTrip(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      let usage = try writer.record(reading(10, at: .at("01T10:00"), month: .october))
      for entry in [Self.close(usage), Self.reopen, Self.close(nil, forcedBecause: "the month was never read")] {
        let closing = Closing(entry, after: try writer.lastClosing(), hash: Self.hash)
        try writer.append(closing)
        #expect(try writer.closing(closing.sequence) == closing)
        #expect(try writer.lastClosing() == closing)
      }
      #expect(try writer.closing(4) == nil)
    }
  }

  @Test(
    "Months say how far they have come, the latest first, of all organizations or of some", arguments: StoreEngine.all)
  func summaries(engine: StoreEngine) async throws {
    let store = try engine.store()
    #expect(try await store.read { try $0.monthSummaries(of: nil) }.isEmpty)
    try await store.write { writer in
      let usage = try writer.record(reading(10, at: .at("01T10:00"), month: .october))
      _ = try writer.record(reading(10, at: .at("01T10:00")))
      _ = try writer.record(reading(10, at: .at("01T10:00"), of: .globex))
      let first = Closing(Self.close(usage), after: nil, hash: Self.hash)
      try writer.append(first)
      let november = MonthSummary(month: .november, read: 2, settled: 0, closed: 0, invoiceLines: 0)
      let october = MonthSummary(month: .october, read: 1, settled: 0, closed: 1, invoiceLines: 0)
      #expect(try writer.monthSummaries(of: nil) == [november, october])
      #expect(
        try writer.monthSummaries(of: [.globex])
          == [MonthSummary(month: .november, read: 1, settled: 0, closed: 0, invoiceLines: 0)])
      try writer.append(Closing(Self.reopen, after: first, hash: Self.hash))
      #expect(try writer.monthSummaries(of: nil).last?.closed == 0)
    }
  }

  @Test("A month is closed by its last entry, and by none after it was opened again", arguments: StoreEngine.all)
  func closedMonths(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      let usage = try writer.record(reading(10, at: .at("01T10:00"), month: .october))
      func closed() throws -> Closing? {
        try writer.closedMonths(of: [.acme, .globex], from: .october, to: .november)[.acme]?[.october]
      }
      func organizations(in month: BillingMonth = .october) throws -> [OrganizationID] {
        try writer.closedOrganizations(from: month, to: .november)
      }
      #expect(try closed() == nil)
      let first = Closing(Self.close(usage), after: nil, hash: Self.hash)
      try writer.append(first)
      #expect(try closed() == first)
      #expect(try organizations() == [.acme])
      #expect(try organizations(in: .november) == [])
      let second = Closing(Self.reopen, after: first, hash: Self.hash)
      try writer.append(second)
      #expect(try closed() == nil)
      #expect(try organizations() == [])
      let third = Closing(Self.close(usage), after: second, hash: Self.hash)
      try writer.append(third)
      #expect(try closed() == third)
      #expect(try writer.closedMonths(of: [.acme], from: .november, to: .november).isEmpty)
    }
  }

  @Test(
    "The journal is visited in its order, each entry beside the readings as they are now", arguments: StoreEngine.all)
  func visit(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      let usage = try writer.record(reading(10, at: .at("01T10:00"), month: .october))
      try writer.append(Closing(Self.close(usage), after: nil, hash: Self.hash))
      let later = try writer.record(reading(20, at: .at("07T10:00"), month: .october))
      var visited: [StoredClosing] = []
      try writer.visitClosings { visited.append($0) }
      #expect(visited.map(\.closing.sequence) == [1])
      #expect(visited.first?.snapshotCounters == usage.snapshot.counters)
      #expect(visited.first?.latest == later.snapshot)
    }
  }

  @Test("The number of an entry is given once", arguments: StoreEngine.all)
  func number(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      try writer.register([Organization(id: .acme)])
      try writer.append(Closing(Self.close(nil), after: nil, hash: Self.hash))
      #expect(throws: (any Error).self) { try writer.append(Closing(Self.close(nil), after: nil, hash: Self.hash)) }
    }
  }

  @Test("Thinning leaves the snapshot that a month was closed with", arguments: StoreEngine.all)
  func thinning(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      let usage = try writer.record(reading(10, at: .at("05T10:00"), month: .october))
      _ = try writer.record(reading(11, at: .at("05T11:00"), month: .october))
      _ = try writer.record(reading(12, at: .at("05T12:00"), month: .october))
      try writer.append(Closing(Self.close(usage), after: nil, hash: Self.hash))
      #expect(try writer.thinSnapshots(lastSeenBefore: .at("20T00:00")) == 1)
      #expect(try writer.latestMonths(of: [.acme], at: .at("05T10:00"))[.acme]?.id == usage.snapshot.id)
    }
  }
}
