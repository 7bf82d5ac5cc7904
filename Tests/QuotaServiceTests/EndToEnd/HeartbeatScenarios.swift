import Foundation
import Logging
import QuotaCore
import Sandbox
import Synchronization
import TestSupport
import Testing
import UsageStore

@testable import QuotaService

@Suite("A heartbeat", .timeLimit(.minutes(5)))
struct HeartbeatScenarios {
  private static let secret = "c0ffee00-ping-uuid"

  /// An installation whose runs are told to a monitor.
  private static func run(
    _ answers: ScriptedAnswer = .http(text: "OK"), query: String = "",
    _ body: (_ installation: Installation, _ service: Setup, _ monitor: ScriptedServer) async throws -> Void
  ) async throws {
    let monitor = try ScriptedServer(answers)
    try await Installation.run { installation async throws in
      let service = try installation.service(
        further: #", "heartbeat": { "env": "HEARTBEAT" }"#,
        environment: ["HEARTBEAT": monitor.url("/ping/\(Self.secret)\(query)")])
      try await body(installation, service, monitor)
    }
  }

  private static func told(_ monitor: ScriptedServer) -> [String] {
    monitor.log.requests.map { $0.target.replacing("/ping/\(secret)", with: "") }
  }

  private static func words(_ monitor: ScriptedServer) -> String {
    String(decoding: monitor.log.requests.last?.body ?? [], as: UTF8.self)
  }

  @Test("tells the beginning and the success of a run, before a query that the address has", arguments: ["", "?rid=7"])
  func success(query: String) async throws {
    try await Self.run(query: query) { _, service, monitor async throws in
      #expect(try await service.collect(CollectUsage.Options()).status == .success)
      #expect(Self.told(monitor) == ["/start\(query)", query])
      #expect(monitor.log.requests.allSatisfy { $0.line.hasPrefix("POST ") })
      #expect(Self.words(monitor).hasPrefix("1 of 1 organizations read in 0."))
    }
  }

  @Test("tells a failure where nothing was read, and the run ends as it would")
  func nothingRead() async throws {
    try await Self.run { installation, service, monitor async throws in
      installation.sandbox.vendor.inject(.status(503))
      #expect(try await service.collect(CollectUsage.Options()).status == .unread)
      #expect(Self.told(monitor) == ["/start", "/fail"])
      #expect(Self.words(monitor).hasPrefix("0 of 1 organizations read"))
    }
  }

  @Test("tells a failure while a message cannot be delivered, and a success when it was")
  func stuck() async throws {
    try await Self.run { installation, service, monitor async throws in
      installation.use(85)
      installation.sandbox.hooks.plan(.status(503), on: "/hooks/ops")
      #expect(try await service.collect(CollectUsage.Options()).status == .undelivered)
      #expect(Self.told(monitor) == ["/start", "/fail"])
      #expect(Self.words(monitor).contains("1 message could not be delivered"))
      installation.sandbox.hooks.clearAnswers()
      installation.advance(by: .seconds(7_200))
      #expect(try await service.collect(CollectUsage.Options()).status == .success)
      #expect(Self.told(monitor) == ["/start", "/fail", "/start", ""])
    }
  }

