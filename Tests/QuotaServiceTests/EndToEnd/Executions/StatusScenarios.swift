import Foundation
import QuotaCore
import Sandbox
import Synchronization
import TestSupport
import Testing

@testable import QuotaService

@Suite("Asking how far executions are")
struct StatusScenarios {
  /// What a command has told.
  private final class Told: Sendable {
    private let news = Mutex<[String]>([])

    var lines: [String] { news.withLock { $0 } }

    func add(_ entry: ExecutionNews) {
      let line =
        switch entry {
        case .status(let execution, _, let problem): execution.status.rawValue + (problem.map { ": \($0)" } ?? "")
        case .contradiction(_, let ends): "\(ends.known), not \(ends.said)"
        case .givenUp: "given up"
        case .failure(_, let failure): failure.message
        }
      news.withLock { $0.append(line) }
    }
  }

  private static func options(
    _ told: Told, waits: Bool = false, timeout: TimeSpan = .minutes(30), document: PollingPolicy.Document = .large
  ) -> FollowExecutions.Options {
    var options = FollowExecutions.Options()
    options.waits = waits
    options.timeout = timeout
    options.document = document
    options.news = told.add
    return options
  }

  @Test(
    "has an exit code and a message of its own for everything that is no answer",
    arguments: VendorProblem.documented + VendorProblem.garbled)
  func problems(problem: VendorProblem) async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let vendor = installation.sandbox.vendor
      let id = try #require(vendor.addExecution(of: OrganizationID("acme"), kind: .step)).id.rawValue
      vendor.inject(problem.fault)
      let told = Told()
      let report = try await service.stepStatus([id], organization: nil, kind: nil, Self.options(told))
      #expect(report.status == problem.status)
      #expect(told.lines.count == 1)
      #expect(told.lines.first?.firstRange(of: problem.message) != nil, "\(told.lines)")
      #expect(try await service.execution(id) == nil)
    }
  }

  @Test("asks at the endpoint of the kind, and tells of each change once; a content is never kept")
  func kinds() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      for kind in ExecutionKind.allCases {
        let plan = ExecutionPlan(enqueued: 0, processing: 0, outcome: kind == .step ? .error : .success)
        let execution = try #require(
          installation.sandbox.vendor.addExecution(of: OrganizationID("acme"), kind: kind, plan: plan))
        let told = Told()
        let report = try await service.stepStatus(
          [execution.id.rawValue], organization: nil, kind: kind, Self.options(told))
        #expect(report.status == (kind == .step ? .executionFailed : .success))
        #expect(told.lines == [kind == .step ? "error: The document cannot be read" : "success"])
        #expect(try await service.execution(execution.id.rawValue, kind)?.status.hasEnded == true)
      }
      #expect(
        installation.asked.map { $0.split(separator: "/")[2] } == [
          "steps-async", "convert-async", "identify-async",
        ])
      #expect(!(try installation.databaseText.contains(SimulatedExecution.content)))
      #expect(!(try installation.databaseText.contains("cannot be read")))
    }
  }

  @Test(
    "keeps to the recommended intervals, and slows down when it takes long",
    arguments: [(PollingPolicy.Document.small, 1.0...2.0), (.large, 3.0...5.0)])
  func intervals(document: PollingPolicy.Document, range: ClosedRange<Double>) async throws {
    try await Installation.run { installation in
      let service = installation.following(try installation.service())
      installation.sandbox.vendor.executionPlan = ExecutionPlan(enqueued: 5, processing: 600)
      let id = try #require(installation.sandbox.vendor.addExecution(of: OrganizationID("acme"), kind: .step)).id
      let told = Told()
      let report = try await service.stepStatus(
        [id.rawValue], organization: nil, kind: nil, Self.options(told, waits: true, document: document))
      #expect(report.statusAfterWaiting == .success)
      #expect(told.lines == ["enqueued", "processing", "success"])
      let times = installation.questionTimes
      let waits = zip(times.dropFirst(), times).map { $0 - $1 }
      #expect(waits.prefix(10).allSatisfy { range.contains($0) }, "\(waits)")
      #expect(waits.dropFirst(10).allSatisfy { $0 > range.lowerBound && $0 <= 30.01 }, "\(waits)")
      #expect(waits.suffix(5).allSatisfy { $0 > 20 }, "\(waits)")
      #expect((605...636).contains(try #require(times.last)))
    }
  }

  @Test(
    "asks nothing before a rate limit is over, however the vendor tells when that is, whether it may retry or not",
    arguments: [
      (#"{"error": "Rate limit exceeded", "limitType": "minute", "retryAfter": 90}"#, nil, 90.0),
      (#"{"error": "Rate limit exceeded", "limitType": "hour", "resetTime": 120, "retryAfter": 0}"#, nil, 120),
      (#"{"error": "Rate limit exceeded", "limitType": "hour", "resetTime": 1794312120}"#, nil, 120),
      (#"{"error": "Rate limit exceeded", "limitType": "hour", "resetTime": 1794312120000}"#, nil, 120),
      ("{}", "75", 75), (#"{"retryAfter": 10}"#, "75", 75),
    ] as [(String, String?, Double)], [0, 3])
  func rateLimit(limit: (body: String, header: String?, wait: Double), retries: Int) async throws {
    try await Installation.run(at: "2026-11-10T12:00:00Z") { installation in
      let service = installation.following(
        try installation.service(
          organizations: ["acme"], api: #""retries": \#(retries), "requests_per_second": 10000"#))
      for _ in 0..<3 { installation.sandbox.vendor.addExecution(of: OrganizationID("acme"), kind: .step) }
      let fault = Fault.status(429, body: limit.body, retryAfter: limit.header)
      installation.sandbox.vendor.inject(fault, times: 1)
      let told = Told()
      let ids = installation.sandbox.vendor.executions.map(\.id.rawValue)
      let report = try await service.stepStatus(
        ids, organization: nil, kind: nil, Self.options(told, waits: true))
      #expect(report.statusAfterWaiting == .success)
      #expect(report.succeeded == 3)
      let times = installation.questionTimes
      // What was under way with the first question comes along.
      #expect(times.allSatisfy { $0 == 0 || $0 >= limit.wait }, "\(times)")
      #expect((times.first { $0 > 0 } ?? 0) < limit.wait + 6, "\(times)")
    }
  }

  @Test("does not wait for a limit that outlasts the timeout")
  func rateLimitTooLong() async throws {
    try await Installation.run { installation in
      let service = installation.following(
        try installation.service(api: #""retries": 3, "requests_per_second": 10000"#))
      let id = try #require(installation.sandbox.vendor.addExecution(of: OrganizationID("acme"), kind: .step)).id
      installation.sandbox.vendor.inject(.status(429, body: #"{"limitType": "day", "retryAfter": 4000}"#))
      let told = Told()
      let report = try await service.stepStatus(
        [id.rawValue], organization: nil, kind: nil, Self.options(told, waits: true, timeout: .minutes(10)))
      #expect(report.statusAfterWaiting == .rateLimited)
      #expect(installation.asked.count == 1)
      #expect(told.lines.first?.contains("limit per day") == true)
    }
  }

  @Test("ends at the timeout with what is known")
  func timeout() async throws {
    try await Installation.run { installation in
      let service = installation.following(try installation.service())
      installation.sandbox.vendor.executionPlan = ExecutionPlan(enqueued: 0, processing: 86_400)
      let id = try #require(installation.sandbox.vendor.addExecution(of: OrganizationID("acme"), kind: .step)).id
      let told = Told()
      let report = try await service.stepStatus(
        [id.rawValue], organization: nil, kind: nil, Self.options(told, waits: true, timeout: .seconds(60)))
      #expect(report.statusAfterWaiting == .stillOpen)
      #expect(report.status == .success)
      #expect(told.lines == ["processing"])
      #expect((installation.questionTimes.last ?? 0) <= 60)
      #expect(try await service.execution(id.rawValue)?.status == .processing)
    }
  }

  @Test(
    "waits for an execution that is named, whatever the age of its request, as long as it may",
    arguments: [(TimeSpan.seconds(90), QuotaService.ExitStatus.stillOpen), (.minutes(3), .success)], [false, true])
  func old(wait: (timeout: TimeSpan, status: QuotaService.ExitStatus), isGivenUp: Bool) async throws {
    try await Installation.run { installation in
      let service = installation.following(try installation.service())
      let (requested, now) = (try Date("2024-01-15T10:30:00Z", strategy: .iso8601), installation.clock.date)
      installation.sandbox.vendor.now = requested
      let plan = ExecutionPlan(enqueued: 0, processing: Int64(now.timeIntervalSince(requested)) + 120)
      let id = try #require(
        installation.sandbox.vendor.addExecution(of: OrganizationID("acme"), kind: .step, plan: plan)
      ).id.rawValue
      if isGivenUp {
        let row = "acme,step,\(id),enqueued,2024-01-15T10:30:00Z\n"
        let path = try installation.file("e.csv", Array("organization,kind,id,status,requested_at\n\(row)".utf8))
        _ = try await service.importLedger(ImportLedger.Options(path: path))
        #expect(try await service.pollLedger(only: [], FollowExecutions.Options()).givenUp == 1)
      }
      let told = Told()
      let report = try await service.stepStatus(
        [id], organization: nil, kind: nil, Self.options(told, waits: true, timeout: wait.timeout))
      #expect(report.statusAfterWaiting == wait.status)
      #expect(report.givenUp == 0)
      #expect(told.lines == (wait.status == .success ? ["processing", "success"] : ["processing"]))
      let waited = installation.clock.date.timeIntervalSince(now)
      #expect(wait.status == .success ? (120...150).contains(waited) : (90...91).contains(waited), "\(waited)")
      #expect(try await service.execution(id)?.status == (wait.status == .success ? .success : .processing))
    }
  }

  @Test("asks a last time when the timeout is over, also where it is shorter than the interval")
  func lastQuestion() async throws {
    try await Installation.run { installation in
      let service = installation.following(try installation.service())
      installation.sandbox.vendor.executionPlan = ExecutionPlan(enqueued: 1, processing: 1)
      let id = try #require(installation.sandbox.vendor.addExecution(of: OrganizationID("acme"), kind: .step)).id
      let told = Told()
      let report = try await service.stepStatus(
        [id.rawValue], organization: nil, kind: nil, Self.options(told, waits: true, timeout: .seconds(2)))
      #expect(report.statusAfterWaiting == .success)
      #expect(told.lines == ["enqueued", "success"])
    }
  }

  @Test("keeps an end that is known, and says that the vendor says another")
  func contradiction() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let plan = ExecutionPlan(enqueued: 0, processing: 0, outcome: .error)
      let id = try #require(
        installation.sandbox.vendor.addExecution(of: OrganizationID("acme"), kind: .step, plan: plan)
      ).id.rawValue
      let path = try installation.file(
        "e.csv",
        Array("organization,kind,id,status,requested_at\nacme,step,\(id),success,2026-11-10T11:00:00Z\n".utf8))
      _ = try await service.importLedger(ImportLedger.Options(path: path))
      let told = Told()
      let report = try await service.stepStatus([id], organization: nil, kind: nil, Self.options(told))
      #expect(report.status == .badData)
      #expect(told.lines == ["success, not error"])
      #expect(try await service.execution(id)?.status == .success)
    }
  }

  @Test("refuses what is no id, and asks for nobody's where it does not know whose it is")
  func usage() async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      let service = try installation.service(organizations: ["acme", "globex"])
      let told = Told()
      for ids in [["a/b"], [""], ["ok", "né"], ["unknown1"]] {
        let error = await failure {
          _ = try await service.stepStatus(ids, organization: nil, kind: nil, Self.options(told))
        }
        #expect(error?.status == .usage)
      }
      #expect(installation.asked.isEmpty)
      #expect(told.lines.isEmpty)
    }
  }
}
