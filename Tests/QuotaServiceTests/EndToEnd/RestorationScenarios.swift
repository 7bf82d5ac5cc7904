import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

@Suite("After a backup was restored")
struct RestorationScenarios {
  private static let hook = "/hooks/ops"
  private static let organizations = ["acme", "globex", "initech"]

  private func service(
    _ installation: Installation, rules: String? = nil, keys: [String: String] = [:]
  ) throws -> Setup {
    try rules.map { try installation.service(organizations: Self.organizations, rules: $0, environment: keys) }
      ?? installation.service(organizations: Self.organizations)
  }

  private func run(
    _ installation: Installation, rules: String? = nil, keys: [String: String] = [:]
  ) async throws {
    _ = try await service(installation, rules: rules, keys: keys).collect(DeliveryScenarios.options(budget: 0))
    installation.advance(by: .seconds(900))
  }

  private func backUp(_ installation: Installation) async throws -> String {
    let path = installation.folder.appending(path: "backup.sqlite").path
    _ = try await service(installation).backUpDatabase(to: path, overwrites: true)
    return path
  }

  /// Loses the database, and restores the backup.
  private func restore(_ installation: Installation, _ backup: String) throws -> RestoreDatabase.Outcome {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: installation.databasePath + suffix)
    }
    return try service(installation).restoreDatabase(from: backup, overwrites: false)
  }

  /// A message in words: `restored { alert.firing acme 80% again; … }`.
  private func told(_ installation: Installation, since count: Int) throws -> [String] {
    try installation.sandbox.hooks.received(on: Self.hook).dropFirst(count).map { hook in
      let body = try JSONParser.parse(hook.body)
      func words(_ event: JSONNode) -> String {
        [
          event["type"]?.string, event["data"]?["organization"]?["id"]?.string, event["data"]?["level"]?.string,
          event["data"]?["possible_repetition_since"] == nil ? nil : "again",
        ].compactMap { $0 }.joined(separator: " ")
      }
      guard let events = body["data"]?["events"]?.items else { return words(body) }
      return "\(body["data"]?["occasion"]?.string ?? "") { \(events.map(words).joined(separator: "; ")) }"
    }
  }

  @Test("one message tells all that fires and the backup does not know of, marked; then life is as before")
  func drill() async throws {
    try await Installation.run(Self.organizations) { installation in
      installation.use(55, of: "acme")
      installation.use(85, of: "initech")
      try await run(installation)
      let backup = try await backUp(installation)
      installation.advance(by: .seconds(3_600))
      installation.use(85, of: "acme")
      installation.use(100, of: "globex")
      installation.use(10, of: "initech")
      try await run(installation)
      let ids = try installation.sandbox.hooks.received(on: Self.hook).flatMap { hook in
        [try JSONParser.parse(hook.body)["data"]?["event_id"]?.string].compactMap { $0 }
      }
      let before = installation.sandbox.hooks.received(on: Self.hook).count
      #expect(before == 5)
      installation.advance(by: .seconds(86_400))

      let outcome = try restore(installation, backup)
      #expect(outcome.restoration.gap.to.timeIntervalSince(outcome.restoration.gap.from) == 90_900)
      let rows = try await service(installation).status([])
      #expect(rows.allSatisfy { $0.problem?.contains("backup was restored") ?? false })
      #expect(
        rows.allSatisfy {
          Freshness(of: $0, at: installation.clock.date, limit: .days(7), in: $0.month) == .stale
        })
      #expect(try await service(installation).why("acme", rule: nil).restorations.count == 1)

      try await run(installation)
      let all =
        "restored { alert.firing globex 100% again; alert.firing acme 80% again; alert.resolved initech 80% again }"
      #expect(try told(installation, since: before) == [all])
      let again = try JSONParser.parse(try #require(installation.sandbox.hooks.received(on: Self.hook).last).body)
      let repeated = try #require(again["data"]?["events"]?.items).compactMap { $0["data"]?["event_id"]?.string }
      #expect(Set(repeated).isSubset(of: ids))
      #expect(try await service(installation).status([]).allSatisfy { $0.problem == nil })

      try await run(installation)
      #expect(try told(installation, since: before + 1) == [])
      installation.use(20, of: "acme")
      for _ in 0..<2 { try await run(installation) }
      #expect(try told(installation, since: before + 1) == ["alert.resolved acme 80%"])
      let setup = try service(installation)
      #expect(try setup.databaseProblems() == [])
    }
  }

  @Test("who can be read only in a later run is marked then, and what happens after that is news")
  func readLater() async throws {
    try await Installation.run(Self.organizations) { installation in
      try await run(installation)
      let backup = try await backUp(installation)
      for name in ["acme", "globex"] { installation.use(85, of: name) }
      _ = try restore(installation, backup)
      _ = try await service(installation).collect(DeliveryScenarios.options(budget: 0), only: "acme")
      try await run(installation)
      installation.use(85, of: "initech")
      try await run(installation)
      #expect(
        try told(installation, since: 0)
          == ["alert.firing acme 80% again", "alert.firing globex 80% again", "alert.firing initech 80%"])
    }
  }

  @Test("what was on its way keeps its id, and says that it may have arrived")
  func onItsWay() async throws {
    try await Installation.run(Self.organizations) { installation in
      installation.sandbox.hooks.plan(.status(503), times: 1, on: Self.hook)
      installation.use(85, of: "acme")
      try await run(installation)
      let backup = try await backUp(installation)
      try await run(installation)
      _ = try restore(installation, backup)
      try await run(installation)
      let received = installation.sandbox.hooks.received(on: Self.hook)
      #expect(
        try told(installation, since: 0)
          == ["alert.firing acme 80%", "alert.firing acme 80%", "alert.firing acme 80% again"])
      #expect(Set(received.map { $0.header("webhook-id") }).count == 1)
    }
  }

  @Test("a key that is refused is told, marked, and nobody is called silent for the time of which nothing is known")
  func silence() async throws {
    let rules = #"""
      [{ "id": "stale", "type": "stale", "after": "2h", "notify": ["hook"] },
       { "id": "keys", "type": "credential", "notify": ["hook"] },
       { "id": "idle", "type": "idle", "after": "30d", "notify": ["hook"] },
       { "id": "spike", "type": "spike", "metric": "pages", "minimum": 20, "notify": ["hook"] }]
      """#
    try await Installation.run(Self.organizations) { installation in
      for hour in 0..<(24 * 9) {
        installation.use(Int64(hour), of: "globex")
        _ = try await service(installation, rules: rules).collect(DeliveryScenarios.options(budget: 0))
        installation.advance(by: .seconds(3_600))
      }
      let backup = try await backUp(installation)
      installation.advance(by: .seconds(5 * 86_400))
      installation.use(24 * 14, of: "globex")
      _ = try restore(installation, backup)
      let keys = ["KEY_acme": "a key that is no more"]
      try await run(installation, rules: rules, keys: keys)
      #expect(try told(installation, since: 0) == ["alert.firing acme again"])
      for _ in 0..<8 { try await run(installation, rules: rules, keys: keys) }
      #expect(try told(installation, since: 1) == ["alert.firing acme again"])
    }
  }
}

extension JSONNode {
  /// Nil for what is no list.
  fileprivate var items: JSONList? { if case .array(let items) = value { items } else { nil } }
}

extension CollectUsage {
  /// Runs one cycle for one organization.
  fileprivate func callAsFunction(_ options: Options, only organization: String) async throws -> CollectReport {
    var options = options
    options.only = [organization]
    return try await self(options)
  }
}
