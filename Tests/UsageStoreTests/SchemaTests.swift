import GRDB
import QuotaCore
import Testing

@testable import UsageStore

@Suite("The schema")
struct SchemaTests {
  @Test("Every table is strict")
  func strict() async throws {
    let fixture = try StoreFixture()
    try await fixture.fill()
    let loose = try await DatabaseQueue(path: fixture.path).read { database in
      try String.fetchAll(
        database,
        sql: "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite_%'")
    }
    #expect(loose == [])
  }

  @Test(
    "Rows that cannot be true are refused",
    arguments: [
      "INSERT INTO snapshots VALUES (1, 'acme', '2026-11', -1, 0, 'a', 'b')",
      "INSERT INTO snapshots VALUES (1, 'acme', '2026-11', 1, 0, 'b', 'a')",
      "INSERT INTO snapshots VALUES (1, 'acme', '26-11', 1, 0, 'a', 'b')",
      "INSERT INTO snapshots VALUES (1, 'acme', '2026-11', 'x', 0, 'a', 'b')",
      "INSERT INTO snapshots VALUES (1, 'nobody', '2026-11', 1, 0, 'a', 'b')",
      "INSERT INTO alerts VALUES ('acme', '', 'r', '', '', 'asleep', 'info', 1, 'a', 'b', '', '{}', NULL, NULL, NULL, 0, NULL)",
      "INSERT INTO alerts VALUES ('acme', '', 'r', '', '', 'pending', 'info', 0, 'a', 'b', '', '{}', NULL, NULL, NULL, 0, NULL)",
      "INSERT INTO notices VALUES (1, 'no-event', 'ops', 's', 'acme', 'firing', 'waiting', NULL, NULL, NULL, NULL, 'a')",
      "INSERT INTO silences VALUES (1, NULL, NULL, 'a', 'b', 'c', 'd', NULL, NULL)",
      "UPDATE organizations SET failure_count = 1",
      "INSERT INTO executions VALUES ('acme', 'x', 'a', 'success', 1, NULL, NULL, 'run', 'a', 'a', NULL, NULL, 'a', 'a')",
      "INSERT INTO executions VALUES ('acme', 'step', 'a', 'done', 1, NULL, NULL, 'run', 'a', 'a', NULL, NULL, 'a', 'a')",
      "INSERT INTO executions VALUES ('acme', 'step', 'a', 'error', -1, NULL, NULL, 'run', 'a', 'a', NULL, NULL, 'a', 'a')",
      "INSERT INTO executions VALUES ('acme', 'step', 'a', 'error', 1, NULL, NULL, 'run', 'a', 'a', NULL, NULL, 'b', 'a')",
      "INSERT INTO executions VALUES ('nobody', 'step', 'a', 'error', 1, NULL, NULL, 'run', 'a', 'a', NULL, NULL, 'a', 'a')",
    ])
  func constraints(sql: String) async throws {
    let fixture = try StoreFixture()
    try await fixture.fill { try $0.register([Organization(id: .acme)]) }
    try await DatabaseQueue(path: fixture.path).write { database in
      let error = #expect(throws: DatabaseError.self) { try database.execute(sql: sql) }
      #expect([.SQLITE_CONSTRAINT, .SQLITE_MISMATCH].contains(error?.resultCode))
    }
  }
}
