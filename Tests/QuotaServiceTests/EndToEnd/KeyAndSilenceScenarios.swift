import Foundation
import QuotaCore
import Sandbox
import Testing

@testable import QuotaService

@Suite("Dead keys and silence, from the vendor's answer to the received message")
struct KeyAndSilenceScenarios {
  static let rules = #"""
    [{ "id": "dead-key", "type": "credential", "severity": "critical", "notify": ["hook"] },
     { "id": "silent", "type": "stale", "after": "6h", "notify": ["hook"] }]
    """#
  static let options = CollectUsage.Options()

  @Test("a revoked key is told once, also over the turn of the month, and its replacement resolves it")
  func revokedKey() async throws {
    try await Installation.run(at: "2026-10-31T22:00:00Z") { installation in
      _ = try await installation.service(rules: Self.rules).collect(Self.options)
      installation.sandbox.vendor.revokeKey("key-acme")
      for _ in 0..<3 {
        installation.advance(by: .seconds(3_600))
        let report = try await installation.service(rules: Self.rules).collect(Self.options)
        #expect(report.status == .unread)
        #expect(report.entries.first?.failure?.reason == .keyRejected)
      }
      installation.sandbox.vendor.addKey("key-new", to: OrganizationID("acme"))
      let replaced = try installation.service(rules: Self.rules, environment: ["KEY_acme": "key-new"])
      #expect(try await replaced.collect(Self.options).status == .success)
      #expect(
        try installation.webhooks.map(\.summary) == ["alert.firing dead-key acme", "alert.resolved dead-key acme"])
    }
  }

  @Test("a key that two organizations have is found by what it is, not by where it comes from")
  func sharedKey() async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      let ids = ["acme", "globex", "initech"]
      let same = try installation.service(
        organizations: ids, environment: ["KEY_globex": "key-acme", "KEY_initech": "key-globex"])
      let problems = await same.check(online: false).filter { $0.status == .problem }
      #expect(problems.map(\.subject) == ["organization globex"])
      #expect(problems.first?.detail.hasPrefix("has the same key as acme") == true)
      #expect(await !"\(same.check(online: false))".contains("key-acme"))
    }
  }

  @Test("what is told of two keys together stands in why, which looks at one")
  func duplicateKeyExplained() async throws {
    let rules = #"[{ "id": "twice", "type": "duplicate_key", "notify": ["hook"] }]"#
    try await Installation.run(["acme", "globex"]) { installation in
      let service = try installation.service(
        organizations: ["acme", "globex"], rules: rules, environment: ["KEY_globex": "key-acme"])
      for pages in [60, 71, 85, 102] {
        installation.use(Int64(pages))
        _ = try await service.collect(Self.options)
        installation.advance(by: .seconds(600))
      }
      #expect(try installation.webhooks.map(\.summary).contains("alert.firing twice acme"))
      let verdicts = try await service.why("acme", rule: nil).rules.flatMap(\.verdicts)
      #expect(verdicts.map(\.holds) == [true] && verdicts.first?.alert?.status == .firing)
    }
  }

  @Test("silence is told once after the time has passed, and resolves with the next reading")
  func silence() async throws {
    try await Installation.run { installation in
      _ = try await installation.service(rules: Self.rules).collect(Self.options)
      installation.sandbox.vendor.inject(.status(500))
      for _ in 0..<4 {
        installation.advance(by: .seconds(2 * 3_600))
        _ = try await installation.service(rules: Self.rules).collect(Self.options)
      }
      installation.sandbox.vendor.clearFaults()
      _ = try await installation.service(rules: Self.rules).collect(Self.options)
      #expect(try installation.webhooks.map(\.summary) == ["alert.firing silent acme", "alert.resolved silent acme"])
    }
  }

  @Test("one organization's failure touches no other", arguments: ["html", "garbage", "truncated", "negative"])
  func isolation(fault: String) async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      installation.use(85)
      installation.use(85, of: "globex")
      let broken = OrganizationID("globex")
      switch fault {
      case "html": installation.sandbox.vendor.inject(.html, for: broken)
      case "garbage": installation.sandbox.vendor.inject(.garbage, for: broken)
      case "truncated": installation.sandbox.vendor.inject(.truncated, for: broken)
      default: installation.sandbox.vendor.inject(.counters(pages: "-5", conversions: "1"), for: broken)
      }
      let report = try await installation.service(organizations: ["acme", "globex"]).collect(Self.options)
      #expect(report.summary.read == 1)
      #expect(report.entries.map(\.failure?.reason) == [fault == "html" ? .gateway : .invalidAnswer])
      #expect(try installation.webhooks.map(\.data.organization.id) == ["acme"])
      let rows = try await installation.service(organizations: ["acme", "globex"]).status(["globex"])
      #expect(rows.allSatisfy { $0.used == nil && $0.state == (fault == "html" ? .gateway : .failing) })
    }
  }

  @Test("a key that cannot be had is that organization's failure")
  func missingKey() async throws {
    try await Installation.run { installation in
      let report = try await installation.service(environment: ["KEY_acme": ""]).collect(Self.options)
      #expect(report.entries.first?.failure?.reason == .keyUnavailable)
      #expect(installation.sandbox.vendor.requests.total == 0)
    }
  }
}
