internal import GRDB
internal import QuotaCore

extension SQLiteStore {
  /// A connection to a database of the current schema.
  static func openForReading(_ file: DatabaseFile) throws -> DatabaseQueue {
    guard file.exists else {
      throw StoreError.unusable("there is no database at \(file.path) yet: run `quotawatch collect` first")
    }
    let queue = try Connection.readOnly(file)
    switch try acceptableVersion(queue.unsafeRead { try Schema.state(of: $0) }, file) {
    case Schema.currentVersion: return queue
    case 0: throw StoreError.unusable("the database \(file.path) is still empty: run `quotawatch collect` first")
    case let version:
      throw StoreError.unusable(
        "the database \(file.path) has the older schema \(version): run `quotawatch collect` once, which brings it to "
          + "\(Schema.currentVersion)")
    }
  }

  /// The writing connection, to a database that is created or migrated where necessary. A file that this version must
  /// not write to is only ever opened for reading.
  static func openForWriting(_ file: DatabaseFile, lock: WriterLock) throws -> DatabaseQueue {
    if let size = file.size, size > 0 {
      try refuseOthers(file)
    } else {
      try file.createIfMissing()
    }
    let queue = try Connection.readWrite(file, lock: lock)
    try queue.writeWithoutTransaction { database in
      let version = try acceptableVersion(Schema.state(of: database), file)
      if version < Schema.currentVersion { try Schema.migrate(database, from: version) }
    }
    return queue
  }

  private static func refuseOthers(_ file: DatabaseFile) throws {
    do {
      _ = try acceptableVersion(Connection.readOnly(file).unsafeRead { try Schema.state(of: $0) }, file)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      // A process was killed while it created the database: only a writing connection can clean up after it.
    }
  }

  /// The schema's version, 0 for a database that holds nothing yet. Refuses what is not ours or newer than this version.
  private static func acceptableVersion(_ state: Schema.State, _ file: DatabaseFile) throws -> Int64 {
    switch state {
    case .empty: return 0
    case .version(let version) where (0...Schema.currentVersion).contains(version): return version
    case .version(let version):
      throw StoreError.tooNew(
        "the database \(file.path) has schema \(version), this quotawatch knows \(Schema.currentVersion): use the newer "
          + "version that wrote it")
    case .foreign:
      throw StoreError.unusable(
        "\(file.path) is the database of another program and was left as it is: name another file in \"database\"")
    }
  }
}
