package import FoundationEssentials
import QuotaCore
import UsageStore

extension Service {
  /// What `db info` tells.
  package struct DatabaseSummary: Encodable, Sendable {
    package struct Table: Encodable, Sendable {
      package let name: String
      package let rows: Int64
    }

    package let path: String
    package let bytes: Int64
    package let schemaVersion: Int64
    package let sqliteVersion: String
    package let journalMode: String
    package let tables: [Table]
    package let firstSnapshotAt: Date?
    package let lastSnapshotAt: Date?
    package let lastRunEndedAt: Date?
  }

  package func databaseInfo() throws -> DatabaseSummary {
    let info = try SQLiteStore.info(path: configuration.databasePath)
    return DatabaseSummary(
      path: info.path, bytes: info.bytes, schemaVersion: info.schemaVersion, sqliteVersion: info.sqliteVersion,
      journalMode: info.journalMode,
      tables: info.tables.map { DatabaseSummary.Table(name: $0.name, rows: $0.rows) },
      firstSnapshotAt: info.firstSnapshotAt, lastSnapshotAt: info.lastSnapshotAt, lastRunEndedAt: info.lastRun?.endedAt)
  }

  /// What is wrong with the database, a line each; empty if nothing is.
  package func databaseProblems() throws -> [String] {
    try SQLiteStore.check(path: configuration.databasePath)
  }

  /// Copies the database to a file that is verified before it gets its name.
  package func backUpDatabase(to file: String, overwrites: Bool) throws {
    try SQLiteStore.backup(path: configuration.databasePath, to: file, overwrites: overwrites)
  }
}
