import FoundationEssentials
import QuotaCore
import Synchronization

/// Knows whether anything has changed that people look at: a run has ended, somebody has done something, or a message is on its
/// way or has arrived.
final class ChangeWatch: Sendable {
  private let known = Mutex<(version: ReadingPool.DataVersion, position: String)?>(nil)

  /// Another text whenever something has changed, which says nothing of what.
  func position(_ setup: Setup) async throws -> String {
    let version = try setup.database.version()
    if let version, let known = known.withLock({ $0 }), known.version == version { return known.position }
    let numbers = try await setup.database.openForReading().read { reader in
      [try reader.lastRun()?.id ?? 0, try reader.lastActID(), Int64(try reader.pendingDeliveryCount())]
    }
    let text = numbers.map(String.init).joined(separator: "/")
    let position = String(ContentDigest.sha256(Array(text.utf8)).prefix(16))
    if let version { known.withLock { $0 = (version, position) } }
    return position
  }
}
