internal import GRDB
internal import QuotaCore

/// Turns what SQLite reports into what a person needs to know.
enum StoreFailure {
  /// The error to throw to the caller: errors that are not the database's pass through.
  static func translate(_ error: any Error, path: String) -> any Error {
    switch error {
    case let error as DatabaseError: storeError(error, path: path)
    case let error as UnreadableValue:
      StoreError.damaged(
        "the database \(path) holds in \"\(error.column)\" something that is not \(error.expected): run `quotawatch db "
          + "check`, and put a backup in its place with `quotawatch db restore`")
    default: error
    }
  }

  private static func storeError(_ error: DatabaseError, path: String) -> StoreError {
    let said = error.message.map { " (\($0))" } ?? ""
    if [.SQLITE_IOERR, .SQLITE_CANTOPEN].contains(error.resultCode), let obstacle = DatabaseFile.obstacle(to: path) {
      return .unusable("the database \(path) cannot be opened (\(obstacle.reason)): \(obstacle.advice)")
    }
    switch error.resultCode {
    case .SQLITE_CORRUPT:
      return .damaged(
        "the database \(path) is damaged\(said): run `quotawatch db check`, and put a backup in its place "
          + "with `quotawatch db restore`")
    case .SQLITE_NOTADB:
      return .damaged(
        "\(path) is not a database, or its beginning is damaged: name another file in \"database\", or put a backup "
          + "in its place with `quotawatch db restore`")
    case .SQLITE_FULL:
      return .unusable("there is no space left for the database \(path): free some and run again")
    case .SQLITE_IOERR:
      return .unusable(
        "the disk failed under the database \(path)\(said): check the disk, its free space and limits, then run "
          + "`quotawatch db check`")
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
      return .unusable(
        "the database \(path) cannot be opened\(said): this user must be able to read and write the file and its "
          + "directory")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return .inUse("another program holds the database \(path) locked: close it, or try again later")
    default:
      return .unusable(
        "the database \(path) refused a statement\(said), SQLite code \(error.extendedResultCode.rawValue): see whether "
          + "`quotawatch db check` finds the cause")
    }
  }
}
