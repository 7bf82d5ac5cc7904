import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing
import UsageStore

@testable import QuotaService

@Suite("A collect cycle")
struct CollectScenarios {
  @Test("a dry run polls and judges, and writes and sends nothing")
  func dryRun() async throws {
    try await Installation.run { installation in
      installation.use(85)
      var options = CollectUsage.Options()
      options.dryRun = true
      let first = try await installation.service().collect(options)
      #expect(first.events.map(\.level?.description) == ["80%"])
      #expect(!FileManager.default.fileExists(atPath: installation.databasePath))
      #expect(installation.sandbox.hooks.received.total == 0)

      _ = try await installation.service().collect(CollectUsage.Options())
      installation.use(100)
      let before = try Data(contentsOf: URL(filePath: installation.databasePath))
      let second = try await installation.service().collect(options)
      #expect(second.events.map(\.level?.description) == ["100%"])
      #expect(try Data(contentsOf: URL(filePath: installation.databasePath)) == before)
      #expect(installation.sandbox.hooks.received.total == 1)
    }
  }

  @Test("a second run that finds the first at work ends at once")
  func busy() async throws {
    try await Installation.run { installation in
      _ = try await installation.service().collect(CollectUsage.Options())
      _ = try await installation.service().database.running { _ in
        await #expect {
          _ = try await installation.service().collect(CollectUsage.Options())
        } throws: { ($0 as? ServiceError)?.status == .busy }
      }
    }
  }

  @Test(
    "a process that goes on says that its database is gone, before it makes another; one that makes the first does not")
  func gone() async throws {
    try await Installation.run { installation in
      var service = try installation.service()
      _ = try await service.collect(CollectUsage.Options())
      #expect(installation.complaints.lines.isEmpty)
      service.readings = ReadingPool()
      _ = try await service.collect(CollectUsage.Options())
      #expect(installation.complaints.lines.isEmpty)
      try FileManager.default.removeItem(atPath: installation.databasePath)
      _ = try await service.collect(CollectUsage.Options())
      #expect(
        installation.complaints.lines.filter {
          $0.contains("the database \(installation.databasePath) is gone, and a new one is made")
        }.count == 1)
    }
  }

  @Test("whoever else writes does not wait for a run that waits for the vendor")
  func besideRun() async throws {
    try await Installation.run { installation in
      installation.use(60)
      let service = try installation.service(members: #", "webhook_secret": { "env": "HOOK_SECRET" }"#)
      _ = try await service.collect(CollectUsage.Options())
      let vendor = installation.sandbox.vendor
      vendor.inject(.hang)
      installation.use(90)
      async let run = service.collect(CollectUsage.Options())
      try await vendor.requests.wait(untilTotal: vendor.requests.total + 1)

      let request = AddSilence.Request(
        organizations: ["acme"], rule: nil, until: installation.clock.date + .hours(1), reason: "moving",
        createdBy: "ada")
      #expect(try await service.addSilence(request).map(\.id) == [1])
      let alert = "pages-quota/acme/2026-11/pages/50%"
      #expect(
        try await service.acknowledge(alert, by: "ada", for: nil, note: nil, budget: 3).map(\.key.description) == [
          alert
        ])
      #expect(try await service.silences(all: false).count == 1)

      vendor.releaseHanging()
      vendor.clearFaults()
      let report = try await run
      #expect(report.status == .success)
      #expect(report.events.map(\.level?.description) == ["80%"])
      // The silence was made while the run went on, and holds what the run has found.
      #expect(report.summary.delivered == 0)
      let acknowledged = try await service.alerts(all: false).filter { $0.acknowledgement != nil }
      #expect(acknowledged.map(\.key.description) == [alert])
    }
  }

  @Test("keys that are limited beyond the run's end are left with that reason, and everybody else is read in time")
  func limitedKeys() async throws {
    let ids = (1...33).map { "org\($0)" }
    try await Installation.run(ids) { installation in
      let vendor = installation.sandbox.vendor
      for id in ids.prefix(3) { vendor.inject(.status(429, retryAfter: "3600"), for: OrganizationID(id)) }
      let before = installation.clock.date
      let report = try await installation.service(
        organizations: ids, api: #""retries": 3, "requests_per_second": 50, "deadline_seconds": 60"#
      ).collect(CollectUsage.Options())
      #expect(report.summary.read == 30)
      #expect(report.status == .unread)
      #expect(report.entries.map(\.organization.rawValue) == Array(ids.prefix(3)).sorted())
      for entry in report.entries {
        #expect(entry.failure?.reason == .rateLimited)
        #expect(
          entry.failure?.message.hasSuffix("a pause with this key beyond the run's time, and the next run asks again")
            == true)
      }
      #expect(installation.clock.date < before + .seconds(20))
    }
  }

  @Test("the month before is asked for until it is settled, at most once an hour")
  func monthBefore() async throws {
    try await Installation.run(at: "2026-11-01T00:30:00Z") { installation in
      // Every half hour for six days.
      for _ in 0..<(6 * 48) {
        _ = try await installation.service().collect(CollectUsage.Options())
        installation.advance(by: .seconds(1_800))
      }
      let explicit = installation.sandbox.vendor.requests.entries.filter { $0.query == "year=2026&month=10" }
      // Settled at the first reading 72 hours after the turn: one an hour until then.
      #expect(explicit.count == 73)
    }
  }

  @Test("repeated values extend their snapshot instead of adding one")
  func snapshots() async throws {
    try await Installation.run { installation in
      for used in [10, 10, 10, 20] as [Int64] {
        installation.use(used)
        _ = try await installation.service().collect(CollectUsage.Options())
        installation.advance(by: .seconds(60))
      }
      let store = try installation.service().database.openForReading()
      let states = try await store.read { try $0.states(of: [OrganizationID("acme")]) }
      let month = try #require(BillingMonth("2026-11"))
      let latest = try #require(states[OrganizationID("acme")]?.months[month]?.snapshot)
      let first = try await store.read {
        try $0.latestMonths(of: [OrganizationID("acme")], at: latest.firstSeenAt - .seconds(1))[OrganizationID("acme")]
      }
      #expect(first?.counters.pages == 10)
      #expect(first?.firstSeenAt.iso8601 == "2026-11-10T12:00:00.000Z")
      #expect(first?.lastSeenAt.iso8601 == "2026-11-10T12:02:00.000Z")
      #expect(latest.counters.pages == 20)
    }
  }

  @Test("only the named organizations are polled, and an unknown name is a usage error")
  func only() async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      let service = try installation.service(organizations: ["acme", "globex"])
      var options = CollectUsage.Options()
      options.only = ["globex"]
      #expect(try await service.collect(options).summary.organizations == 1)
      #expect(installation.sandbox.vendor.requestCount(of: OrganizationID("acme")) == 0)
      options.only = ["globax"]
      await #expect {
        _ = try await service.collect(options)
      } throws: {
        ($0 as? ServiceError)?.lines == ["no organization \"globax\" is configured; did you mean \"globex\"?"]
      }
    }
  }

  @Test("a backfill stores months, goes on where it stopped, and asks again only on request")
  func backfill() async throws {
    try await Installation.run { installation in
      for month in 1...6 { installation.use(Int64(month), in: "2026-0\(month)") }
      let first = try #require(BillingMonth("2026-01"))
      let last = try #require(BillingMonth("2026-06"))
      var options = Backfill.Options(months: first...last)
      installation.sandbox.vendor.inject(.status(500), times: 1)
      let interrupted = try await installation.service().backfill(options)
      #expect(interrupted.stored == 5)
      #expect(interrupted.status == .unread)
      let resumed = try await installation.service().backfill(options)
      #expect(resumed.stored == 1)
      #expect(resumed.skipped == 5)
      options.refresh = true
      #expect(try await installation.service().backfill(options).stored == 6)
      #expect(try installation.webhooks == [])
    }
  }

  @Test("a month gets the quota of the plan's version that was valid at its start", arguments: [true, false])
  func planVersions(backfilled: Bool) async throws {
    try await Installation.run(at: "2026-11-10T12:00:00Z") { installation in
      let (october, november) = try (#require(BillingMonth("2026-10")), #require(BillingMonth("2026-11")))
      let service = try installation.service(
        quota: "{}",
        plans: #"{"p": {"versions": [{"quota": {"pages": 50}}, {"valid_from": "2026-11", "quota": {"pages": 70}}]}}"#,
        members: #", "plan": "p""#)
      for month in ["2026-10", "2026-11"] { installation.use(60, in: month) }
      if backfilled {
        _ = try await service.backfill(Backfill.Options(months: october...november))
      } else {
        _ = try await service.collect(CollectUsage.Options())
      }
      let store = try service.database.openForReading()
      let quotas = try await store.read { reader in
        var quotas: [String: Int64?] = [:]
        try reader.visitMonths(from: october, to: november, organization: nil) {
          quotas[$0.usage.snapshot.month.description] = $0.usage.quota.pages
        }
        return quotas
      }
      #expect(quotas == ["2026-10": 50, "2026-11": 70])
    }
  }

  @Test("the vendor's month counts, when ours is already the next")
  func vendorMonth() async throws {
    try await Installation.run(at: "2026-11-01T02:00:00Z") { installation in
      installation.sandbox.vendor.now = try Date("2026-10-31T23:00:00Z", strategy: .iso8601)
      installation.use(85, in: "2026-10")
      let report = try await installation.service().collect(CollectUsage.Options())
      #expect(report.status == .success)
      #expect(try installation.webhooks.map(\.data.month) == ["2026-10"])
    }
  }
}
