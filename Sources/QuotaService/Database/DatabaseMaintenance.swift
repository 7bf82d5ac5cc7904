package import FoundationEssentials
import QuotaCore
import UsageStore

/// Describes the database.
package struct DescribeDatabase: Sendable {
  let database: DatabaseAccess

  /// What `db info` tells.
  package struct Summary: Encodable, Sendable {
    package struct Table: Encodable, Sendable {
      package let name: String
      package let rows: Int64
    }

    package let path: String
    package let bytes: Int64
    package let databaseVersion: Int64
    package let sqliteVersion: String
    package let journalMode: String
    package let tables: [Table]
    package let firstSnapshotAt: Date?
    package let lastSnapshotAt: Date?
    package let lastRunEndedAt: Date?
  }

  package func callAsFunction() throws -> Summary {
    let info = try SQLiteStore.info(path: database.path)
    return Summary(
      path: info.path, bytes: info.bytes, databaseVersion: info.schemaVersion, sqliteVersion: info.sqliteVersion,
      journalMode: info.journalMode,
      tables: info.tables.map { Summary.Table(name: $0.name, rows: $0.rows) },
      firstSnapshotAt: info.firstSnapshotAt, lastSnapshotAt: info.lastSnapshotAt, lastRunEndedAt: info.lastRun?.endedAt)
  }
}

/// Checks the database.
package struct CheckDatabase: Sendable {
  let database: DatabaseAccess

  /// What is wrong with the database, a line each; empty if nothing is.
  package func callAsFunction() throws -> [String] {
    try SQLiteStore.check(path: database.path)
  }
}

/// Backs the database up.
package struct BackUpDatabase: Sendable {
  let database: DatabaseAccess

  /// Copies the database to a file that is verified before it gets its name.
  package func callAsFunction(to file: String, overwrites: Bool) throws {
    try SQLiteStore.backup(path: database.path, to: file, overwrites: overwrites)
  }
}
