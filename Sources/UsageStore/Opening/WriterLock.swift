internal import Glibc
internal import QuotaCore

/// The right to be the one connection on the machine that writes, taken for each transaction.
///
/// Two connections that write or checkpoint at the same moment can corrupt a database in WAL mode with SQLite before
/// 3.51.3 (https://sqlite.org/wal.html, "WAL-reset bug"). SQLite checkpoints as a part of a commit, or when the last
/// connection is closed.
final class WriterLock: Sendable {
  private let lock: FileLock
  private let database: String
  private let patience: Double

  /// How long to wait between two attempts, in microseconds.
  private static let interval: useconds_t = 2_000

  /// - Parameter patience: for how long a transaction waits for another one, in seconds.
  init(of file: DatabaseFile, patience: Double) throws {
    database = file.path
    self.patience = patience
    lock = try FileLock(beside: file, ".lock")
  }

  /// Does work while nobody else writes, or fails with ``StoreError/inUse(_:)`` if that does not come to be in time.
  /// Blocks the thread.
  func hold<Value>(patience: Double? = nil, _ work: () throws -> Value) throws -> Value {
    guard try take(patience ?? self.patience) else {
      throw StoreError.inUse("another process is writing to the database \(database): try again when it is done")
    }
    defer { lock.unlock() }
    return try work()
  }

  /// Does the work that ends a connection. Where somebody else writes for longer than a moment it is done all the same:
  /// SQLite checkpoints at a close only if no other connection is open.
  func holdForClosing(_ work: () throws -> Void) throws {
    let isHeld = try take(min(patience, 1))
    defer { if isHeld { lock.unlock() } }
    try work()
  }

  private func take(_ patience: Double) throws -> Bool {
    let end = ContinuousClock.now + .seconds(patience)
    while try !lock.tryLock() {
      guard ContinuousClock.now < end else { return false }
      usleep(Self.interval)
    }
    return true
  }
}
