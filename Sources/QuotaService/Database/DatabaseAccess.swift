import FoundationEssentials
import Logging
import QuotaCore
import UsageStore

/// The database, and who may use it when: one run at a time, and others beside it, a transaction at a time.
package struct DatabaseAccess: Sendable {
  let path: String
  let billingTimeZone: TimeZone
  let clock: any Clock<Duration>
  let logger: Logger
  /// Where connections that only read are kept; nil where each is opened anew.
  var readings: ReadingPool?

  /// For how long a run waits for another run, in seconds.
  private static let runPatience = 5.0
  /// For how long somebody waits for another's transaction who can leave a report of an execution in the inbox instead.
  static let inboxPatience = 5.0
  /// How often somebody who waits for a lock looks whether it is free, in seconds.
  private static let lockInterval = 0.05

  /// Opens the database for the one run that reads from the vendor and sends messages, until it has ended.
  func running<Value>(_ body: (any UsageStore) async throws -> Value) async throws -> Value {
    let lock = try await waiting(patience: Self.runPatience) { try RunLock(database: path) }
    defer { lock.release() }
    if let exposure = SQLiteStore.exposure(ofDatabase: path) { logger.warning("\(exposure)") }
    do {
      return try await writing(body)
    } catch let error as ServiceError where error.status == .busy {
      // The run is this one: whoever holds the database, nobody else does its work.
      throw ServiceError(.inputOutput, lines: error.lines)
    }
  }

  /// Does something that is a run's, unless a run is active, which then does it. Nil if so.
  func unlessRunning<Value>(_ body: () async throws -> Value) async throws -> Value? {
    let lock: RunLock
    do {
      lock = try RunLock(database: path)
    } catch StoreError.inUse {
      return nil
    }
    defer { lock.release() }
    return try await body()
  }

  /// Opens the database to write beside whoever else does: each transaction waits for those of others. Reports of
  /// executions that have waited for that are taken to the ledger first.
  ///
  /// - Parameter patience: for how long to wait for another's transaction, in seconds.
  func writing<Value>(
    patience: Double = SQLiteStore.usualPatience, _ body: (any UsageStore) async throws -> Value
  ) async throws -> Value {
    // Who keeps connections has had a database from the start.
    if readings != nil, !FileManager.default.fileExists(atPath: path) {
      logger.error(
        "the database \(path) is gone, and a new one is made; `quotawatch db restore` puts a backup in its place")
    }
    return try await with(.readWrite, patience: patience) { store in
      try await takeInbox(to: store)
      return try await body(store)
    }
  }

  /// Opens the database to see what writing would do.
  func dryRunning<Value>(_ body: (any UsageStore) async throws -> Value) async throws -> Value {
    try await with(.dryRun, patience: SQLiteStore.usualPatience, body)
  }

  private func with<Value>(
    _ access: SQLiteStore.Access, patience: Double, _ body: (any UsageStore) async throws -> Value
  ) async throws -> Value {
    let store = try await waiting(patience: patience) {
      try SQLiteStore.open(path: path, access: access, billingTimeZone: billingTimeZone, patience: patience)
    }
    let outcome: Result<Value, any Error>
    do {
      outcome = .success(try await body(store))
    } catch let error as StoreError {
      outcome = .failure(ServiceError(error))
    } catch {
      outcome = .failure(error)
    }
    try store.close()
    return try outcome.get()
  }

  /// Tries again while somebody else has what is wanted.
  private func waiting<Value>(patience: Double, _ open: () throws -> Value) async throws -> Value {
    let elapsed = clock.stopwatch()
    while true {
      do {
        return try open()
      } catch StoreError.inUse where elapsed.seconds < patience {
        try await elapsed.sleep(until: elapsed.seconds + Self.lockInterval)
      } catch let error as StoreError {
        throw ServiceError(error)
      }
    }
  }

  /// Takes what the inbox holds to the ledger.
  private func takeInbox(to store: any UsageStore) async throws {
    let inbox = try LedgerInbox(database: path)
    let drained = try await inbox.drain(into: store)
    for (key, ends) in drained.contradictions { logger.warning("\(ends.words(of: key))") }
    if drained.unreadable > 0 {
      logger.error(
        "\(drained.unreadable) lines of \(inbox.path) could not be read; they are kept in \(inbox.path).damaged")
    }
  }

  /// Opens the database beside whoever writes.
  func openForReading() throws -> any UsageStore {
    do {
      return try readings?.store(openStore) ?? openStore()
    } catch let error as StoreError {
      throw ServiceError(error)
    }
  }

  private func openStore() throws -> SQLiteStore {
    try SQLiteStore.open(path: path, access: .readOnly, billingTimeZone: billingTimeZone)
  }

  /// What tells the database as it is now from how it was; nil where no connections are kept.
  func version() throws -> ReadingPool.DataVersion? {
    do {
      return try readings?.version(openStore)
    } catch let error as StoreError {
      throw ServiceError(error)
    }
  }

  /// The database for reading, with what waits in the inbox unless another process writes; creates it if there is none yet.
  func openForReadingAfterInbox() async throws -> any UsageStore {
    // Who keeps connections is a server, which empties the inbox by itself.
    guard readings == nil else { return try openForReading() }
    do {
      try await writing(patience: 0) { _ in }
    } catch let error as ServiceError where error.status == .busy {
      // Whoever writes has made the database.
    }
    return try openForReading()
  }
}
