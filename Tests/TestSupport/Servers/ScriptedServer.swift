import Glibc
import Synchronization

/// A TCP server on loopback that says, byte for byte, what a test wants: for every kind of broken answer.
///
/// Each connection has a thread of its own. The server stops when it is no longer referred to.
package final class ScriptedServer: Sendable {
  /// What has happened on all connections.
  package struct Log: Sendable {
    /// HTTP requests, in the order in which they were complete.
    package var requests: [ReceivedRequest] = []
    /// The lines that ``ScriptedConnection/readLine()`` has read.
    package var lines: [String] = []
    package var connectionCount = 0
    /// Connections that either side has ended.
    package var closedCount = 0
  }

  package let port: Int
  private let core: ServerCore

  /// A server with a protocol of its own; the body is one connection's whole life.
  package init(session: @escaping @Sendable (ScriptedConnection) -> Void) throws {
    let listener = try Listener()
    port = listener.port
    let core = ServerCore(listener)
    self.core = core
    serverThread { core.acceptConnections(session) }
  }

  /// An HTTP server that answers each request by itself.
  package convenience init(_ answer: @escaping @Sendable (ReceivedRequest) -> ScriptedAnswer) throws {
    try self.init(session: { connection in
      while let request = connection.readRequest() {
        guard connection.perform(answer(request)) else { return }
      }
    })
  }

  /// An HTTP server that gives these answers one after the other, and the last one for ever.
  package convenience init(_ answers: ScriptedAnswer...) throws {
    let rest = Mutex(answers[...])
    try self.init { _ in
      rest.withLock { ($0.count > 1 ? $0.popFirst() : $0.first) ?? .disconnect }
    }
  }

  deinit {
    core.stop()
  }

  /// What has happened so far.
  package var log: Log { core.log.value }

  /// Waits until something has happened.
  @discardableResult
  package func log(when condition: @escaping @Sendable (Log) -> Bool) async -> Log {
    await core.log.when(condition)
  }

  /// Lets everything that hangs go on, now and later.
  package func release() {
    core.release()
  }

  /// Closes every connection and takes no more.
  package func stop() {
    core.stop()
  }

  /// An address on this server.
  package func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }
}
