import Foundation
import GRDB
import QuotaCore
import Testing

@testable import UsageStore

@Suite("Thinning a database that contradicts itself")
struct ContradictionTests {
  @Test("What a month points to stays, even where the database contradicts itself")
  func pointedTo() async throws {
    let fixture = try StoreFixture()
    let store = try fixture.writer()
    try await store.write { writer in
      for hour in 0..<3 { try writer.record(reading(Int64(hour), at: .at("01T1\(hour):00"))) }
      try #require(writer as? StoreTransaction).database.execute(
        sql: """
          UPDATE organization_months SET (snapshot_id, snapshot_first_seen_at) =
            (SELECT id, first_seen_at FROM snapshots ORDER BY id LIMIT 1)
          """)
    }
    #expect(try await store.write { try $0.thinSnapshots(lastSeenBefore: .at("29T00:00")) } == 1)
    #expect(try await store.read { try $0.organizations().first?.latest?.snapshot.counters.pages } == 0)
  }
}
