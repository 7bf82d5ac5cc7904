internal import GRDB
internal import QuotaCore

/// Opens connections with the settings that all of them need.
enum Connection {
  /// How long a statement waits for another connection's short locks, in seconds.
  private static let busyTimeout = 5.0
  /// In KiB.
  private static let manyPages = 40_960

  /// A connection that never writes to the database, nor moves the log into it.
  static func readOnly(_ file: DatabaseFile) throws -> DatabaseQueue {
    var configuration = common
    configuration.readonly = true
    return try DatabaseQueue(path: file.path, configuration: configuration)
  }

  /// The one connection that writes.
  ///
  /// - Parameter lock: lives at least as long as the connection.
  static func readWrite(_ file: DatabaseFile, lock: WriterLock) throws -> DatabaseQueue {
    var configuration = common
    configuration.prepareDatabase { database in
      _ = lock
      guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
        throw StoreError.unusable(
          "the database \(file.path) cannot use a write-ahead log there: put it on a local file system")
      }
      try database.execute(sql: "PRAGMA synchronous = FULL")
    }
    return try DatabaseQueue(path: file.path, configuration: configuration)
  }

  /// A connection to a database that nobody else knows of yet: what is killed half-way is begun anew, without a journal.
  static func draft(_ file: DatabaseFile) throws -> DatabaseQueue {
    var configuration = common
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA journal_mode = MEMORY") }
    return try DatabaseQueue(path: file.path, configuration: configuration)
  }

  /// A connection that has the database alone from its first statement on, or fails at once.
  static func exclusive(_ file: DatabaseFile) throws -> DatabaseQueue {
    var configuration = common
    configuration.busyMode = .immediateError
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
    return try DatabaseQueue(path: file.path, configuration: configuration)
  }

  /// The connection to a database of its own.
  static func inMemory() throws -> DatabaseQueue { try DatabaseQueue(configuration: common) }

  /// Lets a connection keep many of the pages that it reads, for work that comes back to the same ones; usually they are 2 MB.
  static func keepManyPages(_ database: Database) throws {
    try database.execute(sql: "PRAGMA cache_size = -\(manyPages)")
  }

  private static var common: Configuration {
    var configuration = Configuration()
    configuration.label = "quotawatch.database"
    // Not a precondition that ends the program: where a rollback fails, too, the next transaction says so.
    configuration.allowsUnsafeTransactions = true
    configuration.busyMode = .timeout(busyTimeout)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA trusted_schema = OFF") }
    return configuration
  }
}
