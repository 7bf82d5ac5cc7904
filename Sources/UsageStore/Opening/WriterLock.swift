internal import Glibc
internal import QuotaCore
internal import Synchronization

/// The right to be the one process that writes, held until ``release()`` or the end of the process.
///
/// It is a lock on a file of its own, beside the database: two connections that write or checkpoint at the same moment
/// can corrupt a database in WAL mode with SQLite before 3.51.3 (https://sqlite.org/wal.html, "WAL-reset bug").
final class WriterLock: Sendable {
  private let descriptor: Mutex<Int32?>

  /// Takes the lock or fails at once.
  init(of file: DatabaseFile) throws {
    let path = file.path + ".lock"
    let opened = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard opened >= 0 else {
      throw StoreError.unusable(
        "the lock file \(path) cannot be opened (\(DatabaseFile.lastError)): check who owns it and its directory")
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      close(opened)
      throw reason == EWOULDBLOCK
        ? StoreError.busy("another run is active on the database \(file.path): wait until it has ended")
        : StoreError.unusable("the lock file \(path) cannot be locked (\(String(cString: strerror(reason))))")
    }
    descriptor = Mutex(opened)
  }

  func release() {
    descriptor.withLock {
      if let open = $0 {
        // Closing alone would leave the lock to a child process that was forked but has not started its program yet.
        flock(open, LOCK_UN)
        close(open)
      }
      $0 = nil
    }
  }

  deinit {
    release()
  }
}
