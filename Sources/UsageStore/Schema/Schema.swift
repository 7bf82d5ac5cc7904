internal import GRDB

/// The versions of the schema, as `user_version` in the database's header counts them.
enum Schema {
  /// `qwtc`: marks a SQLite file as one of ours.
  static let applicationID: Int64 = 0x7177_7463

  /// The statements that lead from each version to the next. Those that have shipped are frozen.
  static let migrations = [SchemaVersion1.statements, SchemaVersion2.statements, SchemaVersion3.statements]

  static var currentVersion: Int64 { Int64(migrations.count) }

  /// What a database file is to this program.
  enum State: Equatable {
    /// It holds nothing yet.
    case empty
    case version(Int64)
    /// It belongs to another program.
    case foreign
  }

  /// Reads two numbers of the file's header, and the list of tables only if they say nothing.
  static func state(of database: Database) throws -> State {
    let application = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let version = try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if application == applicationID { return .version(version) }
    guard application == 0, version == 0,
      try Int64.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
    else { return .foreign }
    return .empty
  }

  /// Brings an empty or older database to the current version, in one transaction.
  static func migrate(_ database: Database, from version: Int64) throws {
    try database.inTransaction(.immediate) {
      for statements in migrations.dropFirst(Int(version)) { try database.execute(sql: statements) }
      try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(currentVersion)")
      return .commit
    }
  }
}
