import HummingbirdCore
import Logging
import QuotaCore

/// Takes so many connections at once, and says when others have to wait and why.
struct ConnectionLimit: AvailableConnectionsDelegate {
  private let most: Int
  private let reason: String
  private let logger: Logger
  private var open = 0
  /// Until half of them have ended.
  private var isSaid = false

  /// - Parameters:
  ///   - most: where the process may open enough files.
  ///   - files: how many it may open; a quarter of them is for connections, the rest for the database and the vendor.
  init(_ most: Int, files: Int, logger: Logger) {
    self.most = max(8, min(most, files / 4))
    self.logger = logger
    reason =
      files / 4 < most
      ? "a server takes that may open \(files.grouped) files: raise `ulimit -n`, or LimitNOFILE= of its unit"
      : "the server takes"
  }

  mutating func connectionOpened() {
    open += 1
    guard open >= most, !isSaid else { return }
    isSaid = true
    logger.warning("further connections wait: \(open.grouped) are open, the most that \(reason)")
  }

  mutating func connectionClosed() {
    open -= 1
    if open <= most / 2 { isSaid = false }
  }

  func isAcceptingNewConnections() -> Bool { open < most }
}
