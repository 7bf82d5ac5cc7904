import Foundation
import QuotaCore
import Testing

@Suite("A row of the status")
struct StatusRowTests {
  private static let now = Date(iso8601: "2026-11-16T12:00:00.000Z") ?? .distantPast

  private func row(
    used: Int64?, quota: Int64?, seen: Date? = now, problem: String? = nil, month: String = "2026-11"
  ) throws -> StatusRow {
    let billed = try #require(BillingMonth(month))
    let period = billed.period(in: .gmt)
    let forecast = used.flatMap { used in
      Forecast(of: .pages, used: used, at: Self.now, month: billed, period: period, profile: UsageProfile())
    }
    return StatusRow(
      organization: Organization(id: OrganizationID("acme")), month: used == nil ? nil : billed, metric: .pages,
      used: used, quota: quota, forecast: forecast, lastSeenAt: used == nil ? nil : seen, problem: problem, state: .ok)
  }

  @Test("has a percentage where there is a quota alone, rounded down")
  func percent() throws {
    #expect(try row(used: 999, quota: 1_000).percent == 99)
    #expect(try row(used: 999, quota: nil).percent == nil)
    #expect(try row(used: 999, quota: 0).percent == nil)
    #expect(try row(used: nil, quota: 10).percent == nil)
  }

  @Test("says when its quota is used up, and that it is")
  func exhaustion() throws {
    let soon = try #require(try row(used: 900, quota: 1_000).exhaustion)
    #expect(soon.from > Self.now && soon.from < (soon.to ?? .distantFuture))
    #expect(try row(used: 1_000, quota: 1_000).exhaustion?.from == Self.now)
    #expect(try row(used: 1_000, quota: 1_000).isExhausted)
    #expect(try row(used: 0, quota: 0).isExhausted == false)
    #expect(try row(used: 10, quota: 1_000).exhaustion == nil)
    #expect(try row(used: 900, quota: nil).exhaustion == nil)
  }

  @Test("is fresh, stale or unknown")
  func freshness() throws {
    let november = BillingMonth("2026-11")
    func freshness(_ row: StatusRow) -> Freshness { Freshness(of: row, at: Self.now, limit: .hours(1), in: november) }
    #expect(freshness(try row(used: 1, quota: nil)) == .fresh)
    #expect(freshness(try row(used: 1, quota: nil, seen: Self.now - .minutes(59))) == .fresh)
    #expect(freshness(try row(used: 1, quota: nil, seen: Self.now - .hours(1))) == .stale)
    #expect(freshness(try row(used: 1, quota: nil, seen: Self.now + .hours(1))) == .stale)
    #expect(freshness(try row(used: 1, quota: nil, problem: "HTTP 401")) == .stale)
    #expect(freshness(try row(used: 1, quota: nil, month: "2026-10")) == .stale)
    #expect(freshness(try row(used: nil, quota: nil)) == .unknown)
    #expect(Freshness.limit(every: .minutes(15)) == .hours(1))
    #expect(Freshness.limit(every: .hours(1)) == .hours(3))
    #expect(Freshness.limit(every: nil) == .days(1))
  }

  @Test("The way of a forecast begins at the reading and ends at what the month is expected to come to")
  func path() throws {
    let forecast = try #require(try row(used: 900, quota: nil).forecast)
    let path = forecast.path
    #expect(path.first?.day == 15.5 && path.first?.range == 900...900)
    #expect(path.map(\.day) == path.map(\.day).sorted() && path.count == 16)
    #expect(path.last?.day == 30 && path.last?.expected == forecast.projected && path.last?.range == forecast.range)
    for (earlier, later) in zip(path, path.dropFirst()) { #expect(earlier.expected <= later.expected) }
  }
}
