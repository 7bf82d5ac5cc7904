import FoundationEssentials
import QuotaCore
import UsageStore

/// A folder of backups that are named by the time at which they were made, such as `quotawatch-20261126T031700Z.sqlite`.
struct BackupFolder {
  private let path: String

  init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// Whether a path is a folder's: it is there, or it is named as one.
  static func isNamed(by path: String) -> Bool {
    var isDirectory = false
    return path.hasSuffix("/") || FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
  }

  /// Makes the folder, for its owner alone, where it is not there.
  func make() throws {
    guard !FileManager.default.fileExists(atPath: path) else { return }
    try SQLiteStore.makeFolder(path)
  }

  /// Removes what processes have left here that were killed while they made a backup: each is named by another time, and none is
  /// begun anew.
  func removeUnfinished() {
    let ending = ".tmp"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where name.hasSuffix(ending) {
      let backup = String(name.dropLast(ending.count))
      if Self.isBackup(backup) { SQLiteStore.removeUnfinished(backup: "\(path)/\(backup)") }
    }
  }

  func file(at time: Date) -> String {
    let stamp = time.iso8601.prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" }
    return "\(path)/quotawatch-\(stamp)Z.sqlite"
  }

  /// Removes the oldest by their names, apart from the newest; other files are nobody's business.
  func prune(keeping count: Int, newest: String) throws -> [String] {
    let name = newest.split(separator: "/").last.map(String.init) ?? newest
    let others = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { $0 != name && Self.isBackup($0) }.sorted()
    let superfluous = others.dropLast(count - 1)
    for name in superfluous { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
    return superfluous.map { "\(path)/\($0)" }
  }

  private static func isBackup(_ name: String) -> Bool {
    name.wholeMatch(of: /quotawatch-[0-9]{8}T[0-9]{6}Z\.sqlite/) != nil
  }
}
