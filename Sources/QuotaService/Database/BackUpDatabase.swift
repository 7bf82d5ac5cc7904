import FoundationEssentials
import Logging
package import QuotaCore
import UsageStore

/// Backs the database up.
package struct BackUpDatabase: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  /// Copies the database to a file that is verified before it gets its name, and notes in the database when that was. A
  /// backup that cannot be noted is good all the same, which is logged.
  ///
  /// - Parameter place: the file, or a folder, in which the file is named by the time; one whose name ends in a slash is made.
  /// - Returns: where the copy is.
  package func callAsFunction(to place: String, overwrites: Bool) async throws -> String {
    let now = world.now().roundedToMilliseconds
    let folder = BackupFolder.isNamed(by: place) ? BackupFolder(place) : nil
    try folder?.make()
    folder?.removeUnfinished()
    let file = folder?.file(at: now) ?? place
    try configuration.checkOutput(file)
    let backup = try SQLiteStore.backup(path: database.path, to: file, overwrites: overwrites, at: now)
    do {
      try await database.writing { store in try await store.write { try $0.note(backup) } }
    } catch {
      let reason = (error as? ServiceError)?.lines.first ?? "\(error)"
      database.logger.warning("\(file) is good, but it is not noted in the database when it was made: \(reason)")
    }
    return backup.path
  }

  /// Whether a path is a folder's.
  package func isFolder(_ place: String) -> Bool { BackupFolder.isNamed(by: place) }

  /// Removes the oldest backups of a folder, those that were named by the time.
  ///
  /// - Parameters:
  ///   - count: how many stay, at least 1.
  ///   - newest: stays, whatever its name says.
  /// - Returns: what was removed, the oldest first.
  package func prune(_ folder: String, keeping count: Int, newest: String) throws -> [String] {
    try BackupFolder(folder).prune(keeping: count, newest: newest)
  }
}

/// Puts a backup in the database's place.
package struct RestoreDatabase: Sendable {
  let database: DatabaseAccess
  let channels: Channels
  let world: World

  /// What was restored.
  package struct Outcome: Sendable {
    package let restoration: Restoration
    /// Where the database is that was there before; nil if there was none.
    package let kept: String?
  }

  /// Verifies a backup and puts it in the place of the database, which is kept.
  ///
  /// - Parameter overwrites: whether a database that is there may be replaced.
  package func callAsFunction(from file: String, overwrites: Bool) throws -> Outcome {
    let restored = try SQLiteStore.restore(
      file, to: database.path, overwrites: overwrites, at: world.now().roundedToMilliseconds
    ) { try channels.messageQueue.recompose(in: $0) }
    return Outcome(restoration: restored.restoration, kept: restored.kept)
  }
}
