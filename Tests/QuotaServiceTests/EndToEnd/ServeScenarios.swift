import CurlTransport
import Foundation
import QuotaCore
import Sandbox
import Synchronization
import TestSupport
import Testing

@testable import QuotaService
@testable import WebServer

@Suite("One process that collects and shows", .timeLimit(.minutes(5)))
struct ServeScenarios {
  /// A running server, the file that it reads, and what it tells.
  private final class Served: Sendable {
    let installation: Installation
    let text: Mutex<String>
    let runs = AsyncStream<Int>.makeStream()
    let reloads = AsyncStream<Void>.makeStream()
    let reloaded = AsyncStream<ServiceError?>.makeStream()
    let port = Mutex(0)

    init(_ installation: Installation, _ text: String) {
      self.installation = installation
      self.text = Mutex(text)
    }

    /// What its configuration says at this moment. It waits for nobody but the network, by the machine's clock.
    func setup() throws -> Setup {
      let made = try installation.service(
        text.withLock { $0 }, organizations: ["acme", "globex"],
        environment: ["TOKEN": ServeScenarios.secret, "CLIENT": "client-token"])
      return Setup(
        made.configuration,
        world: World(
          now: made.world.now, clock: ContinuousClock(), random: { 0.5 }, http: made.world.http,
          mail: made.world.mail, secrets: made.world.secrets, logger: made.world.logger))
    }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> (status: Int, body: String) {
      let answer = try await installation.transport.send(
        TransportRequest(
          .get, url: Secret("http://127.0.0.1:\(port.withLock { $0 })\(path)"),
          headers: headers.map { TransportRequest.Header($0.key, $0.value) }))
      return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    /// Writes another configuration and returns what is said of it.
    func reload(_ text: String) async throws -> ServiceError? {
      self.text.withLock { $0 = text }
      reloads.continuation.yield()
      for await outcome in reloaded.stream { return outcome }
      return nil
    }
  }

  private static let secret = "metrics-token-c0ffee"

  private static func configuration(_ installation: Installation, of organizations: [String] = ["acme"]) -> String {
    let entries = organizations.map {
      #"{ "id": "\#($0)", "api_key": { "env": "KEY_\#($0)" }, "quota": { "pages": 1000 } }"#
    }
    return """
      {
        "database": "quotawatch.sqlite", "api": { "base_url": "\(installation.sandbox.baseURL)" },
        "organizations": [\(entries.joined(separator: ", "))], "schedule": { "every": "1h" },
        "tokens": [
          { "name": "prometheus", "token": { "env": "TOKEN" }, "scopes": ["metrics"] },
          { "name": "client", "token": { "env": "CLIENT" }, "scopes": ["metrics"], "organizations": ["acme"] }
        ]
      }
      """
  }

