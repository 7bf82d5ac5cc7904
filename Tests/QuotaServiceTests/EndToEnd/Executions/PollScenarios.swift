import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

@Suite("Asking for what is open")
struct PollScenarios {
  private static let header = "organization,kind,id,status,requested_at\n"

  /// Adds executions at the vendor and their beginnings to the ledger; returns their ids.
  private static func open(
    _ count: Int, of organization: String, kind: ExecutionKind = .conversion, plan: ExecutionPlan? = nil,
    requested: String = "2026-11-10T11:59:00Z", in installation: Installation, _ service: Setup
  ) async throws -> [String] {
    let vendor = installation.sandbox.vendor
    let ids = (0..<count).compactMap { _ in
      vendor.addExecution(of: OrganizationID(organization), kind: kind, plan: plan)?.id.rawValue
    }
    try await add(ids, of: organization, kind: kind, requested: requested, in: installation, service)
    return ids
  }

  private static func add(
    _ ids: [String], of organization: String, kind: ExecutionKind, requested: String, in installation: Installation,
    _ service: Setup
  ) async throws {
    let rows = ids.map { "\(organization),\(kind.rawValue),\($0),enqueued,\(requested)\n" }.joined()
    let path = try installation.file("open.csv", Array((header + rows).utf8))
    _ = try await service.importLedger(ImportLedger.Options(path: path))
  }

