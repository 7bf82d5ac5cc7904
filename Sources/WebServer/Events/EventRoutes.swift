import HTTPTypes
import Hummingbird
import NIOCore
import QuotaCore
import ServiceLifecycle
import Synchronization

/// `GET /api/v1/events`: says when something has changed, as server-sent events (the HTML standard, 9.2). What has, the pages
/// and the API say.
package struct EventRoutes: ServerRoutes {
  /// How many are listening.
  private final class Listeners: Sendable {
    let count = Mutex(0)
  }

  /// How many may listen at once; others are asked to look from time to time instead.
  private static let most = 100
  /// How often one looks whether something has changed, in milliseconds.
  private static let interval: Int64 = 1_000
  /// After so many looks without a change something is said, so that nobody on the way takes the connection for dead.
  private static let silence = 15

  private let policy: @Sendable () -> AccessPolicy
  private let position: @Sendable () async throws -> String
  private let listeners = Listeners()

  /// - Parameters:
  ///   - policy: who may ask for what, at this moment.
  ///   - position: another one whenever something has changed.
  package init(
    policy: @escaping @Sendable () -> AccessPolicy, position: @escaping @Sendable () async throws -> String
  ) {
    (self.policy, self.position) = (policy, position)
  }

  package func add(to router: RouterOfServer) {
    router.group().add(middleware: Requires(scopes: [.read], policy: policy)).get("/api/v1/events") {
      request, _ -> Response in
      let first = try await position()
      let last = request.field("Last-Event-ID")
      guard isFree else { throw Problem(.serviceUnavailable, "too many are listening", retryAfter: 60) }
      var headers: HTTPFields = [.contentType: "text/event-stream"]
      if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
      return Response(
        status: .ok, headers: headers,
        body: ResponseBody { writer in
          listeners.count.withLock { $0 += 1 }
          defer { listeners.count.withLock { $0 -= 1 } }
          try await tell(from: first, after: last, to: &writer)
        })
    }
  }

  private var isFree: Bool { listeners.count.withLock { $0 < Self.most } }

  /// Tells of changes until the other side goes, or the server ends.
  private func tell(from first: String, after last: String?, to writer: inout any ResponseBodyWriter) async throws {
    var (known, quiet) = (first, 0)
    try await writer.write(Self.event(last == nil || last == first ? "start" : "change", first))
    while !Task.isShuttingDownGracefully {
      try await Task.sleep(for: .milliseconds(Self.interval))
      let now = try await position()
      quiet += 1
      if now != known {
        try await writer.write(Self.event("change", now))
        (known, quiet) = (now, 0)
      } else if quiet >= Self.silence {
        try await writer.write(ByteBuffer(string: ":\n\n"))
        quiet = 0
      }
    }
    try await writer.finish(nil)
  }

  private static func event(_ name: String, _ position: String) -> ByteBuffer {
    ByteBuffer(string: "retry: 5000\nevent: \(name)\nid: \(position)\ndata:\n\n")
  }
}
