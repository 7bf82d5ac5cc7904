package import FoundationEssentials
internal import GRDB
internal import GRDBSQLite
package import QuotaCore

/// What there is to say of a database: `quotawatch db info`.
package struct DatabaseInfo: Sendable {
  /// How many rows a table has.
  package struct Table: Hashable, Sendable {
    package let name: String
    package let rows: Int64
  }

  package let path: String
  /// The size of the database and its write-ahead log together, in bytes.
  package let bytes: Int64
  package let schemaVersion: Int64
  /// Of the SQLite library, such as `3.40.1`.
  package let sqliteVersion: String
  package let journalMode: String
  /// In the order of their names.
  package let tables: [Table]
  package let firstSnapshotAt: Date?
  package let lastSnapshotAt: Date?
  /// The last run that ended.
  package let lastRun: Run?
  /// The backups that were restored, the last one first.
  package let restorations: [Restoration]
}

extension SQLiteStore {
  /// The version of the SQLite library, such as `3.40.1`.
  package static var sqliteVersion: String { String(cString: sqlite3_libversion()) }

  /// The size of a database and its write-ahead log together, in bytes.
  package static func size(path: String) throws -> Int64 {
    let file = try DatabaseFile(path)
    return (file.size ?? 0) + file.logSize
  }

  /// Describes a database without changing it; a run may be active.
  package static func info(path: String) throws -> DatabaseInfo {
    let file = try DatabaseFile(path)
    do {
      return try openForReading(file).read { database in
        let names = try String.fetchAll(
          database,
          sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        let transaction = StoreTransaction(database: database, monthEnds: MonthEnds(in: .gmt))
        let seen: (first: Date?, last: Date?)? = try transaction.first(
          "SELECT min(first_seen_at), max(last_seen_at) FROM snapshots"
        ) { (try $0.next(), try $0.next()) }
        return DatabaseInfo(
          path: file.path, bytes: try size(path: file.path), schemaVersion: Schema.version,
          sqliteVersion: sqliteVersion,
          journalMode: try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "",
          tables: try names.map { name in
            DatabaseInfo.Table(
              name: name,
              rows: try Int64.fetchOne(database, sql: "SELECT count(*) FROM \(name.quotedDatabaseIdentifier)") ?? 0)
          },
          firstSnapshotAt: seen?.first, lastSnapshotAt: seen?.last,
          lastRun: try transaction.lastRun(), restorations: try transaction.restorations())
      }
    } catch {
      throw StoreFailure.translate(error, path: file.path)
    }
  }
}
