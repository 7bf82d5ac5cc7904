import Foundation
import QuotaCore
import Sandbox
import Testing

@testable import QuotaService

@Suite("Thresholds, from the vendor's answer to the received message")
struct ThresholdScenarios {
  static let once = CollectUsage.Options()

  @Test("a level is told once, with the two observations between which it was crossed")
  func once() async throws {
    try await Installation.run { installation in
      installation.use(49)
      #expect(try await installation.service().collect(Self.once).status == .success)
      installation.advance(by: .seconds(600))
      installation.use(50)
      #expect(try await installation.service().collect(Self.once).events.count == 1)
      installation.advance(by: .seconds(600))
      installation.use(60)
      #expect(try await installation.service().collect(Self.once).events.isEmpty)

      let received = try installation.webhooks
      #expect(received.map(\.summary) == ["alert.firing pages-quota acme 2026-11 50% [50%]"])
      #expect(received.first?.data.used == 50)
      #expect(received.first?.data.observed_after == "2026-11-10T12:00:00.000Z")
      #expect(received.first?.data.observed_at == "2026-11-10T12:10:00.000Z")
    }
  }

  @Test("several levels crossed between two readings make one message with the highest in the headline")
  func severalLevels() async throws {
    try await Installation.run { installation in
      installation.use(10)
      _ = try await installation.service().collect(Self.once)
      installation.use(85)
      _ = try await installation.service().collect(Self.once)
      #expect(try installation.webhooks.map(\.summary) == ["alert.firing pages-quota acme 2026-11 80% [50% 80%]"])
    }
  }

