import Foundation
import QuotaCore
import Testing

@testable import QuotaService
@testable import WebServer

@Suite("The badge of an organization", .timeLimit(.minutes(5)))
struct BadgeScenarios {
  private static func badge(
    _ installation: Installation, quota: String = #"{ "pages": 1000 }"#, rules: String = "[]"
  ) async throws -> Badge? {
    try await installation.service(quota: quota, rules: rules).badge(OrganizationID("acme"))
  }

  private static func collect(_ installation: Installation, quota: String = #"{ "pages": 1000 }"#) async throws {
    _ = try await installation.service(quota: quota, rules: "[]").collect(CollectUsage.Options())
  }

  @Test("shows how much of the quota is used, and of which metric")
  func figures() async throws {
    try await Installation.run { installation in
      installation.use(819, conversions: 300)
      try await Self.collect(installation)
      #expect(
        try await Self.badge(installation)
          == Badge(label: "Name of acme", text: "819 of 1,000 pages (81 %)", state: .ok))
      let both = #"{ "pages": 1000, "conversions": 301 }"#
      try await Self.collect(installation, quota: both)
      #expect(
        try await Self.badge(installation, quota: both)
          == Badge(label: "Name of acme", text: "300 of 301 conversions (99 %)", state: .ok))
      installation.use(1_000)
      try await Self.collect(installation)
      #expect(try await Self.badge(installation)?.state == .exceeded)
    }
  }

  @Test("has no percentage without a quota")
  func noQuota() async throws {
    try await Installation.run { installation in
      installation.use(1_234)
      try await Self.collect(installation, quota: "{}")
      #expect(
        try await Self.badge(installation, quota: "{}") == Badge(label: "Name of acme", text: "1,234 pages", state: .ok)
      )
    }
  }

  @Test("does not pass nothing off as zero")
  func nothing() async throws {
    try await Installation.run { installation in
      let setup = try installation.service(environment: ["KEY_acme": "none"])
      _ = try await setup.collect(CollectUsage.Options())
      #expect(
        try await setup.badge(OrganizationID("acme"))
          == Badge(label: "Name of acme", text: "not read yet", state: .unknown))
      #expect(try await setup.badge(OrganizationID("globex")) == nil)
    }
  }

  @Test("does not pass an old figure off as a new one")
  func old() async throws {
    try await Installation.run { installation in
      installation.use(819)
      try await Self.collect(installation)
      installation.advance(by: .seconds(86_400 * 2))
      let old = try await Self.badge(installation)
      #expect(old?.state == .stale)
      #expect(old?.text == "819 of 1,000 pages (81 %), as of 2026-11-10T12:00Z")
    }
  }
}
