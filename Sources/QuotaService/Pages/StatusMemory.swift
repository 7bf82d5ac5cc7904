import FoundationEssentials
import QuotaCore
import Synchronization

/// The status of every organization as it was read last: read again when the database, the configuration or the minute is
/// another one.
final class StatusMemory: Sendable {
  private struct Key: Hashable {
    let version: ReadingPool.DataVersion?
    let loadedAt: Date
    let minute: Int
  }

  private let latest = Mutex<(key: Key, rows: [StatusRow])?>(nil)

  /// - Parameter loadedAt: when the configuration was.
  func rows(_ setup: Setup, loadedAt: Date) async throws -> [StatusRow] {
    let key = Key(
      version: try setup.database.version(), loadedAt: loadedAt,
      minute: Int(setup.world.now().timeIntervalSince1970 / 60))
    if let known = latest.withLock({ $0 }), known.key == key, key.version != nil { return known.rows }
    let rows = try await setup.status([])
    latest.withLock { $0 = (key, rows) }
    return rows
  }
}