  @Test("an early crossing right after the turn of the month is not swallowed")
  func newMonth() async throws {
    try await Installation.run(at: "2026-10-31T23:50:00Z") { installation in
      installation.use(100)
      _ = try await installation.service().collect(Self.once)
      installation.advance(by: .seconds(1_200))
      installation.use(55, in: "2026-11")
      _ = try await installation.service().collect(Self.once)
      #expect(
        try installation.webhooks.map(\.summary) == [
          "alert.firing pages-quota acme 2026-10 100% [50% 80% 100%]",
          "alert.firing pages-quota acme 2026-11 50% [50%]",
        ])
      // The old month's alerts have expired; nothing is told of that.
      #expect(try await installation.service().alerts(all: false).map(\.key.month?.description) == ["2026-11"])
    }
  }

  @Test("late results that carry the past month over a level are told with that month's name")
  func lateResults() async throws {
    try await Installation.run(at: "2026-10-31T23:50:00Z") { installation in
      installation.use(79)
      _ = try await installation.service().collect(Self.once)
      installation.advance(by: .seconds(3_600))
      installation.use(81, in: "2026-10")
      _ = try await installation.service().collect(Self.once)
      #expect(
        try installation.webhooks.map(\.summary) == [
          "alert.firing pages-quota acme 2026-10 50% [50%]", "alert.firing pages-quota acme 2026-10 80% [80%]",
        ])
    }
  }

  @Test("a quota that is lowered below what is used fires at once, a raised one resolves")
  func changedQuota() async throws {
    try await Installation.run { installation in
      installation.use(45)
      _ = try await installation.service().collect(Self.once)
      _ = try await installation.service(quota: #"{ "pages": 50 }"#).collect(Self.once)
      _ = try await installation.service(quota: #"{ "pages": 1000 }"#).collect(Self.once)
      #expect(
        try installation.webhooks.map(\.summary) == [
          "alert.firing pages-quota acme 2026-11 80% [50% 80%]",
          "alert.resolved pages-quota acme 2026-11 80% [50% 80%]",
        ])
      #expect(try installation.webhooks.first?.data.observed_after == nil)
    }
  }

  @Test("the past month is judged against the quota that it had")
  func frozenQuota() async throws {
    try await Installation.run(at: "2026-10-31T23:50:00Z") { installation in
      installation.use(40)
      _ = try await installation.service().collect(Self.once)
      installation.advance(by: .seconds(7_200))
      _ = try await installation.service(quota: #"{ "pages": 10 }"#).collect(Self.once)
      #expect(try installation.webhooks == [])
    }
  }

  @Test("missing data neither fires nor resolves")
  func missingData() async throws {
    try await Installation.run { installation in
      installation.use(85)
      _ = try await installation.service().collect(Self.once)
      installation.sandbox.vendor.inject(.counters(pages: nil, conversions: "1"), times: 1)
      let report = try await installation.service().collect(Self.once)
      #expect(report.status == .unread)
      #expect(report.events.isEmpty)
      #expect(try await installation.service().alerts(all: false).count == 2)
    }
  }

  @Test("a correction downwards resolves, and a new crossing is a new episode with an id of its own")
  func correction() async throws {
    try await Installation.run { installation in
      for used in [85, 70, 90] as [Int64] {
        installation.use(used)
        _ = try await installation.service().collect(Self.once)
        installation.advance(by: .seconds(1_800))
      }
      #expect(
        try installation.webhooks.map(\.data.event_id) == [
          "pages-quota/acme/2026-11/pages/80%/firing/1", "pages-quota/acme/2026-11/pages/80%/resolved/1",
          "pages-quota/acme/2026-11/pages/80%/firing/2",
        ])
    }
  }

  @Test("editing rules, names and notifiers re-sends nothing")
  func editing() async throws {
    try await Installation.run { installation in
      installation.use(85)
      _ = try await installation.service().collect(Self.once)
      let edited = #"""
        [{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 70, 80, 100],
          "severity": "critical", "notify": ["hook"] }]
        """#
      _ = try await installation.service(rules: edited).collect(Self.once)
      #expect(
        try installation.webhooks.map(\.summary) == [
          "alert.firing pages-quota acme 2026-11 80% [50% 80%]", "alert.firing pages-quota acme 2026-11 70% [70%]",
        ])
    }
  }

  @Test("a month that was over before anybody watched is no news, but what late results add to it is")
  func monthBeforeWatching() async throws {
    try await Installation.run(at: "2026-11-02T12:00:00Z") { installation in
      installation.use(60, in: "2026-10")
      _ = try await installation.service().collect(Self.once)
      #expect(try installation.webhooks == [])
      installation.advance(by: .seconds(3_600))
      installation.use(81, in: "2026-10")
      _ = try await installation.service().collect(Self.once)
      #expect(try installation.webhooks.map(\.summary) == ["alert.firing pages-quota acme 2026-10 80% [80%]"])
    }
  }

  @Test(
    "a month that was over before anybody watched is no news by which command ever it is read first",
    arguments: [true, false])
  func monthBeforeWatchingByHand(isBackfilled: Bool) async throws {
    try await Installation.run(at: "2026-11-10T10:00:00Z") { installation in
      for (month, used) in [("2026-03", 96), ("2026-10", 106), ("2026-11", 32)] {
        installation.use(Int64(used), in: month)
      }
      let service = try installation.service()
      if isBackfilled {
        let months = try #require(BillingMonth("2026-03"))...#require(BillingMonth("2026-10"))
        _ = try await service.backfill(Backfill.Options(months: months))
      }
      _ = try await service.collect(Self.once)
      for month in ["2026-03", "2026-10"] {
        installation.advance(by: .seconds(3_600))
        let options = CloseMonth.Options(month: try #require(BillingMonth(month)), by: "ana")
        _ = try? await service.close(options)
        installation.advance(by: .seconds(3_600))
        _ = try await service.collect(Self.once)
        _ = try? await service.close(options)
      }
      #expect(try installation.webhooks == [])
      installation.advance(by: .seconds(3_600))
      installation.use(55, in: "2026-11")
      _ = try await service.collect(Self.once)
      #expect(try installation.webhooks.map(\.summary) == ["alert.firing pages-quota acme 2026-11 50% [50%]"])
    }
  }

  @Test("a month in which the key was dead is told when the key works again")
  func monthOfTheDeadKey() async throws {
    try await Installation.run(at: "2026-10-31T20:00:00Z") { installation in
      installation.use(60, in: "2026-10")
      installation.sandbox.vendor.revokeKey("key-acme")
      _ = try await installation.service().collect(Self.once)
      installation.sandbox.vendor.addKey("key-acme", to: OrganizationID("acme"))
      installation.advance(by: .seconds(6 * 3_600))
      _ = try await installation.service().collect(Self.once)
      #expect(try installation.webhooks.map(\.summary) == ["alert.firing pages-quota acme 2026-10 50% [50%]"])
    }
  }
}
