import Foundation
import Glibc
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Some of the addresses that a server answers at.
package protocol ServerRoutes: Sendable {
  func add(to router: RouterOfServer)

  /// Says what went wrong to a person who asked by a browser; nil leaves it as programs get it.
  func page(of problem: Problem, to request: Request) -> Response?
}

extension ServerRoutes {
  package func page(of problem: Problem, to request: Request) -> Response? { nil }
}

/// Serves HTTP/1.1 at one address until SIGINT or SIGTERM.
package struct WebServer: Sendable {
  /// Where to listen.
  package struct Place: Hashable, Sendable {
    package let host: String
    /// 0 takes any free one.
    package let port: Int

    /// Parses `127.0.0.1:8787`, `localhost:8787` or `[::1]:8787`.
    package init?(_ text: String) {
      guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
        return nil
      }
      var host = text[..<colon]
      if host.hasPrefix("["), host.hasSuffix("]") {
        host = host.dropFirst().dropLast()
      } else if host.contains(":") {
        return nil
      }
      guard !host.isEmpty else { return nil }
      self.host = String(host)
      self.port = Int(port)
    }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool { host == "localhost" || Self.loopback.contains { $0.contains(host) } }

    private static let loopback = ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }

    /// The address as it stands in a URL, with the port that was taken.
    package func url(port: Int) -> String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
  }

  /// Why an address cannot be listened at.
  package struct CannotListen: Error, Sendable {
    /// One line.
    package let message: String
  }

  /// How long a connection may be silent.
  private static let idleTimeout = TimeAmount.seconds(30)
  private static let largestHead = 16 << 10
  /// What the event loops and the database take, and a few connections.
  private static let fewestFiles = 48
  /// The most connections at once; fewer where the process may open fewer files.
  private static let mostConnections = 512

  private let routes: [any ServerRoutes]
  private let logger: Logger

  package init(routes: [any ServerRoutes], logger: Logger) {
    self.routes = routes
    self.logger = logger
  }

  /// Serves until a signal, or until one of the jobs beside it ends; then answers what has arrived, and returns.
  ///
  /// - Parameters:
  ///   - jobs: run as long as the server, and are cancelled with it. What one of them throws ends all and is thrown.
  ///   - listening: told the port once connections are accepted.
  package func serve(
    at place: Place, beside jobs: [@Sendable () async throws -> Void] = [],
    listening: @escaping @Sendable (_ port: Int) async -> Void
  ) async throws {
    guard Self.openFiles >= Self.fewestFiles else {
      throw CannotListen(
        message:
          "a server needs \(Self.fewestFiles) open files, and this process may have \(Self.openFiles): raise `ulimit -n`"
      )
    }
    let silent = Logger(label: "web") { _ in SwiftLogNoOpLogHandler() }
    let application = Application(
      router: router(),
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [ConnectionDeadlines()], idleTimeout: Self.idleTimeout,
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: Self.largestHead, maxHeaderListSize: Self.largestHead, maxHeaderFieldCount: 100))),
      configuration: ApplicationConfiguration(
        address: .hostname(place.host, port: place.port),
        availableConnectionsDelegate: ConnectionLimit(
          Self.mostConnections, files: Self.openFiles, logger: logger)),
      onServerRunning: { await listening($0.localAddress?.port ?? place.port) }, logger: silent)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: application)]
          + jobs.map { .init(service: Job(run: $0), successTerminationBehavior: .gracefullyShutdownGroup) },
        gracefulShutdownSignals: [.sigterm, .sigint], logger: silent))
    do {
      try await group.run()
    } catch let error as IOError {
      let reason = String(cString: strerror(error.errnoCode))
      throw CannotListen(
        message: "cannot listen at \(place.url(port: place.port).dropFirst(7)): \(reason); choose another address")
    }
  }

  /// Every route, behind what all of them have in common.
  package func router() -> RouterOfServer {
    _ = MetricsRegistry.shared
    let offers = offers
    let router = RouterOfServer(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: SecurityHeaders())
    router.add(middleware: KnownMethods(offers: offers))
    router.add(middleware: MetricsMiddleware())
    router.add(middleware: Problems(offers: offers, routes: routes, logger: logger))
    for routes in routes { routes.add(to: router) }
    return router
  }

  /// What can be asked for.
  private var offers: Offers {
    let router = RouterOfServer(context: ServerContext.self)
    for routes in routes { routes.add(to: router) }
    return Offers(all: router.routes.map { Offers.Offer(path: $0.path, method: $0.method) })
  }

  /// How many files this process may open.
  package static var openFiles: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
    return Int(clamping: limit.rlim_cur)
  }
}

/// Something that runs beside the server.
private struct Job: Service {
  let run: @Sendable () async throws -> Void

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown(run)
    } catch is CancellationError {
      // The server ends.
    }
  }
}