  @Test("asks for many at once, each at the endpoint of its kind with its organization's key, and for none that ended")
  func many() async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      let service = try installation.service(organizations: ["acme", "globex"])
      let done = ExecutionPlan(enqueued: 0, processing: 0)
      for organization in ["acme", "globex"] {
        for kind in ExecutionKind.allCases {
          _ = try await Self.open(20, of: organization, kind: kind, plan: done, in: installation, service)
        }
      }
      let failing = ExecutionPlan(enqueued: 0, processing: 0, outcome: .error)
      _ = try await Self.open(3, of: "acme", plan: failing, in: installation, service)
      let report = try await service.pollLedger(only: [], FollowExecutions.Options())
      #expect((report.asked, report.succeeded, report.failed, report.open) == (123, 120, 3, 0))
      let asked = installation.asked
      #expect(Set(asked).count == 123)
      #expect(asked.count { $0.hasPrefix("GET /api/convert-async/status/") } == 43)
      #expect(asked.count { $0.hasPrefix("GET /api/identify-async/status/") } == 40)
      #expect(try await service.pollLedger(only: [], FollowExecutions.Options()).asked == 0)
      let months = try await service.ledgerStatus(months: nil, only: [])
      #expect(months.map(\.total.succeeded) == [60, 60])
      #expect(months.map(\.total.failed) == [3, 0])
      #expect(months.map(\.total.withoutPages) == [60, 60])
    }
  }

  @Test("gives up what is too old and not ended or not known, but not for a vendor that is down")
  func givesUp() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let endless = ExecutionPlan(enqueued: 0, processing: 10_000_000)
      let open = try await Self.open(
        1, of: "acme", plan: endless, requested: "2026-11-07T12:00:00Z", in: installation, service)
      try await Self.add(
        ["unknown"], of: "acme", kind: .step, requested: "2026-11-07T11:00:00Z", in: installation, service)
      try await Self.add(
        ["young"], of: "acme", kind: .step, requested: "2026-11-07T12:00:01Z", in: installation, service)
      for (fault, status) in [
        (Fault.status(503), QuotaService.ExitStatus.serverError), (.html, .invalidAnswer),
        (.status(403, body: ""), .invalidAnswer),
      ] {
        installation.sandbox.vendor.inject(fault, times: 3)
        let down = try await service.pollLedger(only: [], FollowExecutions.Options())
        #expect(down.givenUp == 0)
        #expect(down.status == status)
      }
      let report = try await service.pollLedger(only: [], FollowExecutions.Options())
      #expect(report.givenUp == 2)
      #expect(report.status == .notFound)
      #expect(try await service.execution(open[0], .conversion)?.gaveUpAt == installation.clock.date)
      #expect(try await service.execution("young")?.gaveUpAt == nil)
      let before = installation.asked.count
      #expect(try await service.pollLedger(only: [], FollowExecutions.Options()).asked == 1)
      #expect(installation.asked.count == before + 1)
      #expect(try await service.ledgerStatus(months: nil, only: []).first?.total.givenUp == 2)
      // Who else tells of an end is believed all the same.
      let row = "acme,conversion,\(open[0]),success,2026-11-07T12:00:00Z\n"
      let path = try installation.file("end.csv", Array((Self.header + row).utf8))
      #expect(try await service.importLedger(ImportLedger.Options(path: path)).changed == 1)
    }
  }

  @Test("is a part of a collect, which asks rarely for what takes long, and never loses a reading to it")
  func collect() async throws {
    try await Installation.run { installation in
      installation.use(10)
      let service = try installation.service()
      _ = try await Self.open(
        1, of: "acme", plan: ExecutionPlan(enqueued: 0, processing: 0, pages: 4), in: installation, service)
      let slow = try await Self.open(
        1, of: "acme", plan: ExecutionPlan(enqueued: 0, processing: 14_400), requested: "2026-11-10T12:00:00Z",
        in: installation, service)
      let first = try await service.collect(CollectUsage.Options())
      #expect((first.summary.read, first.executions.succeeded, first.executions.open) == (1, 1, 1))
      installation.advance(by: .seconds(3_600))
      installation.sandbox.vendor.inject(.status(500), at: .status)
      let second = try await service.collect(CollectUsage.Options())
      #expect(second.summary.read == 1)
      #expect(second.executions.failures.count == 1)
      installation.sandbox.vendor.clearFaults()
      // A quarter of its age has to pass, which is 15 minutes after an hour.
      let asked = installation.asked.count { $0.contains("/status/") }
      installation.advance(by: .seconds(600))
      #expect(try await service.collect(CollectUsage.Options()).executions.asked == 0)
      installation.advance(by: .seconds(600))
      #expect(try await service.collect(CollectUsage.Options()).executions.asked == 1)
      #expect(installation.asked.count { $0.contains("/status/") } == asked + 1)
      installation.advance(by: .seconds(14_400))
      #expect(try await service.collect(CollectUsage.Options()).executions.succeeded == 1)
      #expect(try await service.execution(slow[0], .conversion)?.ended?.iso8601 == "2026-11-10T16:00:00.000Z")
      // The vendor counts what the ledger counts.
      let counters = installation.sandbox.vendor.usage(
        of: OrganizationID("acme"), in: try #require(BillingMonth("2026-11")))
      #expect(counters == Counters(pages: 15, conversions: 2))
      #expect(try await service.ledgerStatus(months: nil, only: []).first?.total.succeeded == 2)
    }
  }

  @Test("waits for the end of all, in both months around a turn")
  func straddling() async throws {
    try await Installation.run(at: "2026-10-31T23:59:50Z") { installation in
      let service = installation.following(try installation.service())
      _ = try await Self.open(
        2, of: "acme", plan: ExecutionPlan(enqueued: 5, processing: 15), requested: "2026-10-31T23:59:50Z",
        in: installation, service)
      var options = FollowExecutions.Options()
      options.waits = true
      let report = try await service.pollLedger(only: ["acme"], options)
      #expect(report.statusAfterWaiting == .success)
      let months = try await service.ledgerStatus(months: nil, only: [])
      #expect(months.map(\.month.description) == ["2026-10", "2026-11"])
      #expect(months.map(\.total.succeeded) == [0, 2])
      #expect(months.map(\.total.straddlingEnd) == [2, 0])
      #expect(months.map(\.total.straddlingStart) == [0, 2])
    }
  }
}
