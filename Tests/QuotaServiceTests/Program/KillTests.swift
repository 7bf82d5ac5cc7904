import Foundation
import QuotaCore
import Sandbox
import Subprocess
import TestSupport
import Testing
import UsageStore

@testable import QuotaService

@Suite("A run that is killed")
struct KillTests {
  /// What starts the runs.
  enum Start: CaseIterable {
    case collect
    case serve

    var arguments: [String] {
      switch self {
      case .collect: ["collect", "--quiet"]
      case .serve: ["serve", "--listen", "127.0.0.1:0"]
      }
    }

    /// The exit code after SIGTERM: a server ends as it was asked to.
    var terminated: Int32 {
      switch self {
      case .collect: 128 + SIGTERM
      case .serve: 0
      }
    }

    var kills: Int {
      switch self {
      case .collect: 200
      case .serve: 100
      }
    }
  }

  static let organizations = (1...24).map { "org-\($0)" }
  /// Counts at which the rule fires, far enough apart for every round to cross some.
  static let levels = (1...300).map { $0 * 10 }

  @Test(
    "loses no snapshot and no event, makes no two ids of one event, and tells nothing of a glitch",
    .timeLimit(.minutes(10)), arguments: Start.allCases)
  func killedAtRandomMoments(start startedBy: Start) async throws {
    let start = Date()
    let customers = Self.organizations.map { SimulatedOrganization(id: OrganizationID($0), keys: ["key-\($0)"]) }
    try await Sandbox.withRunning(organizations: customers, clock: .manual(start), remembering: 100_000) { sandbox in
      try await BuiltProgram.withFolder { folder in
        let history = try KillHistory(startedBy, sandbox: sandbox, folder: folder)
        var random = SeededGenerator(seed: 20_261_110)
        var kills = 0
        while kills < startedBy.kills {
          try history.grow(by: &random)
          // Figures have to be known before they can be beyond reason.
          if kills >= 40, kills.isMultiple(of: 10) { try await history.glitch(by: &random) }
          if try await history.runAndKill(by: &random) { kills += 1 }
          try await history.checkNothingLost()
        }
        try await history.finish()
        try await history.checkTruth()
      }
    }
  }
}

/// What has happened in the course of many killed runs, and what must be true of it.
private final class KillHistory {
  private let start: KillTests.Start
  private let sandbox: Sandbox
  private let program: BuiltProgram
  private let database: String
  private let month: BillingMonth
  private var usage: [String: Int64] = [:]
  private var seenPages: [OrganizationID: Int64] = [:]
  private var seenMessages: Set<MessageID> = []
  /// The messages that a later one made superfluous before they were sent.
  private var withdrawn: Set<MessageID> = []

  init(_ start: KillTests.Start, sandbox: Sandbox, folder: URL) throws {
    self.start = start
    self.sandbox = sandbox
    month = try #require(sandbox.vendor.currentMonth)
    database = folder.appending(path: "quotawatch.sqlite").path
    var environment = ["HOOK_SECRET": Installation.webhookSecret]
    for id in KillTests.organizations { environment["KEY_\(id.replacing("-", with: "_"))"] = "key-\(id)" }
    program = BuiltProgram(folder: folder, environment: environment)
    let entries = KillTests.organizations.map {
      #"{ "id": "\#($0)", "api_key": { "env": "KEY_\#($0.replacing("-", with: "_"))" } }"#
    }
    let text = """
      {
        "database": "quotawatch.sqlite",
        "api": { "base_url": "\(sandbox.baseURL)", "requests_per_second": 10000 },
        "organizations": [\(entries.joined(separator: ","))],
        "breaker": { "percent": 20 },
        "schedule": { "every": "1h" },
        "rules": [{ "id": "count", "type": "threshold", "metric": "pages", "count": \(KillTests.levels), "notify": ["hook"] }],
        "notifiers": { "hook": { "type": "webhook", "url": "\(sandbox.baseURL)/hooks/ops", "secret": { "env": "HOOK_SECRET" } } }
      }
      """
    try Data(text.utf8).write(to: folder.appending(path: "alerts.json"))
  }

  /// Lets some organizations use more.
  func grow(by random: inout SeededGenerator) throws {
    for id in KillTests.organizations where Bool.random(using: &random) {
      usage[id, default: 0] += Int64.random(in: 0...14, using: &random)
      sandbox.vendor.setUsage(
        of: OrganizationID(id), in: month, to: Counters(pages: usage[id] ?? 0, conversions: 0))
    }
  }

  /// Lets everybody's figures be ten times too high, or nothing, for a run that is killed, too, or ended by SIGTERM.
  func glitch(by random: inout SeededGenerator) async throws {
    let factor: Int64 = Bool.random(using: &random) ? 10 : 0
    for (id, pages) in usage where pages > 0 {
      sandbox.vendor.setUsage(of: OrganizationID(id), in: month, to: Counters(pages: pages * factor, conversions: 0))
    }
    _ = try await runAndKill(by: &random)
    for (id, pages) in usage {
      sandbox.vendor.setUsage(of: OrganizationID(id), in: month, to: Counters(pages: pages, conversions: 0))
    }
    seenPages = [:]
  }

