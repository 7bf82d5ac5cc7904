package import FoundationEssentials
internal import GRDB
package import QuotaCore
internal import Synchronization

/// The store in a SQLite file.
///
/// Any number of stores may be open. One of them writes at a time, each of its transactions waiting for those of others;
/// who reads sees the database as it was at one moment. What is thrown is a ``StoreError``, or what the caller's own
/// body threw.
package final class SQLiteStore: UsageStore {
  package enum Access: Sendable {
    case readOnly
    case readWrite
    /// Only to see what writing would do: where there is no database yet, in an empty one in memory.
    case dryRun
  }

  /// Whether the store may still be used.
  private enum Condition {
    case open
    case closed
    case outcomeUnknown(StoreError)
  }

  /// The state that outlives a call, apart from the store: the queue's work must not be the last to hold the store.
  private final class Guard: Sendable {
    let condition = Mutex(Condition.open)
  }

  /// Where the database is, with symbolic links resolved.
  package let path: String
  let queue: DatabaseQueue
  private let access: Access
  /// Nil where nobody else writes.
  private let lock: WriterLock?
  private let monthEnds: MonthEnds
  /// Of the file that was opened.
  private let identity: [UInt64]?
  private let state = Guard()

  private init(path: String, queue: DatabaseQueue, _ access: Access, lock: WriterLock?, zone: TimeZone) {
    self.path = path
    self.queue = queue
    self.access = access
    self.lock = lock
    monthEnds = MonthEnds(in: zone)
    identity = (try? DatabaseFile(path))?.identity
  }

  /// For how long a transaction usually waits for another one, in seconds: an import of millions of rows is one.
  package static let usualPatience = 60.0

  /// Opens the database at a path. For writing it is created, readable by its owner only, if it is missing; if somebody
  /// else is writing at that moment, it fails at once with ``StoreError/inUse(_:)``.
  ///
  /// - Parameters:
  ///   - billingTimeZone: the vendor's, which decides when a month is settled.
  ///   - patience: for how long a transaction waits for another process's, in seconds.
  package static func open(
    path: String, access: Access, billingTimeZone: TimeZone, patience: Double = usualPatience
  ) throws -> SQLiteStore {
    let file = try DatabaseFile(path)
    do {
      switch access {
      case .readOnly:
        let queue = try openForReading(file)
        return SQLiteStore(path: file.path, queue: queue, access, lock: nil, zone: billingTimeZone)
      case .readWrite, .dryRun:
        if access == .dryRun, try !isFilled(file) {
          let queue = try openInMemory()
          return SQLiteStore(path: file.path, queue: queue, access, lock: nil, zone: billingTimeZone)
        }
        let lock = try WriterLock(of: file, patience: patience)
        let queue = try lock.hold(patience: 0) { try openForWriting(file, lock: lock) }
        return SQLiteStore(path: file.path, queue: queue, access, lock: lock, zone: billingTimeZone)
      }
    } catch {
      throw StoreFailure.translate(error, path: file.path)
    }
  }

  /// Whether the file that is open is still the one at the path: not if a backup was put in its place.
  package var isAtItsPath: Bool { (try? DatabaseFile(path))?.identity == identity }

  /// A number that is another one when somebody else has changed what the database holds.
  package func dataVersion() throws -> Int64 {
    do {
      return try queue.unsafeRead { try Int64.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
    } catch {
      throw StoreFailure.translate(error, path: path)
    }
  }

  /// Closes the database. Later calls throw. Not to be called from inside a body.
  package func close() throws {
    state.condition.withLock { $0 = .closed }
    do {
      if let lock {
        try lock.holdForClosing { try queue.close() }
      } else {
        try queue.close()
      }
    } catch {
      throw StoreFailure.translate(error, path: path)
    }
  }

  package func read<Value: Sendable>(
    _ body: @Sendable @escaping (any StoreReader) throws -> Value
  ) async throws -> Value {
    try await perform { database, transaction, _ in
      try database.beginTransaction(.deferred)
      defer { try? database.rollback() }
      return try body(transaction)
    }
  }

  package func write<Value: Sendable>(
    _ body: @Sendable @escaping (any StoreWriter) throws -> Value
  ) async throws -> Value {
    guard access == .readWrite else { throw StoreError.unusable("the database \(path) was not opened for writing") }
    return try await inTurn { [path] database, transaction, state in
      let value = try Self.begin(database, transaction, body)
      try Self.commit(database, state, path: path)
      return value
    }
  }

  package func dryRun<Value: Sendable>(
    _ body: @Sendable @escaping (any StoreWriter) throws -> Value
  ) async throws -> Value {
    guard access != .readOnly else { throw StoreError.unusable("the database \(path) was opened for reading only") }
    return try await inTurn { database, transaction, _ in
      // What is undone need not reach the disk.
      try database.execute(sql: "PRAGMA cache_spill = OFF")
      defer {
        try? database.rollback()
        try? database.execute(sql: "PRAGMA cache_spill = ON")
      }
      return try Self.begin(database, transaction, body)
    }
  }

  /// Does work while nobody else writes.
  private func inTurn<Value: Sendable>(
    _ work: @Sendable @escaping (Database, StoreTransaction, Guard) throws -> Value
  ) async throws -> Value {
    try await perform { [lock] database, transaction, state in
      guard let lock else { return try work(database, transaction, state) }
      return try lock.hold { try work(database, transaction, state) }
    }
  }

  /// Does what a transaction is to do, which is still open then; rolls it back where that fails.
  private static func begin<Value>(
    _ database: Database, _ transaction: StoreTransaction, _ body: (any StoreWriter) throws -> Value
  ) throws -> Value {
    try database.beginTransaction(.immediate)
    do {
      let value = try body(transaction)
      // SQLite rolls back on its own where it cannot go on; a body that swallowed that error must not seem to succeed.
      guard database.isInsideTransaction else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
      return value
    } catch {
      try? database.rollback()
      throw error
    }
  }

  private static func commit(_ database: Database, _ state: Guard, path: String) throws {
    do {
      try database.commit()
    } catch {
      try? database.rollback()
      let reason = (StoreFailure.translate(error, path: path) as? StoreError)?.message ?? ""
      let failure = StoreError.outcomeUnknown(
        "it is not known whether the last step was stored in \(path): \(reason); then run again, which takes up what "
          + "is there")
      state.condition.withLock { $0 = .outcomeUnknown(failure) }
      throw failure
    }
  }

  /// Does work on the database's own thread. It is not cancelled half-way: a transaction ends as its body ends.
  private func perform<Value: Sendable>(
    _ work: @Sendable @escaping (Database, StoreTransaction, Guard) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { [queue, state, path, monthEnds] continuation in
      queue.asyncWriteWithoutTransaction { database in
        continuation.resume(
          with: Result {
            do {
              try Self.check(state, path: path)
              return try work(database, StoreTransaction(database: database, monthEnds: monthEnds), state)
            } catch {
              throw StoreFailure.translate(error, path: path)
            }
          })
      }
    }
  }

  private static func check(_ state: Guard, path: String) throws {
    switch state.condition.withLock({ $0 }) {
    case .open: return
    case .closed: throw StoreError.unusable("the database \(path) has been closed")
    case .outcomeUnknown(let failure): throw failure
    }
  }
}
