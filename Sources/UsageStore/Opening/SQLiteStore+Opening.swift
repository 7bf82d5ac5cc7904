internal import GRDB
internal import QuotaCore

extension SQLiteStore {
  /// A connection to a database of the current schema.
  static func openForReading(_ file: DatabaseFile) throws -> DatabaseQueue {
    guard file.exists else {
      throw StoreError.unusable("there is no database at \(file.path) yet: run `quotawatch collect` first")
    }
    let queue = try Connection.readOnly(file)
    guard try isFilled(queue.unsafeRead { try Schema.state(of: $0) }, file) else {
      throw StoreError.unusable("the database \(file.path) is still empty: run `quotawatch collect` first")
    }
    return queue
  }

  /// The writing connection, to a database that is created where necessary. A file that this version must
  /// not write to is only ever opened for reading.
  static func openForWriting(_ file: DatabaseFile, lock: WriterLock) throws -> DatabaseQueue {
    if try !isFilled(file) { try file.createIfMissing() }
    let queue = try Connection.readWrite(file, lock: lock)
    try queue.writeWithoutTransaction { database in
      if try !isFilled(Schema.state(of: database), file) { try Schema.create(in: database) }
    }
    return queue
  }

  /// A connection to a database of its own that goes away with it.
  static func openInMemory() throws -> DatabaseQueue {
    let queue = try Connection.inMemory()
    try queue.writeWithoutTransaction { try Schema.create(in: $0) }
    return queue
  }

  /// Whether there are tables yet, found out by reading only.
  static func isFilled(_ file: DatabaseFile) throws -> Bool {
    guard let size = file.size, size > 0 else { return false }
    do {
      return try isFilled(Connection.readOnly(file).unsafeRead { try Schema.state(of: $0) }, file)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      // A process was killed while it created the database: only a writing connection can clean up after it.
      return false
    }
  }

  /// Whether there are tables yet. Refuses what is not ours, and what another version wrote.
  private static func isFilled(_ state: Schema.State, _ file: DatabaseFile) throws -> Bool {
    switch state {
    case .empty: return false
    case .version(Schema.version): return true
    case .version(let version) where version > Schema.version:
      throw StoreError.tooNew(
        "the database \(file.path) has schema \(version), this quotawatch knows \(Schema.version): use the newer version "
          + "that wrote it")
    case .version(let version):
      throw StoreError.unusable(
        "the database \(file.path) has schema \(version) of a version that was never released, this quotawatch knows "
          + "\(Schema.version): move it away, and fill a new one with `quotawatch backfill`")
    case .foreign:
      throw StoreError.unusable(
        "\(file.path) is the database of another program and was left as it is: name another file in \"database\"")
    }
  }
}
