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
  /// Nil for a store that only reads.
  private let lock: WriterLock?
  private let monthEnds: MonthEnds
  private let state = Guard()

  private init(file: DatabaseFile, queue: DatabaseQueue, lock: WriterLock?, zone: TimeZone) {
    path = file.path
    self.queue = queue
    self.lock = lock
    monthEnds = MonthEnds(in: zone)
  }

  /// For how long a transaction usually waits for another one, in seconds: an import of millions of rows is one.
  package static let usualPatience = 60.0

  /// Opens the database at a path. For writing it is created, readable by its owner only, if it is missing; if somebody
  /// else is writing at that moment, it fails at once with ``StoreError/busy(_:)``.
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
        return SQLiteStore(file: file, queue: queue, lock: nil, zone: billingTimeZone)
      case .readWrite:
        let lock = try WriterLock(of: file, patience: patience)
        let queue = try lock.hold(patience: 0) { try openForWriting(file, lock: lock) }
        return SQLiteStore(file: file, queue: queue, lock: lock, zone: billingTimeZone)
      }
    } catch {
      throw StoreFailure.translate(error, path: file.path)
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
    guard let lock else {
      throw StoreError.unusable("the database \(path) was opened for reading only")
    }
    return try await perform { [path] database, transaction, state in
      try lock.hold { try Self.transaction(database, transaction, state, path: path, body) }
    }
  }

  private static func transaction<Value>(
    _ database: Database, _ transaction: StoreTransaction, _ state: Guard, path: String,
    _ body: (any StoreWriter) throws -> Value
  ) throws -> Value {
    try database.beginTransaction(.immediate)
    let value: Value
    do {
      value = try body(transaction)
      // SQLite rolls back on its own where it cannot go on; a body that swallowed that error must not seem to succeed.
      guard database.isInsideTransaction else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
    } catch {
      try? database.rollback()
      throw error
    }
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
    return value
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
