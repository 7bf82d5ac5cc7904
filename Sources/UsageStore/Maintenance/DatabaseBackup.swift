internal import Glibc
internal import GRDB
internal import QuotaCore

extension SQLiteStore {
  /// Copies a database into one file that only its owner can read, as it is at one moment; a run may be active.
  ///
  /// The copy is checked before it gets its name, so that nobody finds half of one there.
  ///
  /// - Parameter overwrites: whether a file that has the name may be replaced.
  package static func backup(path: String, to target: String, overwrites: Bool = false) throws {
    let file = try DatabaseFile(path)
    let copy = try DatabaseFile(target)
    guard copy.identity == nil || overwrites else {
      throw StoreError.unusable("\(copy.path) exists already and was left as it is: name another file for the backup")
    }
    guard file.identity == nil || file.identity != copy.identity else {
      throw StoreError.unusable("\(copy.path) is the database itself: name another file for the backup")
    }
    let temporary = try DatabaseFile(copy.path + ".\(getpid()).tmp")
    do {
      let queue = try openForReading(file)
      try temporary.createNew()
      defer { unlink(temporary.path) }
      do {
        try queue.unsafeRead { try $0.execute(sql: "VACUUM INTO ?", arguments: [temporary.path]) }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
        throw StoreFailure.translate(error, path: copy.path)
      }
      try verify(temporary)
      try DatabaseFile.synchronize(temporary.path)
      guard rename(temporary.path, copy.path) == 0 else {
        throw StoreError.unusable("the backup \(copy.path) cannot be given its name (\(DatabaseFile.lastError))")
      }
      try DatabaseFile.synchronize(copy.directory)
    } catch {
      throw StoreFailure.translate(error, path: file.path)
    }
  }

  private static func verify(_ copy: DatabaseFile) throws {
    let damage = try openForReading(copy).read { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
    }
    guard let first = damage.first else { return }
    throw StoreError.damaged("the copy that was made is damaged and was removed (\(first)): check the disk")
  }
}
