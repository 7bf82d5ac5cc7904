package import FoundationEssentials
import Logging
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

    /// A backup that was put in the place of the database.
    package struct Restored: Encodable, Sendable {
      package let restoredAt: Date
      /// The last moment that the backup knows.
      package let knownUntil: Date
      /// Where it was.
      package let backup: String
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
    /// The last one first.
    package let restorations: [Restored]
  }

  /// The size of the database in bytes, and the version of SQLite.
  func outline() throws -> (bytes: Int64, sqliteVersion: String) {
    (try SQLiteStore.size(path: database.path), SQLiteStore.sqliteVersion)
  }

  package func callAsFunction() throws -> Summary {
    let info = try SQLiteStore.info(path: database.path)
    return Summary(
      path: info.path, bytes: info.bytes, databaseVersion: info.schemaVersion, sqliteVersion: info.sqliteVersion,
      journalMode: info.journalMode,
      tables: info.tables.map { Summary.Table(name: $0.name, rows: $0.rows) },
      firstSnapshotAt: info.firstSnapshotAt, lastSnapshotAt: info.lastSnapshotAt, lastRunEndedAt: info.lastRun?.endedAt,
      restorations: info.restorations.map {
        Summary.Restored(restoredAt: $0.gap.to, knownUntil: $0.gap.from, backup: $0.path)
      })
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
