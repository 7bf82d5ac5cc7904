import CurlTransport
import Foundation
import QuotaCore
import Sandbox
import Synchronization
import TestSupport
import Testing
import UsageStore

@testable import QuotaService

/// Kills the program again and again while it counts or closes, a moment after something that it does, and looks whether
/// something was lost or is there twice.
@Suite("A ledger or a closing that is killed", .timeLimit(.minutes(5)), .serialized)
struct LedgerKillTests {
  private static let organizations = (1...6).map { "org_\($0)" }
  private static let webhookSecret = "whsec-of-org-1"
  private static let kills = 10

  /// An installation of the real program.
  private struct Trial: Sendable {
    let sandbox: Sandbox
    let program: BuiltProgram

    static func run(_ body: (Trial) async throws -> Void) async throws {
      let customers = organizations.map { SimulatedOrganization(id: OrganizationID($0), keys: ["key-\($0)"]) }
      try await Sandbox.withRunning(organizations: customers, clock: .manual(Date()), remembering: 100_000) { sandbox in
        try await BuiltProgram.withFolder { folder in
          var environment = ["WEBHOOK": webhookSecret]
          for id in organizations { environment["KEY_\(id)"] = "key-\(id)" }
          let entries = organizations.map {
            #"{ "id": "\#($0)", "api_key": { "env": "KEY_\#($0)" }, "webhook_secret": { "env": "WEBHOOK" } }"#
          }
          let text = """
            { "database": "quotawatch.sqlite",
              "api": { "base_url": "\(sandbox.baseURL)", "requests_per_second": 10000, "max_concurrent_requests": 2 },
              "organizations": [\(entries.joined(separator: ","))] }
            """
          try Data(text.utf8).write(to: folder.appending(path: "alerts.json"))
          try await body(Trial(sandbox: sandbox, program: BuiltProgram(folder: folder, environment: environment)))
        }
      }
    }

    var database: String { program.folder.appending(path: "quotawatch.sqlite").path }

    /// Runs a command and kills it so long after the vendor was asked so often.
    func kill(_ arguments: [String], afterRequests count: Int = 0, _ delay: Duration) async throws -> Bool {
      let requests = sandbox.vendor.requests
      let total = requests.total + count
      return try await program.run(arguments) { kill in
        if count > 0 { try await requests.wait(untilTotal: total) }
        try await Task.sleep(for: delay)
        try? kill()
      }.wasKilled
    }

    /// What is in the database; nil while there is none.
    func read<Value: Sendable>(_ body: @Sendable @escaping (any StoreReader) throws -> Value) async throws -> Value? {
      guard FileManager.default.fileExists(atPath: database) else { return nil }
      let store: SQLiteStore
      do {
        store = try SQLiteStore.open(path: database, access: .readOnly, billingTimeZone: .gmt)
      } catch StoreError.unusable {
        return nil
      }
      return try await store.read(body)
    }

    /// How many executions the ledger holds, by status.
    func counts() async throws -> LedgerCount {
      try await read { reader in
        guard let months = try reader.ledgerMonths() else { return LedgerCount() }
        let ids = try reader.ledgerOrganizations()
        return try reader.ledger(of: ids, from: months.lowerBound, to: months.upperBound).values.flatMap(\.values)
          .map(\.total).reduce(LedgerCount(), +)
      } ?? LedgerCount()
    }

