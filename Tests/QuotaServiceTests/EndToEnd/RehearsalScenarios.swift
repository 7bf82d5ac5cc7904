import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

@Suite("Explaining and rehearsing")
struct RehearsalScenarios {
  private static let once = CollectUsage.Options()

  @Test("why names the values, what was sent with which answer, and what is held back")
  func why() async throws {
    try await Installation.run { installation in
      installation.use(85)
      _ = try await installation.service().collect(Self.once)
      _ = try await installation.service().addSilence(
        AddSilence.Request(
          organizations: ["acme"], rule: nil, until: installation.clock.date + .hours(2), reason: "test",
          createdBy: "kim")
      )
      installation.use(100)
      _ = try await installation.service().collect(Self.once)
      let report = try await installation.service().why("acme", rule: "pages-quota")
      let rule = try #require(report.rules.first)
      let verdicts = rule.verdicts.filter { $0.key.month?.description == "2026-11" }
      #expect(verdicts.map(\.key.level?.description) == ["50%", "80%", "100%"])
      #expect(verdicts.allSatisfy { $0.holds && $0.alert?.status == .firing })
      #expect(report.months.first?.snapshot.counters.pages == 100)
      let held = try #require(report.notices.first)
      #expect(held.notice.state == .waiting(.silence))
      let sent = try #require(report.notices.last)
      #expect(sent.delivery?.status == .delivered)
      #expect(sent.delivery?.lastAnswer?.hasPrefix("HTTP 200") == true)
      #expect(report.holds.contains { $0.hasPrefix("silence 1 by kim") })
    }
  }

  @Test("why says what does not hold, and asks, writes and sends nothing")
  func quiet() async throws {
    try await Installation.run { installation in
      installation.use(10)
      _ = try await installation.service().collect(Self.once)
      let requests = installation.sandbox.vendor.requests.entries.count
      let report = try await installation.service().why("acme", rule: nil)
      let verdicts = report.rules.flatMap(\.verdicts).filter { $0.key.month?.description == "2026-11" }
      #expect(verdicts.map(\.holds) == [false, false, false])
      #expect(installation.sandbox.vendor.requests.entries.count == requests)
      #expect(installation.sandbox.hooks.received.total == 0)
    }
  }

  @Test("a backtest lists exactly what was sent, and sends nothing")
  func backtest() async throws {
    try await Installation.run { installation in
      for used in [10, 55, 85, 70, 120] as [Int64] {
        installation.use(used)
        _ = try await installation.service().collect(Self.once)
        installation.advance(by: .seconds(3_600))
      }
      let sent = try installation.webhooks.map(\.data.event_id)
      let options = Backtest.Options(from: try november(), to: try november())
      let report = try await installation.service().backtest(options)
      #expect(report.messages.flatMap(\.events).map(\.id.rawValue) == sent)
      #expect(report.messages.allSatisfy { $0.notifier.rawValue == "hook" })
      #expect(try installation.webhooks.count == sent.count)
    }
  }

  @Test("two configurations differ by what only one of them would have told")
  func comparison() async throws {
    try await Installation.run { installation in
      installation.use(85)
      _ = try await installation.service().collect(Self.once)
      let options = Backtest.Options(from: try november(), to: try november())
      let doubled = try installation.service(quota: #"{ "pages": 200 }"#)
      let comparison = try await installation.service().backtest(options, against: doubled)
      #expect(comparison.onlyBefore.map(\.event.rawValue) == ["pages-quota/acme/2026-11/pages/80%/firing/1"])
      #expect(comparison.onlyAfter.isEmpty)
    }
  }

  private func november() throws -> BillingMonth { try #require(BillingMonth("2026-11")) }
}
