import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("Visiting months for a report")
struct ReportReadingTests {
  let fixture: StoreFixture
  let store: SQLiteStore

  init() async throws {
    fixture = try StoreFixture()
    store = try fixture.writer()
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
  }

  private func visited(
    from first: String, to last: String, organization: OrganizationID? = nil
  ) async throws -> [StoredMonth] {
    try await store.read { reader in
      var found: [StoredMonth] = []
      try reader.visitMonths(from: .named(first), to: .named(last), organization: organization) { found.append($0) }
      return found
    }
  }

  private func keys(_ months: [StoredMonth]) -> [String] {
    months.map { "\($0.usage.snapshot.organization) \($0.usage.snapshot.month)" }
  }

  @Test("They come in the order of organization and month, both ends included")
  func order() async throws {
    #expect(
      keys(try await visited(from: "2026-09", to: "2026-10"))
        == ["acme 2026-09", "acme 2026-10", "globex 2026-09", "globex 2026-10"])
    #expect(
      keys(try await visited(from: "2026-10", to: "2026-12", organization: .globex)) == [
        "globex 2026-10", "globex 2026-11",
      ])
    #expect(try await visited(from: "2027-01", to: "2027-12").isEmpty)
    #expect(try await visited(from: "2026-01", to: "2026-12", organization: OrganizationID("nobody")).isEmpty)
  }

  @Test("They have everything that is stored of them")
  func content() async throws {
    let months = try await visited(from: "2026-10", to: "2026-10")
    let acme = try #require(months.first)
    #expect(months.map(\.organizationName) == ["Acme Corp", "Globex"])
    #expect(acme.usage.snapshot.counters == Counters(pages: 100, conversions: 10))
    #expect(acme.usage.snapshot.lastSeenAt == .at("23T10:00"))
    #expect(acme.usage.askedAt == .at("23T10:00"))
    #expect(months.map(\.usage.quota.pages) == [1_000, nil])
  }

  @Test("The visitor may read, and stop by throwing")
  func visitor() async throws {
    struct Enough: Error {}
    let store = store
    await #expect(throws: Enough.self) {
      try await store.read { reader in
        try reader.visitMonths(from: .october, to: .november, organization: nil) { month in
          try reader.visitMonths(from: .october, to: .november, organization: month.usage.snapshot.organization) { _ in
          }
          #expect(try reader.states(of: [.acme, .globex]).count == 2)
          throw Enough()
        }
      }
    }
    #expect(try await visited(from: "2026-10", to: "2026-11").count == 4)
  }
}
