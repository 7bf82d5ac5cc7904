import FoundationEssentials
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Which past months are asked for")
struct MonthPlanTests {
  static let acme = OrganizationID("acme")

  static func date(_ text: String) throws -> Date {
    try Date(text, strategy: .iso8601)
  }

  static func month(_ text: String) throws -> BillingMonth { try #require(BillingMonth(text)) }

  static func usage(_ text: String, first: String, last: String, asked: String? = nil) throws -> MonthUsage {
    MonthUsage(
      snapshot: Snapshot(
        id: 1, organization: acme, month: try month(text), counters: .zero, firstSeenAt: try date(first),
        lastSeenAt: try date(last)),
      quota: Quota(), askedAt: try asked.map(date), settledAt: nil)
  }

  /// The months asked for when the vendor's current month is 2026-11.
  static func due(_ months: [MonthUsage], now: String) throws -> [String] {
    let known = months.map { usage in
      let seen = usage.snapshot.lastSeenAt
      let isSettled = Settlement.isSettled(usage.snapshot, in: .gmt, at: seen)
      return MonthStanding(usage.snapshot.month, askedAt: usage.askedAt, settledAt: isSettled ? seen : nil)
    }
    let plan = MonthPlan(known, now: try date(now))
    let current = Reading(
      organization: acme, month: try month("2026-11"), counters: .zero, observedAt: try date(now))
    return plan.dueMonths(after: current).map(\.description)
  }

  @Test("a new organization's month before is asked for")
  func firstRun() throws {
    #expect(try Self.due([], now: "2026-11-01T00:10:00Z") == ["2026-10"])
  }

  @Test("the month before is asked for again after an hour, not earlier")
  func hourly() throws {
    let usage = try Self.usage(
      "2026-10", first: "2026-10-31T20:00:00Z", last: "2026-11-01T10:00:00Z", asked: "2026-11-01T10:00:00Z")
    #expect(try Self.due([usage], now: "2026-11-01T10:59:59Z") == [])
    #expect(try Self.due([usage], now: "2026-11-01T11:00:00Z") == ["2026-10"])
  }

  @Test("what a clock that was ahead has stored lets no month rest")
  func clockAhead() throws {
    let asked = try Self.usage(
      "2026-10", first: "2026-10-31T20:00:00Z", last: "2026-11-01T12:00:00Z", asked: "2026-11-01T12:00:00Z")
    #expect(try Self.due([asked], now: "2026-11-01T10:00:00Z") == ["2026-10"])
    let settled = try Self.usage("2026-10", first: "2026-11-02T00:00:00Z", last: "2026-12-04T00:00:00Z")
    #expect(try Self.due([settled], now: "2026-11-01T10:00:00Z") == ["2026-10"])
  }

  @Test("a settled month is not asked for")
  func settled() throws {
    let usage = try Self.usage("2026-10", first: "2026-11-02T00:00:00Z", last: "2026-11-04T00:00:00Z")
    #expect(try Self.due([usage], now: "2026-11-10T00:00:00Z") == [])
  }

  @Test("an older month that nobody saw settle is asked for once more")
  func olderMonth() throws {
    let older = try Self.usage("2026-09", first: "2026-09-30T23:00:00Z", last: "2026-09-30T23:00:00Z")
    #expect(try Self.due([older], now: "2026-11-10T00:00:00Z") == ["2026-10", "2026-09"])
  }
}
