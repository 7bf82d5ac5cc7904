package import FoundationEssentials
internal import Glibc
internal import GRDB
package import QuotaCore

extension SQLiteStore {
  /// What came of restoring a backup.
  package struct Restored: Sendable {
    package let restoration: Restoration
    /// Where the database is that was there before; nil if there was none.
    package let kept: String?
  }

  /// Puts a backup in the place of a database: whoever opens it finds the one or the other, whole, at any moment.
  ///
  /// Neither a run may be active nor anybody have the database open. The backup is checked first, and copied; the copy knows
  /// the time of which it knows nothing.
  ///
  /// - Parameters:
  ///   - overwrites: whether a database that is there may be replaced. It is kept under another name.
  ///   - prepare: changes the copy before it is in its place.
  package static func restore(
    _ backup: String, to path: String, overwrites: Bool = false, at now: Date,
    prepare: (any StoreWriter) throws -> Void = { _ in }
  ) throws -> Restored {
    let (source, target) = (try DatabaseFile(backup, as: .backup), try DatabaseFile(path))
    guard source.identity == nil || source.identity != target.identity else {
      throw StoreError.unusable("\(source.path) is the database itself: name a backup")
    }
    let run = try RunLock(database: path)
    defer { run.release() }
    let lock = try WriterLock(of: target, patience: 5)
    return try lock.hold {
      let isThere = target.size ?? 0 > 0
      guard !isThere || overwrites else {
        throw StoreError.unusable(
          "the database \(target.path) exists already and was left as it is: with --overwrite the backup takes its place, "
            + "and it is kept under another name")
      }
      if isThere { try refuseForeign(target) }
      let draft = try DatabaseDraft(of: target)
      let restoration = try fill(draft, from: source, at: now, prepare)
      let kept = isThere ? try setAside(target, at: now) : nil
      for companion in DatabaseDraft.companions { unlink(target.path + companion) }
      try draft.publish()
      return Restored(restoration: restoration, kept: kept)
    }
  }

  private static func fill(
    _ draft: DatabaseDraft, from source: DatabaseFile, at now: Date, _ prepare: (any StoreWriter) throws -> Void
  ) throws -> Restoration {
    do {
      let backup = try openBackup(source)
      defer { try? backup.close() }
      var restoration: Restoration?
      try copyAll(of: backup, to: draft) { writer in
        let noted = Restoration(gap: Gap(from: try writer.knownUntil() ?? now, to: now), path: source.path)
        try writer.note(noted)
        try prepare(writer)
        restoration = noted
      }
      // A reader cannot repair what a change of this by the next writer leaves when that is killed.
      try Connection.exclusive(draft.file).writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
      guard let restoration else { throw StoreError.unusable("\(source.path) could not be copied") }
      return restoration
    } catch {
      throw StoreFailure.translate(error, path: source.path)
    }
  }

  /// A backup that is whole, and of this version.
  private static func openBackup(_ file: DatabaseFile) throws -> DatabaseQueue {
    guard file.size ?? 0 > 0 else {
      throw StoreError.unusable(
        file.exists
          ? "\(file.path) is empty: name a backup that `quotawatch db backup` has made"
          : "there is no file \(file.path): name a backup that `quotawatch db backup` has made")
    }
    do {
      let queue = try Connection.readOnly(file)
      try queue.unsafeRead { try verify($0, of: file) }
      return queue
    } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
      throw StoreError.damaged("the backup \(file.path) is damaged, or is no database: name another one")
    }
  }

  private static func verify(_ backup: Database, of file: DatabaseFile) throws {
    guard case .version(let version) = try Schema.state(of: backup) else {
      throw StoreError.unusable("\(file.path) is no backup that `quotawatch db backup` has made: name another file")
    }
    let expected = try openInMemory().unsafeRead { try tables(in: $0) }
    guard version == Schema.version, try tables(in: backup) == expected else {
      let text = "\(file.path) was made by another version of quotawatch (schema \(version), here \(Schema.version))"
      throw version > Schema.version
        ? StoreError.tooNew("\(text): use that one") : StoreError.unusable("\(text): use that one")
    }
    if let problem = try problems(in: backup, path: file.path).first {
      throw StoreError.damaged("the backup \(file.path) is damaged (\(problem)): name another one")
    }
  }

  /// The words that made each table and index, by name.
  private static func tables(in database: Database) throws -> [String] {
    try String.fetchAll(
      database,
      sql:
        "SELECT name || ': ' || sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
  }

  private static func refuseForeign(_ target: DatabaseFile) throws {
    let state = try? Connection.readOnly(target).unsafeRead { try Schema.state(of: $0) }
    guard state == .foreign else { return }
    throw StoreError.unusable(
      "\(target.path) is the database of another program and was left as it is: name another file in \"database\"")
  }

  /// Gives a database a second name, under which it stays when another takes the first.
  private static func setAside(_ file: DatabaseFile, at now: Date) throws -> String {
    try forgetOldNames(of: file)
    let kept = "\(file.path).replaced-\(now.iso8601.filter { $0.isNumber || $0.isLetter })"
    // What cannot be opened any more is kept with all that was beside it, which SQLite may remove when it tries.
    for suffix in ["", "-wal", "-journal"] where link(file.path + suffix, kept + suffix) != 0 {
      if !suffix.isEmpty, errno == ENOENT { continue }
      throw StoreError.unusable(
        "the database \(file.path) cannot be kept as \(kept) (\(DatabaseFile.lastError)): move it and the files beside it "
          + "away yourself")
    }
    do {
      if try foldLog(of: file) { for suffix in ["-wal", "-journal"] { unlink(kept + suffix) } }
      try DatabaseFile.synchronize(file.directory)
    } catch {
      try forgetOldNames(of: file)
      throw error
    }
    return kept
  }

  /// Moves what stands in the log into the database, so that it is one file; false for one that is damaged.
  private static func foldLog(of file: DatabaseFile) throws -> Bool {
    do {
      let queue = try Connection.exclusive(file)
      defer { try? queue.close() }
      try queue.writeWithoutTransaction { database in
        // SQLite refuses this while anybody else has the database open.
        try database.execute(sql: "BEGIN EXCLUSIVE; ROLLBACK")
        _ = try Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      }
      return true
    } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
      throw StoreError.inUse(
        "somebody has the database \(file.path) open: stop the service, and what shows or watches it, and try again")
    } catch let error as DatabaseError
      where [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR].contains(error.resultCode)
    {
      return false
    } catch {
      throw StoreFailure.translate(error, path: file.path)
    }
  }

  /// Removes names of the database that a process has left which was killed before it had put another in its place.
  private static func forgetOldNames(of file: DatabaseFile) throws {
    let (directory, prefix) = (
      file.directory, file.path.dropFirst(file.directory.count).drop { $0 == "/" } + ".replaced-"
    )
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) where name.hasPrefix(prefix) {
      let path = directory + "/" + name
      if (try? DatabaseFile(path))?.identity == file.identity {
        for suffix in ["-wal", "-journal", ""] { unlink(path + suffix) }
      }
    }
  }
}
