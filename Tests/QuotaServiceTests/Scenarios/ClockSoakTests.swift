import Foundation
import Logging
import QuotaCore
import Synchronization
import TestSupport
import Testing

@testable import QuotaService

@Suite("Two weeks with a clock that jumps")
struct ClockSoakTests {
  @Test("lose nothing and double nothing", .timeLimit(.minutes(10)))
  func jumps() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "quotawatch-soak-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let soak = try Soak(folder: folder.path)
    var random = SeededGenerator(seed: 20_261_111)
    for _ in 0..<2_000 { try await soak.run(by: &random) }
    try await soak.finish()
    for organization in Soak.organizations {
      for month in ["2026-10", "2026-11"] {
        let reached = Soak.levels.filter { $0 <= soak.outside.used(organization, month) }.map(String.init)
        #expect(soak.outside.told(organization, month).sorted() == reached.sorted(), "\(organization) in \(month)")
        #expect(try await soak.stored(organization, month) == soak.outside.used(organization, month))
      }
    }
    #expect(soak.outside.told("acme", "2026-11").count > 10)
  }
}

/// An installation whose vendor and receiver are in memory, with a clock that is wrong by up to two hours.
private final class Soak: Sendable {
  static let organizations = ["acme", "globex", "initech"]
  static let levels = (1...60).map { Int64($0 * 200) }

  let outside: Outside
  private let clock: TestClock
  private let clockError = ClockError()
  private let service: Setup

  init(folder: String) throws {
    let clock = TestClock(try Date("2026-10-25T00:00:00Z", strategy: .iso8601))
    self.clock = clock
    outside = Outside(clock: clock)
    let entries = Self.organizations.map { #"{ "id": "\#($0)", "api_key": { "env": "KEY_\#($0)" } }"# }
    let text = """
      {
        "database": "quotawatch.sqlite",
        "api": { "base_url": "http://127.0.0.1:1", "retries": 0, "requests_per_second": 10000 },
        "organizations": [\(entries.joined(separator: ","))],
        "rules": [
          { "id": "count", "type": "threshold", "metric": "pages", "count": \(Self.levels), "notify": ["hook"] }],
        "notifiers": { "hook": { "type": "webhook", "url": "http://127.0.0.1:1/hook", "secret": { "env": "HOOK_SECRET" } } }
      }
      """
    let configuration = try Configuration.decode(Array(text.utf8), file: "alerts.json", directory: folder)
    var secrets = ["HOOK_SECRET": Installation.webhookSecret]
    for organization in Self.organizations { secrets["KEY_\(organization)"] = organization }
    service = Setup(
      configuration,
      world: World(
        now: { [clockError] in clock.date.addingTimeInterval(clockError.seconds.withLock { $0 }) }, clock: clock,
        random: { 0.5 }, http: outside, mail: FakeMailTransport(), secrets: FixedSecrets(secrets),
        logger: Logger(label: "soak") { _ in SwiftLogNoOpLogHandler() },
        deadline: { _ in try await Task.sleep(for: .seconds(3_600)) }))
  }

  /// Lets ten minutes pass, some use happen, the clock jump perhaps, and a run happen.
  func run(by random: inout SeededGenerator) async throws {
    clock.advance(by: .seconds(600))
    if Int.random(in: 0..<3, using: &random) == 0 {
      let error = TimeInterval(Int.random(in: -7_200...7_200, using: &random))
      clockError.seconds.withLock { $0 = Bool.random(using: &random) ? error : 0 }
    }
    for organization in Self.organizations where Int.random(in: 0..<4, using: &random) == 0 {
      outside.use(Int64.random(in: 0...40, using: &random), organization)
    }
    outside.behave(
      datesAnswers: Bool.random(using: &random), refusesHooks: Int.random(in: 0..<20, using: &random) == 0)
    _ = try await service.collect(CollectUsage.Options())
  }

  /// Lets runs happen by the right time until nothing is left to do.
  func finish() async throws {
    clockError.seconds.withLock { $0 = 0 }
    outside.behave(datesAnswers: true, refusesHooks: false)
    for _ in 0..<3 {
      clock.advance(by: .seconds(86_400))
      #expect(try await service.collect(CollectUsage.Options()).status == .success)
    }
  }

  func stored(_ organization: String, _ month: String) async throws -> Int64 {
    let month = try #require(BillingMonth(month))
    return try await service.database.openForReading().read { reader in
      let id = OrganizationID(organization)
      return try reader.months(of: [id], from: month, to: month)[id]?[month]?.snapshot.counters.pages ?? 0
    }
  }
}

/// By how much the machine's clock is wrong.
private final class ClockError: Sendable {
  let seconds = Mutex<TimeInterval>(0)
}

/// The vendor, whose clock is right, and the receiver of webhooks.
private final class Outside: HTTPTransport {
  private struct State {
    var used: [String: Int64] = [:]
    var told: [String: [String]] = [:]
    var datesAnswers = true
    var refusesHooks = false
  }

