import HummingbirdCore
import Logging
import Synchronization
import Testing

@testable import WebServer

@Suite("The most connections at once")
struct ConnectionLimitTests {
  /// Keeps the lines that are logged.
  private final class Lines: Sendable {
    let texts = Mutex<[String]>([])
  }

  private struct Keeper: LogHandler {
    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      lines.texts.withLock { $0.append("\(event.level): \(event.message)") }
    }
  }

  private static func limit(_ most: Int, files: Int) -> (limit: ConnectionLimit, lines: Lines) {
    let lines = Lines()
    return (ConnectionLimit(most, files: files, logger: Logger(label: "test") { _ in Keeper(lines: lines) }), lines)
  }

  @Test("leaves the others waiting, and says so once until half of them have ended")
  func waiting() {
    var (limit, lines) = Self.limit(10, files: 1_024)
    for _ in 1...9 { limit.connectionOpened() }
    #expect(limit.isAcceptingNewConnections())
    #expect(lines.texts.withLock { $0 }.isEmpty)
    for _ in 1...5 {
      limit.connectionOpened()
      #expect(!limit.isAcceptingNewConnections())
      limit.connectionClosed()
      #expect(limit.isAcceptingNewConnections())
    }
    let line = "warning: further connections wait: 10 are open, the most that the server takes"
    #expect(lines.texts.withLock { $0 } == [line])
    for _ in 1...4 { limit.connectionClosed() }
    for _ in 1...5 { limit.connectionOpened() }
    #expect(lines.texts.withLock { $0 } == [line, line])
  }

  @Test("names the limit of the process where that is what bounds them")
  func files() {
    var (limit, lines) = Self.limit(512, files: 64)
    for _ in 1...16 { limit.connectionOpened() }
    #expect(!limit.isAcceptingNewConnections())
    #expect(
      lines.texts.withLock { $0 } == [
        "warning: further connections wait: 16 are open, the most that a server takes that may open 64 files: raise "
          + "`ulimit -n`, or LimitNOFILE= of its unit"
      ])
  }
}