  private static func run(_ body: @escaping @Sendable (Served) async throws -> Void) async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      installation.use(1_234)
      let served = Served(installation, Self.configuration(installation))
      let (ports, port) = AsyncStream<Int>.makeStream()
      let serve = Serve(
        setup: try served.setup(), load: { try served.setup() },
        events: Serve.Events(
          listening: { port.yield($0) },
          ran: { if case .success(let report) = $0 { served.runs.continuation.yield(report.summary.read) } },
          reloading: {}, reloaded: { served.reloaded.continuation.yield($0) }, resting: {}, alive: {},
          aliveInterval: nil))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          defer { port.finish() }
          let place = try #require(WebServer.Place("127.0.0.1:0"))
          try await serve(at: place, reloads: served.reloads.stream)
        }
        for await port in ports {
          served.port.withLock { $0 = port }
          try await body(served)
          break
        }
        group.cancelAll()
      }
    }
  }

  @Test("collects, is ready then, and shows as metrics what the database has")
  func metrics() async throws {
    try await Self.run { served async throws in
      #expect(try await served.get("/-/healthy").status == 200)
      for await read in served.runs.stream {
        #expect(read == 1)
        break
      }
      #expect(try await served.get("/-/ready").status == 200)
      let text = try await served.get("/metrics").body
      #expect(text.contains("\nquotawatch_used_pages{organization=\"acme\"} 1234\n"))
      #expect(text.contains("\nquotawatch_quota_pages{organization=\"acme\"} 1000\n"))
      #expect(text.contains("\nquotawatch_usage_ratio{organization=\"acme\",metric=\"pages\"} 1.234\n"))
      for secret in [Self.secret, "client-token", "key-acme"] { #expect(!text.contains(secret)) }
      let open = try await served.get("/metrics", ["Accept": "application/openmetrics-text; version=1.0.0"]).body
      #expect(open.hasSuffix("\n# EOF\n"))
    }
  }

  @Test("shows the metrics to who may see them, under its own names")
  func access() async throws {
    try await Self.run { served async throws in
      func status(_ token: String) async throws -> Int {
        try await served.get("/metrics", ["Authorization": "Bearer \(token)"]).status
      }
      #expect(try await served.get("/metrics").status == 200)
      #expect(try await status(Self.secret) == 200)
      #expect(try await status("wrong") == 401)
      #expect(try await status("client-token") == 403)
      #expect(try await served.get("/metrics", ["Host": "evil.example"]).status == 421)
      #expect(try await served.get("/-/healthy", ["Host": "evil.example"]).status == 200)
      #expect(try await served.get("/nothing").status == 404)
    }
  }

  @Test("goes by a new configuration as a whole, and stays with the old one where it is wrong")
  func reload() async throws {
    try await Self.run { served async throws in
      let installation = served.installation
      // Before it is ready it says nothing of its configuration.
      for await _ in served.runs.stream { break }
      #expect(try await served.reload(Self.configuration(installation, of: ["acme", "globex"])) == nil)
      let both = try await served.get("/metrics").body
      #expect(both.contains(#"quotawatch_organization_readable{organization="globex"} 0"#))
      #expect(both.contains("\nquotawatch_configuration_reload_successful 1\n"))
      #expect(!(try await served.get("/-/ready").body.contains("configuration")))
      let wrong = try await served.reload(#"{ "organizations": [] }"#)
      #expect(wrong?.status == .configuration)
      let elsewhere = Self.configuration(installation).replacing("quotawatch.sqlite", with: "other.sqlite")
      #expect(try await served.reload(elsewhere)?.lines == ["\"database\" is another file now; restart to change it"])
      let kept = try await served.get("/metrics").body
      #expect(kept.contains(#"organization="globex""#))
      #expect(kept.contains("\nquotawatch_configuration_reload_successful 0\n"))
      #expect(try await served.get("/-/ready").body.contains("the configuration on the disk is wrong"))
    }
  }

  @Test("starts with no two tokens that are the same")
  func twins() async throws {
    try await Installation.run { installation in
      let text = Self.configuration(installation)
      let setup = try installation.service(
        text, organizations: ["acme"], environment: ["TOKEN": "the-same", "CLIENT": "the-same"])
      let error = await failure { _ = try await ServedConfiguration.State(setup, isLocal: true) }
      #expect(error?.lines == ["tokens prometheus and client have the same secret; give each one of its own"])
    }
  }

  @Test("listens where others can reach it only if somebody asks who they are")
  func openDoor() async throws {
    try await Installation.run { installation in
      let setup = try installation.service()
      let serve = Serve(
        setup: setup, load: { setup },
        events: Serve.Events(
          listening: { _ in }, ran: { _ in }, reloading: {}, reloaded: { _ in }, resting: {}, alive: {},
          aliveInterval: nil))
      let place = try #require(WebServer.Place("0.0.0.0:0"))
      let error = await failure { try await serve(at: place, reloads: AsyncStream { $0.finish() }) }
      #expect(error?.status == .configuration)
      #expect(error?.lines.first?.contains("\"tokens\"") == true)
    }
  }
}