  private let clock: TestClock
  private let state = Mutex(State())

  init(clock: TestClock) {
    self.clock = clock
  }

  func used(_ organization: String, _ month: String) -> Int64 {
    state.withLock { $0.used["\(organization) \(month)"] ?? 0 }
  }

  /// The levels that were told, each as often as it was.
  func told(_ organization: String, _ month: String) -> [String] {
    state.withLock { $0.told["\(organization) \(month)"] ?? [] }
  }

  func use(_ pages: Int64, _ organization: String) {
    state.withLock { $0.used["\(organization) \(String(clock.date.iso8601.prefix(7)))", default: 0] += pages }
  }

  func behave(datesAnswers: Bool, refusesHooks: Bool) {
    state.withLock { ($0.datesAnswers, $0.refusesHooks) = (datesAnswers, refusesHooks) }
  }

  func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    do {
      return request.method == .post ? try receive(request.body ?? []) : answer(request)
    } catch {
      throw .protocolViolation("\(error)")
    }
  }

  private func answer(_ request: TransportRequest) -> TransportResponse {
    let now = clock.date
    let headers = state.withLock { $0.datesAnswers } ? [("date", HTTPDate.text(of: now))] : []
    guard let key = request.headers.first(where: { $0.name == "Authorization" })?.value.reveal().dropFirst(7) else {
      return TransportResponse(status: 401, headers: headers, body: Array(#"{"error": "Unauthorized"}"#.utf8))
    }
    var month = String(now.iso8601.prefix(7))
    if let asked = request.url.reveal().firstRange(of: "?year=") {
      let parts = request.url.reveal()[asked.upperBound...].split(separator: "&month=")
      month = "\(parts[0])-\(parts[1].count == 1 ? "0" : "")\(parts[1])"
    }
    let parts = month.split(separator: "-").compactMap { Int($0) }
    let body =
      #"{"year": \#(parts[0]), "month": \#(parts[1]), "successful_pages": \#(used(String(key), month)), "successful_conversions": 0}"#
    return TransportResponse(status: 200, headers: headers, body: Array(body.utf8))
  }

  private func receive(_ body: [UInt8]) throws -> TransportResponse {
    if state.withLock({ $0.refusesHooks }) { return TransportResponse(status: 503) }
    let message = try JSONDecoder().decode(Told.self, from: Data(body))
    state.withLock { state in
      for event in message.data.events ?? [message] where event.type == "alert.firing" {
        let subject = "\(event.data.organization?.id ?? "") \(event.data.month ?? "")"
        state.told[subject, default: []] += event.data.crossed ?? []
      }
    }
    return TransportResponse(status: 204)
  }

  private struct Told: Decodable {
    struct Named: Decodable { let id: String }

    struct Content: Decodable {
      let organization: Named?
      let month: String?
      let crossed: [String]?
      let events: [Told]?
    }

    let type: String
    let data: Content
  }
}
