import CurlTransport
import Foundation
import Logging
import QuotaCore
import Sandbox
import Synchronization
import TestSupport
import UsageStore

@testable import QuotaService

/// A whole installation in a temporary folder: the real service with real libcurl and SQLite, against a simulated vendor
/// and receivers on loopback. Only the time is the test's own.
final class Installation: Sendable {
  let folder: URL
  let sandbox: Sandbox
  let clock: TestClock
  /// Pass when the test says so: a busy machine breaks nothing off.
  let deadlines = Deadlines()
  let transport: CurlTransport
  /// By how many seconds the machine's clock is wrong: above 0 it is ahead. The vendor's is right.
  let clockError = Mutex<TimeInterval>(0)
  /// The warnings and errors of every run.
  let complaints = Complaints()

  static let webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  /// Runs a test in an installation that is removed afterwards.
  ///
  /// - Parameters:
  ///   - organizations: the vendor's customers; `acme` has the key `key-acme`.
  ///   - start: when the test begins, for the vendor too.
  ///   - timeZone: the zone of the vendor's months.
  static func run<Value: Sendable>(
    _ organizations: [String] = ["acme"], at start: String = "2026-11-10T12:00:00Z", timeZone: TimeZone = .gmt,
    _ body: (Installation) async throws -> Value
  ) async throws -> Value {
    let date = try Date(start, strategy: .iso8601)
    let customers = organizations.map { SimulatedOrganization(id: OrganizationID($0), keys: ["key-\($0)"]) }
    return try await Sandbox.withRunning(organizations: customers, clock: .manual(date), timeZone: timeZone) {
      sandbox in
      let installation = try Installation(sandbox: sandbox, clock: TestClock(date))
      defer { try? FileManager.default.removeItem(at: installation.folder) }
      return try await body(installation)
    }
  }

  private init(sandbox: Sandbox, clock: TestClock) throws {
    self.sandbox = sandbox
    self.clock = clock
    folder = FileManager.default.temporaryDirectory.appending(path: "quotawatch-test-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    transport = try CurlTransport(userAgent: "quotawatch-test")
  }

  var databasePath: String { folder.appending(path: "quotawatch.sqlite").path }

  /// Lets time pass, for the vendor too.
  func advance(by duration: Duration) {
    clock.advance(by: duration)
    sandbox.vendor.now = clock.date
  }

  /// Sets what the vendor counts for an organization in its current month, or in another.
  func use(_ pages: Int64, conversions: Int64 = 0, of organization: String = "acme", in month: String? = nil) {
    guard let month = month.flatMap({ BillingMonth($0) }) ?? sandbox.vendor.currentMonth else { return }
    sandbox.vendor.setUsage(
      of: OrganizationID(organization), in: month, to: Counters(pages: pages, conversions: conversions))
  }

  /// The service with a configuration whose usual parts may be replaced.
  ///
  /// - Parameters:
  ///   - members: further members of every organization, each after a comma; `{id}` stands for its id.
  ///   - further: further members of the configuration, each after a comma.
  func service(
    organizations: [String] = ["acme"], quota: String = #"{ "pages": 100 }"#, plans: String = "{}",
    members: String = "",
    rules: String =
      #"[{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80, 100], "notify": ["hook"] }]"#,
    notifiers: String? = nil, further: String = "", api: String = #""retries": 0, "requests_per_second": 10000"#,
    environment: [String: String] = [:]
  ) throws -> Setup {
    let entries = organizations.map {
      #"{ "id": "\#($0)", "name": "Name of \#($0)", "api_key": { "env": "KEY_\#($0)" }, "quota": \#(quota)\#(members.replacing("{id}", with: $0)) }"#
    }
    let hook =
      #"{ "hook": { "type": "webhook", "url": "\#(sandbox.baseURL)/hooks/ops", "secret": { "env": "HOOK_SECRET" } } }"#
    let text = """
      {
        "database": "quotawatch.sqlite",
        "api": { \(api.contains("base_url") ? "" : #""base_url": "\#(sandbox.baseURL)", "#)\(api) },
        "plans": \(plans),
        "organizations": [\(entries.joined(separator: ","))],
        "rules": \(rules),
        "notifiers": \(notifiers ?? hook)\(further)
      }
      """
    return try service(text, organizations: organizations, environment: environment)
  }

  /// The service with the whole text of a configuration; `key-ID` is each organization's key in `KEY_ID`.
  func service(_ text: String, organizations: [String], environment: [String: String] = [:]) throws -> Setup {
    let configuration = try Configuration.decode(Array(text.utf8), file: "alerts.json", directory: folder.path)
    var variables = ["HOOK_SECRET": Self.webhookSecret].merging(environment) { $1 }
    for organization in organizations where variables["KEY_\(organization)"] == nil {
      variables["KEY_\(organization)"] = "key-\(organization)"
    }
    return Setup(
      configuration,
      world: World(
        now: { [self] in clock.date.addingTimeInterval(clockError.withLock { $0 }) }, clock: clock, random: { 0.5 },
        http: transport, mail: transport,
        secrets: SecretResolver(configuration, environment: variables),
        logger: Logger(label: "quotawatch-test") { [complaints] _ in complaints },
        deadline: { [deadlines] _ in try await deadlines.wait() }))
  }

  /// The bodies that the webhook has received, oldest first.
  var webhooks: [WebhookBody] {
    get throws {
      try sandbox.hooks.received(on: "/hooks/ops").map {
        try JSONDecoder().decode(WebhookBody.self, from: Data($0.body))
      }
    }
  }
}

/// A log of which only the warnings and errors are kept.
struct Complaints: LogHandler {
  private final class Lines: Sendable {
    let all = Mutex<[String]>([])
  }

  private let kept = Lines()
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.warning

  var lines: [String] { kept.all.withLock { $0 } }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    kept.all.withLock { $0.append("\(event.message)") }
  }
}

/// What a receiver reads of a webhook.
struct WebhookBody: Decodable, Equatable {
  struct Content: Decodable, Equatable {
    struct Named: Decodable, Equatable {
      let id: String
    }

    let event_id: String?
    let organization: Named
    let rule: Named
    let month: String?
    let metric: String?
    let level: String?
    let crossed: [String]?
    let used: Int64?
    let quota: Int64?
    let reason: String?
    let observed_after: String?
    let observed_at: String?
  }

  let type: String
  let data: Content

  /// `alert.firing 80% [50% 80%] of acme in 2026-11`.
  var summary: String {
    let crossed = (data.crossed ?? []).joined(separator: " ")
    return [
      type, data.rule.id, data.organization.id, data.month, data.level, crossed.isEmpty ? nil : "[\(crossed)]",
    ].compactMap { $0 }.joined(separator: " ")
  }
}
