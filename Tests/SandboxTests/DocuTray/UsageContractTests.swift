import Foundation
import QuotaCore
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `The vendor's usage endpoint` {
  @Test func `answers the documented members for the month that is asked for`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.setUsage(of: acme, in: try month("2026-04"), to: Counters(pages: 1_234, conversions: 89))
      let answer = try #require(try await usage(sandbox, key: "acme-key", query: "?year=2026&month=4"))
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "application/json")
      #expect(answer.body == #"{"year":2026,"month":4,"successful_pages":1234,"successful_conversions":89}"#)
    }
  }

  @Test func `answers for the current month if none is asked for`() async throws {
    try await withSandbox(at: "2026-11-30T23:59:59Z") { sandbox async throws in
      #expect(try await usage(sandbox, key: "acme-key")?.json?["month"]?.integer == 11)
      sandbox.vendor.now = try time("2026-12-01T00:00:00Z")
      #expect(try await usage(sandbox, key: "acme-key")?.json?["month"]?.integer == 12)
    }
  }

  @Test func `turns the month in its own time zone`() async throws {
    let zone = try #require(TimeZone(identifier: "America/Santiago"))
    try await withSandbox(at: "2026-12-01T02:59:59Z", timeZone: zone) { sandbox async throws in
      #expect(try await usage(sandbox, key: "acme-key")?.json?["month"]?.integer == 11)
      sandbox.vendor.now = try time("2026-12-01T03:00:00Z")
      #expect(try await usage(sandbox, key: "acme-key")?.json?["month"]?.integer == 12)
    }
  }

  @Test(arguments: ["?year=2027&month=1", "?year=2020&month=12", "?year=2100&month=12", ""])
  func `answers zeros for a month without use`(query: String) async throws {
    try await withSandbox { sandbox async throws in
      let answer = try #require(try await usage(sandbox, key: "acme-key", query: query))
      #expect(answer.status == 200)
      #expect(answer.json?["successful_pages"]?.integer == 0)
      #expect(answer.json?["successful_conversions"]?.integer == 0)
    }
  }

  @Test(arguments: [
    ("?year=2026&month=0", "Invalid month. Must be an integer between 1 and 12."),
    ("?year=2026&month=13", "Invalid month. Must be an integer between 1 and 12."),
    ("?year=2026&month=4.0", "Invalid month. Must be an integer between 1 and 12."),
    ("?year=2026&month=", "Invalid month. Must be an integer between 1 and 12."),
    ("?year=2019&month=4", "Invalid year. Must be an integer between 2020 and 2100."),
    ("?year=2101&month=4", "Invalid year. Must be an integer between 2020 and 2100."),
    ("?year=+2026&month=4", "Invalid year. Must be an integer between 2020 and 2100."),
    ("?month=4", "Invalid query. year and month must be sent together."),
    ("?year=2026", "Invalid query. year and month must be sent together."),
  ])
  func `refuses a query that names no month`(query: String, text: String) async throws {
    try await withSandbox { sandbox async throws in
      let answer = try #require(try await usage(sandbox, key: "acme-key", query: query))
      #expect(answer.status == 400)
      #expect(answer.body == #"{"error":"\#(text)"}"#)
    }
  }

  @Test(arguments: ["nobody's-key", nil, ""])
  func `refuses a key that it does not know`(key: String?) async throws {
    try await withSandbox { sandbox async throws in
      let answer = try #require(try await usage(sandbox, key: key))
      #expect(answer.status == 401)
      #expect(answer.body == #"{"error":"Unauthorized"}"#)
    }
  }

  @Test func `shows the same counters to both keys of an organization, and not to another's`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.setUsage(of: acme, in: try month("2026-11"), to: Counters(pages: 7, conversions: 3))
      #expect(try await usage(sandbox, key: "acme-key")?.json?["successful_pages"]?.integer == 7)
      #expect(try await usage(sandbox, key: "acme-second-key")?.json?["successful_pages"]?.integer == 7)
      #expect(try await usage(sandbox, key: "globex-key")?.json?["successful_pages"]?.integer == 0)
    }
  }

  @Test func `lets a past month change, up and down but not below zero`() async throws {
    try await withSandbox { sandbox async throws in
      let october = try month("2026-10")
      sandbox.vendor.setUsage(of: acme, in: october, to: Counters(pages: 100, conversions: 10))
      sandbox.vendor.addUsage(of: acme, in: october, Counters(pages: 5, conversions: -11))
      let answer = try #require(try await usage(sandbox, key: "acme-key", query: "?year=2026&month=10"))
      #expect(answer.body == #"{"year":2026,"month":10,"successful_pages":105,"successful_conversions":0}"#)
    }
  }

  @Test func `follows a curve, with corrections on top, and its final value stays`() async throws {
    let curve = UsageCurve(seed: 9, pagesPerMonth: 3_000)
    let organization = SimulatedOrganization(id: acme, keys: ["acme-key"], curve: curve)
    let november = try month("2026-11")
    let shape = MonthShape(november, in: .gmt)
    try await Sandbox.withRunning(
      organizations: [organization], clock: .manual(shape.period.lowerBound + .days(10))
    ) { sandbox async throws in
      let expected = curve.counters(at: sandbox.vendor.now, in: shape).pages
      #expect(expected > 0)
      #expect(try await usage(sandbox, key: "acme-key")?.json?["successful_pages"]?.integer == expected)
      sandbox.vendor.addUsage(of: acme, in: november, Counters(pages: -1, conversions: 0))
      #expect(try await usage(sandbox, key: "acme-key")?.json?["successful_pages"]?.integer == expected - 1)
      sandbox.vendor.now = shape.period.upperBound + .days(40)
      let final = curve.counters(at: .distantFuture, in: shape).pages
      let answer = try await usage(sandbox, key: "acme-key", query: "?year=2026&month=11")
      #expect(answer?.json?["successful_pages"]?.integer == final - 1)
    }
  }
}
