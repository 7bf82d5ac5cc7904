internal import GRDB

/// The tables, each part in a file of its own, and the version that a database's header names.
///
/// Times are ISO 8601 text in UTC, months `YYYY-MM`, and an absent part of an alert's key is ''.
enum Schema {
  /// `qwtc`: marks a SQLite file as one of ours.
  static let applicationID: Int64 = 0x7177_7463

  /// `user_version` in the database's header. A change of the tables is a new version.
  static let version: Int64 = 6

  private static let statements = [usage, alerting, ledger, closing, invoices, reviews, people]

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
    if application == applicationID { return version == 0 ? .empty : .version(version) }
    guard application == 0, version == 0,
      try Int64.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
    else { return .foreign }
    return .empty
  }

  /// Makes the tables in an empty database, in one transaction.
  static func create(in database: Database) throws {
    try database.inTransaction(.immediate) {
      for part in statements { try database.execute(sql: part) }
      try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
      return .commit
    }
  }
}
