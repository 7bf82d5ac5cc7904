import GRDB
import QuotaCore
import Testing
import UsageStore

@Suite("Rows of the closing journal")
struct ClosingRowTests {
  @Test(
    "A row that contradicts itself is refused",
    arguments: ["pages = 1", "action = 'reopen'", "settled = NULL", "reason = 'x'", "hash = 'x'"])
  func constraints(change: String) async throws {
    let fixture = try StoreFixture()
    try await fixture.fill { writer in
      try writer.register([Organization(id: .acme)])
      try writer.append(Closing(ClosingStoreTests.close(nil), after: nil, hash: ClosingStoreTests.hash))
    }
    await #expect(throws: DatabaseError.self) {
      try await DatabaseQueue(path: fixture.path).write { try $0.execute(sql: "UPDATE closings SET \(change)") }
    }
  }
}