  /// Starts a run and kills its process, or asks it to end by SIGTERM, some moment after the vendor has been asked so many
  /// times: in half of the runs while it asks, in the other half while it commits, notifies or ends.
  ///
  /// - Returns: whether it was killed before it ended by itself.
  func runAndKill(by random: inout SeededGenerator) async throws -> Bool {
    let all = KillTests.organizations.count
    let isAsking = Bool.random(using: &random)
    let count = isAsking ? Int.random(in: 1...all, using: &random) : all
    let delay = Duration.microseconds(Int.random(in: 0...(isAsking ? 3_000 : 60_000), using: &random))
    let requests = sandbox.vendor.requests
    let total = requests.total + count
    let signal: Signal = Bool.random(using: &random) ? .kill : .terminate
    let result = try await program.run(start.arguments, signal: signal) { kill in
      try await requests.wait(untilTotal: total)
      try await Task.sleep(for: delay)
      try? kill()
    }
    // Asked to end, it ends by itself and says so.
    let wasEnded = result.wasKilled || (signal == .terminate && result.status == start.terminated)
    if !wasEnded { #expect(result.status == 0, "\(result.errors)") }
    return wasEnded
  }

  /// What was in the database after an earlier run still is.
  func checkNothingLost() async throws {
    guard FileManager.default.fileExists(atPath: database) else { return }
    let store: SQLiteStore
    do {
      store = try SQLiteStore.open(path: database, access: .readOnly, billingTimeZone: .gmt)
    } catch let error as StoreError {
      // Killed while the database was being made.
      guard seenPages.isEmpty, case .unusable = error else { throw error }
      return
    }
    let (pages, messages, withdrawn) = try await store.read { [month] reader in
      let ids = KillTests.organizations.map { OrganizationID($0) }
      let pages = try reader.states(of: ids).compactMapValues { $0.months[month]?.snapshot.counters.pages }
      let deliveries = try reader.deliveries(Set(Delivery.Status.allCases))
      let withdrawn = Set(deliveries.filter { $0.status == .withdrawn }.map(\.message))
      return (pages, Set(deliveries.map(\.message)), withdrawn)
    }
    for (id, before) in seenPages { #expect(pages[id] ?? -1 >= before, "\(id) went back") }
    #expect(seenMessages.isSubset(of: messages))
    // What is stored of a glitch may be taken back.
    seenPages = pages.filter { $0.value <= usage[$0.key.rawValue] ?? 0 }
    (seenMessages, self.withdrawn) = (messages, withdrawn)
  }

  /// Lets runs end by themselves until there is nothing left to do.
  func finish() async throws {
    for _ in 0..<2 {
      let result = try await program.run(["collect", "--quiet"])
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try await program.run(["db", "check"]).status == 0)
  }

  /// What is told of an organization, or of the vendor's figures as a whole.
  private struct Told: Decodable {
    struct Content: Decodable {
      struct Named: Decodable { let id: String }
      let organization: Named?
      let crossed: [String]?
    }
    let type: String
    let data: Content
  }

  /// The event that a webhook tells, or those of a group.
  private static func events(in body: [UInt8]) throws -> [Told] {
    struct Kind: Decodable { let type: String }
    struct Group: Decodable {
      struct Content: Decodable { let events: [Told] }
      let data: Content
    }
    let kind = try JSONDecoder().decode(Kind.self, from: Data(body))
    guard kind.type == "alert.group" else { return [try JSONDecoder().decode(Told.self, from: Data(body))] }
    return try JSONDecoder().decode(Group.self, from: Data(body)).data.events
  }

  /// The levels of the events that were not told, since a later one of the same subject was.
  private func superseded() async throws -> [String: [String]] {
    let store = try SQLiteStore.open(path: database, access: .readOnly, billingTimeZone: .gmt)
    return try await store.read { reader in
      try KillTests.organizations.reduce(into: [:]) { levels, id in
        let notices = try reader.notices(of: OrganizationID(id), limit: 100_000)
        levels[id] = notices.filter { $0.state == .dropped(.superseded) }.flatMap(\.event.crossed).map(\.description)
      }
    }
  }

  /// Every level that was reached was told in exactly one event, unless a higher one was told instead, every event under
  /// one id with one body, and nothing else was told.
  func checkTruth() async throws {
    try await checkNothingLost()
    var told: [String: [String]] = [:]
    var bodies: [String: Set<[UInt8]>] = [:]
    var idsOfBodies: [[UInt8]: Set<String>] = [:]
    for hook in sandbox.hooks.received.entries {
      let id = try #require(hook.header("webhook-id"))
      if bodies[id, default: []].insert(hook.body).inserted {
        for body in try Self.events(in: hook.body) {
          guard let organization = body.data.organization else { continue }
          #expect(body.type == "alert.firing")
          told[organization.id, default: []] += body.data.crossed ?? []
        }
      }
      idsOfBodies[hook.body, default: []].insert(id)
    }
    #expect(bodies.values.allSatisfy { $0.count == 1 })
    #expect(idsOfBodies.values.allSatisfy { $0.count == 1 })
    #expect(bodies.count == seenMessages.count - withdrawn.count)
    let superseded = try await superseded()
    for id in KillTests.organizations {
      let reached = KillTests.levels.filter { Int64($0) <= usage[id] ?? 0 }.map(String.init)
      #expect(told[id, default: []].contains { $0 == reached.last } || reached.isEmpty, "\(id)")
      // A later event may tell the levels of those that it supersedes.
      let events = told[id, default: []]
      #expect(Set(events).count == events.count, "\(id)")
      #expect(Set(events).union(superseded[id, default: []]) == Set(reached), "\(id)")
      #expect(seenPages[OrganizationID(id)] == usage[id] ?? 0)
    }
  }
}
