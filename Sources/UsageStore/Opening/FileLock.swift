internal import FoundationEssentials
internal import Glibc
internal import QuotaCore

/// A lock between processes, on a file of its own beside the database: opening and closing the database's own file
/// outside of SQLite would drop the locks that SQLite holds on it. It ends with the process.
final class FileLock: Sendable {
  private let path: String
  private let descriptor: Int32

  /// - Parameter suffix: what the lock's name has after the database's.
  init(beside file: DatabaseFile, _ suffix: String) throws {
    path = file.path + suffix
    descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let (reason, advice) = (
        DatabaseFile.lastError, DatabaseFile.advice(otherwise: "check who owns it and its directory")
      )
      throw StoreError.unusable("the lock file \(path) cannot be opened (\(reason)): \(advice)")
    }
    file.handOver(descriptor)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Takes the lock; false if somebody else has it.
  func tryLock() throws -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK else {
      throw StoreError.unusable("the lock file \(path) cannot be locked (\(DatabaseFile.lastError))")
    }
    return false
  }

  /// Gives the lock back. Closing alone would leave it to a child process that was forked but has not started its
  /// program yet.
  func unlock() {
    flock(descriptor, LOCK_UN)
  }
}

/// The right to be the one run that reads from the vendor and sends messages, beside which others may write: from
/// ``init(database:)`` to ``release()`` or the end of the process.
package final class RunLock: Sendable {
  private let lock: FileLock

  /// Takes the lock of the database at a path, or fails at once with ``StoreError/inUse(_:)``.
  package init(database path: String) throws {
    let file = try DatabaseFile(path)
    lock = try FileLock(beside: file, ".run.lock")
    guard try lock.tryLock() else {
      throw StoreError.inUse("another run is active on the database \(file.path): wait until it has ended")
    }
  }

  package func release() {
    lock.unlock()
  }
}