    func check() async throws {
      let result = try await program.run(["db", "check"])
      #expect(result.status == 0, "\(result.errors)")
    }

    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: program.folder.appending(path: name))
    }
  }

  private static func rows(_ ids: [(organization: String, id: String)], status: String) -> String {
    let time = Date().addingTimeInterval(-60).iso8601
    return "organization,kind,id,status,requested_at\n"
      + ids.map { "\($0.organization),conversion,\($0.id),\(status),\(time)\n" }.joined()
  }

  @Test("an import stores all of a file or nothing, and the next one the rest")
  func importing() async throws {
    try await Trial.run { trial in
      var random = SeededGenerator(seed: 1)
      let count = 1_500
      // About as long as an import takes, found out on the way, so that kills fall everywhere.
      var longest = 0.4
      var kills = 0
      var expected: Int64 = 0
      for round in 0..<2 * Self.kills where kills < Self.kills {
        let ids = (0..<count).map { (organization: Self.organizations[$0 % 6], id: "e\(round)-\($0)") }
        try trial.write("\(round).csv", Self.rows(ids, status: "success"))
        let delay = Duration.seconds(Double.random(in: 0.2...1, using: &random) * longest)
        let wasKilled = try await trial.kill(["ledger", "import", "\(round).csv"], delay)
        longest *= wasKilled ? 1.2 : 0.7
        kills += wasKilled ? 1 : 0
        let found = try await trial.counts().succeeded
        #expect(found == expected || found == expected + Int64(count), "\(found)")
        #expect(wasKilled || found == expected + Int64(count))
        // Again, which adds all or, if it was there already, nothing.
        let again = try await trial.program.run(["ledger", "import", "\(round).csv", "--json"])
        #expect(again.status == 0)
        let added = expected + Int64(count) - found
        #expect(again.output.contains("\"added\" : \(added)"), "\(again.output)")
        expected += Int64(count)
        #expect(try await trial.counts().succeeded == expected)
      }
      #expect(kills > 0)
      try await trial.check()
    }
  }

  @Test("a poll loses no end that it has told, and counts none twice")
  func polling() async throws {
    try await Trial.run { trial in
      var random = SeededGenerator(seed: 2)
      let plan = ExecutionPlan(enqueued: 0, processing: 0)
      var ids: [(organization: String, id: String)] = []
      for organization in Self.organizations {
        for _ in 0..<40 {
          let added = trial.sandbox.vendor.addExecution(of: OrganizationID(organization), kind: .conversion, plan: plan)
          ids.append((organization, try #require(added).id.rawValue))
        }
      }
      var seen: Int64 = 0
      for round in 0..<Self.kills {
        // A part of them more in every round.
        let part = Array(ids[(round * ids.count / Self.kills)..<((round + 1) * ids.count / Self.kills)])
        try trial.write("open.csv", Self.rows(part, status: "enqueued"))
        #expect(try await trial.program.run(["ledger", "import", "open.csv"]).status == 0)
        _ = try await trial.kill(
          ["ledger", "poll", "--json"], afterRequests: Int.random(in: 1...part.count, using: &random),
          .milliseconds(Int.random(in: 0...40, using: &random)))
        let counts = try await trial.counts()
        #expect(counts.succeeded >= seen)
        #expect(counts.succeeded + counts.open == Int64((round + 1) * ids.count / Self.kills))
        seen = counts.succeeded
      }
      #expect(try await trial.program.run(["ledger", "poll"]).status == 0)
      let counts = try await trial.counts()
      #expect((counts.succeeded, counts.open, counts.failed) == (Int64(ids.count), 0, 0))
      try await trial.check()
    }
  }

  @Test("a receiver of webhooks has every event that it has acknowledged, once, also while another run writes")
  func listening() async throws {
    try await Trial.run { trial in
      var random = SeededGenerator(seed: 3)
      let transport = try CurlTransport(userAgent: "quotawatch-test")
      // The database is there, so that it can be locked.
      try trial.write("one.csv", Self.rows([("org_2", "first")], status: "success"))
      _ = try await trial.program.run(["ledger", "import", "one.csv"])
      let port = try Self.freePort()
      var acknowledged: Set<String> = []
      for round in 0..<Self.kills {
        let target = Int.random(in: 1...8, using: &random)
        let delay = Duration.milliseconds(Int.random(in: 0...250, using: &random))
        let confirmed = Confirmed()
        let result = try await trial.program.run(
          ["ledger", "listen", "--address", "127.0.0.1:\(port)", "--log-level", "trace"]
        ) { kill in
          let transaction = try await Self.transaction(trial.database, when: round % 2 == 1, port: port, transport)
          await withTaskGroup(of: Void.self) { group in
            for _ in 0..<12 {
              let plan = ExecutionPlan(enqueued: 0, processing: 0)
              guard let added = trial.sandbox.vendor.addExecution(of: OrganizationID("org_1"), kind: .step, plan: plan)
              else { continue }
              let webhook = VendorWebhook(added, at: trial.sandbox.vendor.now, secret: Self.webhookSecret)
              group.addTask {
                if await Self.post(webhook, port: port, transport) {
                  confirmed.add(added.id.rawValue)
                }
              }
            }
            for _ in 0..<target { await group.next() }
            try? await Task.sleep(for: delay)
            try? kill()
          }
          try await transaction?.commit()
        }
        #expect(result.wasKilled)
        for secret in [Self.webhookSecret, SimulatedExecution.content] {
          #expect(!(result.output + result.errors).contains(secret))
        }
        acknowledged.formUnion(confirmed.ids)
      }
      #expect(acknowledged.count >= Self.kills)
      // Whoever writes next takes what waits.
      #expect(try await trial.program.run(["ledger", "poll"]).status == 0)
      for id in acknowledged {
        let key = try #require(ExecutionID(rawValue: id))
        let found = try await trial.read { try $0.executions(with: key) } ?? []
        #expect(found.map(\.status) == [.success], "\(id)")
      }
      try await trial.check()
    }
  }

  @Test("a closing closes all or nobody, and its journal stays whole")
  func closing() async throws {
    try await Trial.run { trial in
      var random = SeededGenerator(seed: 4)
      let month = try #require(trial.sandbox.vendor.currentMonth?.advanced(by: -1))
      for (index, id) in Self.organizations.enumerated() {
        trial.sandbox.vendor.setUsage(
          of: OrganizationID(id), in: month, to: Counters(pages: Int64(100 + index), conversions: 3))
      }
      let asking = 2 * Self.organizations.count
      for _ in 0..<Self.kills {
        let isAsking = Bool.random(using: &random)
        _ = try await trial.kill(
          ["close", month.description, "--by", "test"],
          afterRequests: isAsking ? Int.random(in: 1...asking, using: &random) : asking,
          .microseconds(Int.random(in: 0...(isAsking ? 2_000 : 40_000), using: &random)))
        let entries = try await Self.journal(trial)
        #expect(entries.isEmpty || entries.count == Self.organizations.count)
        guard !entries.isEmpty else { continue }
        #expect(try await trial.program.run(["close", "verify"]).status == 0)
        _ = try await trial.kill(
          ["reopen", month.description, "--reason", "again"], .milliseconds(Int.random(in: 20...200, using: &random)))
        let after = try await Self.journal(trial).count
        #expect(after == entries.count || after == entries.count + Self.organizations.count)
        try await Self.startAnew(trial)
      }
      #expect(try await trial.program.run(["close", month.description]).status == 0)
      let entries = try await Self.journal(trial)
      #expect(entries.map(\.entry.organization.rawValue) == Self.organizations)
      #expect(entries.compactMap(\.closedMonth?.snapshot?.counters.pages) == (100...105).map { Int64($0) })
      #expect(try await trial.program.run(["close", "verify"]).status == 0)
      try await trial.check()
    }
  }

  private static func journal(_ trial: Trial) async throws -> [Closing] {
    try await trial.read { reader in
      var entries: [Closing] = []
      try reader.visitClosings { entries.append($0.closing) }
      return entries
    } ?? []
  }

  private static func startAnew(_ trial: Trial) async throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: trial.program.folder.path)
    where name.hasPrefix("quotawatch.sqlite") {
      try FileManager.default.removeItem(at: trial.program.folder.appending(path: name))
    }
  }

  // MARK: - Webhooks

  /// The executions whose webhooks were acknowledged.
  private final class Confirmed: Sendable {
    private let confirmed = Mutex<Set<String>>([])

    var ids: Set<String> { confirmed.withLock { $0 } }

    func add(_ id: String) { confirmed.withLock { _ = $0.insert(id) } }
  }

  /// A port that was free a moment ago: the system does not give it out again so soon.
  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
      }
    }
    try #require(descriptor >= 0 && result == 0)
    return Int(in_port_t(bigEndian: address.sin_port))
  }

  /// Begins a transaction once the receiver is there, if that is wanted.
  private static func transaction(
    _ database: String, when isWanted: Bool, port: Int, _ transport: CurlTransport
  ) async throws -> OpenTransaction? {
    guard isWanted else { return nil }
    _ = await post(VendorWebhook(body: [], secret: "nobody's"), port: port, transport)
    for _ in 0..<500 {
      do {
        return await OpenTransaction(
          in: try SQLiteStore.open(path: database, access: .readWrite, billingTimeZone: .gmt))
      } catch StoreError.inUse {
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    return nil
  }

  /// Posts a webhook as soon as somebody listens; whether it was acknowledged.
  private static func post(_ webhook: VendorWebhook, port: Int, _ transport: CurlTransport) async -> Bool {
    let headers = webhook.headers.map { TransportRequest.Header($0.name, $0.value) }
    let request = TransportRequest(
      .post, url: Secret("http://127.0.0.1:\(port)/webhooks/org_1"), headers: headers, body: webhook.body)
    for _ in 0..<500 {
      do throws(TransportError) {
        return try await transport.send(request).status == 200
      } catch {
        guard case .unreachable = error else { return false }
        try? await Task.sleep(for: .milliseconds(10))
      }
    }
    return false
  }
}