  @Test("tells a failure as long as a lost alert is not dismissed, also in later runs")
  func lost() async throws {
    try await Self.run { installation, service, monitor async throws in
      installation.use(85)
      installation.sandbox.hooks.plan(.status(410), times: 1, on: "/hooks/ops")
      for _ in 0..<2 { #expect(try await service.collect(CollectUsage.Options()).status == .undelivered) }
      #expect(Self.told(monitor) == ["/start", "/fail", "/start", "/fail"])
      #expect(try await service.dismiss(nil, by: "test") == 1)
      #expect(try await service.collect(CollectUsage.Options()).status == .success)
      #expect(Self.told(monitor).suffix(2) == ["/start", ""])
    }
  }

  @Test("tells a failure of a run that could not begin, and nothing of one that another run keeps from beginning")
  func notBegun() async throws {
    try await Self.run { installation, service, monitor async throws in
      _ = try await service.collect(CollectUsage.Options())
      let other = try RunLock(database: installation.databasePath)
      #expect(await failure { _ = try await service.collect(CollectUsage.Options()) }?.status == .busy)
      other.release()
      #expect(Self.told(monitor).count == 2)
      try FileManager.default.removeItem(atPath: installation.databasePath)
      try Data("no database at all, but longer than its header: it is refused".utf8).write(
        to: URL(filePath: installation.databasePath))
      #expect(await failure { _ = try await service.collect(CollectUsage.Options()) }?.status == .inputOutput)
      #expect(Self.told(monitor) == ["/start", "", "/fail"])
      #expect(Self.words(monitor).hasPrefix("the run ended with exit code 74"))
    }
  }

  @Test("tells a failure of a run that finds the database held by who is no run: nobody does its work")
  func held() async throws {
    try await Self.run { installation, service, monitor async throws in
      _ = try await service.collect(CollectUsage.Options())
      let writer = try SQLiteStore.open(path: installation.databasePath, access: .readWrite, billingTimeZone: .gmt)
      let transaction = await OpenTransaction(in: writer)
      let error = await failure { _ = try await service.collect(CollectUsage.Options()) }
      #expect(error?.status == .inputOutput)
      #expect(error?.lines.first?.contains("another process is writing") == true)
      try await transaction.commit()
      try writer.close()
      #expect(Self.told(monitor) == ["/start", "", "/fail"])
    }
  }

  @Test("tells a failure of a run that is interrupted")
  func interrupted() async throws {
    try await Self.run { installation, service, monitor async throws in
      installation.sandbox.vendor.inject(.hang)
      let run = Task { try await service.collect(CollectUsage.Options()) }
      _ = try await installation.sandbox.vendor.requests.wait(untilTotal: 1)
      run.cancel()
      await #expect(throws: CancellationError.self) { try await run.value }
      installation.sandbox.vendor.clearFaults()
      installation.sandbox.vendor.releaseHanging()
      #expect(Self.told(monitor) == ["/start", "/fail"])
      #expect(Self.words(monitor).hasPrefix("the run was interrupted"))
    }
  }

  @Test("is tried three times, and changes nothing about the run", arguments: [500, 429, 404])
  func monitorFails(status: Int) async throws {
    try await Self.run(.http(status, text: "no \(Self.secret)")) { installation, service, monitor async throws in
      let lines = Mutex<[String]>([])
      let logged = Setup(
        service.configuration, world: service.world.logging { line in lines.withLock { $0.append(line) } })
      #expect(try await logged.collect(CollectUsage.Options()).status == .success)
      #expect(Self.told(monitor).count == (status == 404 ? 2 : 6))
      let log = lines.withLock { $0 }
      #expect(log.count == 2)
      #expect(log.allSatisfy { $0.hasPrefix("heartbeat: the monitor could not be told that ") })
      #expect(log.allSatisfy { $0.contains("HTTP \(status)") && !$0.contains(Self.secret) })
    }
  }

  @Test("does not hold a run up for longer than it may where the monitor says nothing, or is not to be had")
  func monitorHangs() async throws {
    try await Self.run(.hang) { installation, service, monitor async throws in
      let heartbeat = Heartbeat(
        endpoint: try #require(service.configuration.heartbeat), world: service.world,
        longestBeginning: .milliseconds(100), longestEnd: .milliseconds(300))
      let report = try await heartbeat.accompany { begin in
        begin()
        return CollectReport(startedAt: installation.clock.date, dryRun: false)
      }
      #expect(report.summary.read == 0)
      #expect(monitor.log.requests.count <= 6)
    }
    try await Installation.run { installation async throws in
      let service = try installation.service(further: #", "heartbeat": { "env": "HEARTBEAT" }"#)
      #expect(try await service.collect(CollectUsage.Options()).status == .success)
    }
  }

  @Test("is not told of a dry run, nor of a check, which looks at its address")
  func notTold() async throws {
    try await Self.run { installation, service, monitor async throws in
      var options = CollectUsage.Options()
      options.dryRun = true
      _ = try await service.collect(options)
      #expect(monitor.log.requests.isEmpty)
      let offline = await service.check(online: false).first { $0.subject == "heartbeat" }
      #expect(offline?.status == .ok)
      let online = await service.check(online: true).first { $0.subject == "heartbeat" }
      #expect(online?.status == .ok)
      #expect(monitor.log.requests.map(\.line) == ["GET / HTTP/1.1"])
      let broken = try installation.service(
        further: #", "heartbeat": { "env": "HEARTBEAT" }"#,
        environment: ["HEARTBEAT": "http://example.com/\(Self.secret)"])
      let finding = await broken.check(online: true).first { $0.subject == "heartbeat" }
      #expect(finding?.status == .problem)
      #expect(finding?.detail.contains("plain http is for loopback only") == true)
      #expect(finding?.detail.contains(Self.secret) == false)
    }
  }
}

extension World {
  /// The same world with a log of its own.
  fileprivate func logging(_ line: @escaping @Sendable (String) -> Void) -> World {
    World(
      now: now, clock: clock, random: random, http: http, mail: mail, secrets: secrets,
      logger: Logger(label: "quotawatch-test") { _ in ListeningHandler(line: line) })
  }
}

/// Hands over what is logged.
private struct ListeningHandler: LogHandler {
  let line: @Sendable (String) -> Void
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  init(line: @escaping @Sendable (String) -> Void) {
    self.line = line
  }

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { line("\(event.message)") }
}
