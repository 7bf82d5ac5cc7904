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
  let world: World

  /// Copies the database to a file that is verified before it gets its name, and notes in the database when that was. A
  /// backup that cannot be noted is good all the same, which is logged.
  package func callAsFunction(to file: String, overwrites: Bool) async throws {
    let backup = Backup(madeAt: world.now().roundedToMilliseconds, path: file)
    try SQLiteStore.backup(path: database.path, to: file, overwrites: overwrites)
    do {
      try await database.writing { store in try await store.write { try $0.note(backup) } }
    } catch {
      let reason = (error as? ServiceError)?.lines.first ?? "\(error)"
      database.logger.warning("\(file) is good, but it is not noted in the database when it was made: \(reason)")
    }
  }
}
