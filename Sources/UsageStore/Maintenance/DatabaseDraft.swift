internal import Glibc
internal import QuotaCore

/// A database in the making, beside the place where it is to be, in a file that one process at a time has. What a process
/// that was killed has left there is begun anew.
final class DatabaseDraft {
  let file: DatabaseFile
  private let target: DatabaseFile
  private let descriptor: Int32
  private var isPublished = false

  /// What SQLite puts beside a database.
  static let companions = ["-journal", "-wal", "-shm"]

  /// An empty file that only its owner can read.
  init(of target: DatabaseFile) throws {
    self.target = target
    file = try DatabaseFile(target.path + ".tmp")
    descriptor = try Self.claim(file, for: target)
    target.handOver(descriptor)
    for companion in Self.companions { unlink(file.path + companion) }
  }

  /// Removes what was not published. Nothing may have the draft open any more: closing it drops SQLite's locks.
  deinit {
    if !isPublished { for suffix in Self.companions + [""] { unlink(file.path + suffix) } }
    close(descriptor)
  }

  private static func claim(_ file: DatabaseFile, for target: DatabaseFile) throws -> Int32 {
    while true {
      let descriptor = open(file.path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else {
        throw StoreError.unusable(
          "\(file.path), which becomes \(target.path), cannot be created (\(DatabaseFile.lastError)): check the "
            + "directory's permissions")
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        throw StoreError.inUse("another process is making \(target.path): wait until it has ended")
      }
      if isStillThere(file, descriptor), fchmod(descriptor, 0o600) == 0, ftruncate(descriptor, 0) == 0 {
        return descriptor
      }
      close(descriptor)
    }
  }

  /// Whether a file that was locked still has its name: whoever had it before may have published or removed it just now.
  private static func isStillThere(_ file: DatabaseFile, _ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && file.identity == [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  /// Removes a draft that nobody has any more, where there is one.
  static func removeAbandoned(of target: DatabaseFile) {
    guard let file = try? DatabaseFile(target.path + ".tmp") else { return }
    let descriptor = open(file.path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isStillThere(file, descriptor) else { return }
    for suffix in companions + [""] { unlink(file.path + suffix) }
  }

  /// Gives the draft its name, in the place of what has it: from one moment to the next, and so that it survives a loss of
  /// power.
  func publish() throws {
    try DatabaseFile.synchronize(file.path)
    guard rename(file.path, target.path) == 0 else {
      throw StoreError.unusable("\(target.path) cannot be given its name (\(DatabaseFile.lastError))")
    }
    isPublished = true
    try DatabaseFile.synchronize(target.directory)
  }
}
