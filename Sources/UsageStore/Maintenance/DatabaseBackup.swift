package import FoundationEssentials
internal import GRDB
internal import Glibc
package import QuotaCore

extension SQLiteStore {
  /// Copies a database into one file that only its owner can read, as it is at one moment; a run may be active.
  ///
  /// The copy is checked before it gets its name, so that nobody finds half of one there, and knows when it was made.
  ///
  /// - Parameters:
  ///   - overwrites: whether a file that has the name may be replaced.
  ///   - moment: when the copy is made.
  package static func backup(
    path: String, to target: String, overwrites: Bool = false, at moment: Date
  ) throws -> Backup {
    let file = try DatabaseFile(path)
    let copy = try DatabaseFile(target, as: .backup)
    guard copy.identity == nil || overwrites else {
      throw StoreError.unusable("\(copy.path) exists already and was left as it is: name another file for the backup")
    }
    guard file.identity == nil || file.identity != copy.identity else {
      throw StoreError.unusable("\(copy.path) is the database itself: name another file for the backup")
    }
    guard !file.hasPart(copy) else {
      throw StoreError.unusable("\(copy.path) is a part of the database: name another file for the backup")
    }
    let backup = Backup(madeAt: moment, path: copy.path)
    do {
      let source = try openForReading(file)
      let draft = try DatabaseDraft(of: copy)
      try copyAll(of: source, to: draft) { try $0.note(backup) }
      try draft.publish()
      return backup
    } catch {
      throw StoreFailure.translate(error, path: file.path)
    }
  }

  /// Whether a file is a database's own or one of those beside it that are a part of it, also by another name, and also where it
  /// is not there yet.
  package static func owns(_ path: String, database: String) -> Bool {
    guard let file = try? DatabaseFile(database), let other = try? DatabaseFile(path) else { return false }
    return file.path == other.path || other.exists && file.identity == other.identity || file.hasPart(other)
  }

  /// Makes a folder for backups, for its owner alone. One that root makes belongs to whom the directory belongs that it is in: the
  /// service that backs up by itself may be another user.
  package static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 else {
      throw StoreError.unusable(
        "the folder \(path) cannot be made (\(DatabaseFile.lastError)): make it, or name another one")
    }
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { Glibc.close(descriptor) }
    DatabaseFile.handOver(descriptor, asTheFirstOf: [path + "/.."])
  }

  /// Removes what a process has left that was killed before its backup had its name; nothing of one that is being made.
  package static func removeUnfinished(backup path: String) {
    guard let file = try? DatabaseFile(path, as: .backup) else { return }
    DatabaseDraft.removeAbandoned(of: file)
  }

  /// Fills a draft with a database as it is at one moment, changes it, and checks it.
  static func copyAll(
    of source: DatabaseQueue, to draft: DatabaseDraft, changing change: (StoreTransaction) throws -> Void
  ) throws {
    do {
      try source.unsafeRead { try $0.execute(sql: "VACUUM INTO ?", arguments: [draft.file.path]) }
      let copy = try Connection.draft(draft.file)
      defer { try? copy.close() }
      try copy.write { try change(StoreTransaction(database: $0, monthEnds: MonthEnds(in: .gmt))) }
      let damage = try copy.read { database in
        try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
      }
      guard let first = damage.first else { return }
      throw StoreError.damaged("the copy that was made is damaged and was removed (\(first)): check the disk")
    } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
      throw StoreFailure.translate(error, path: draft.file.path)
    }
  }
}
