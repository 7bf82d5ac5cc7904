import Foundation
import QuotaCore
import Testing

@Suite("Billing months")
struct BillingMonthTests {
  private func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }
  private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

  @Test("year and month are read and written alike", arguments: ["2020-01", "2026-11", "2100-12"])
  func texts(text: String) throws {
    let month = try #require(BillingMonth(text))
    #expect(month.description == text)
    #expect(try JSONDecoder().decode([BillingMonth].self, from: JSONEncoder().encode([month])) == [month])
  }

  @Test(
    "other texts are refused",
    arguments: [
      "", "2026", "2026-1", "2026-13", "2026-00", "2019-12", "2101-01", "2026/11", "2026-11-01", " 026-11", "٢٠٢٦-11",
    ])
  func refused(text: String) {
    #expect(BillingMonth(text) == nil)
  }

  @Test(
    "a moment falls into the month of the vendor's zone",
    arguments: [
      ("2026-11-01T00:00:00Z", "UTC", "2026-11"), ("2026-10-31T23:59:59Z", "UTC", "2026-10"),
      ("2026-10-31T23:30:00Z", "Europe/Berlin", "2026-11"), ("2026-11-01T03:30:00Z", "America/New_York", "2026-10"),
      ("2026-11-01T04:00:00Z", "America/New_York", "2026-11"),
      ("2027-01-01T00:00:00Z", "Pacific/Kiritimati", "2027-01"),
    ])
  func containing(moment: String, zoneName: String, month: String) throws {
    #expect(BillingMonth(containing: try date(moment), in: try zone(zoneName))?.description == month)
  }

  @Test(
    "its period goes from midnight to midnight of the zone",
    arguments: [
      ("2026-11", "UTC", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
      ("2026-12", "UTC", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
      // Daylight saving time begins within the month.
      ("2026-03", "Europe/Berlin", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
      ("2100-12", "UTC", "2100-12-01T00:00:00Z", "2101-01-01T00:00:00Z"),
    ])
  func period(text: String, zoneName: String, start: String, end: String) throws {
    let month = try #require(BillingMonth(text))
    #expect(month.period(in: try zone(zoneName)) == (try date(start)..<date(end)))
  }

  @Test(
    "months are counted across years, within those that the vendor knows",
    arguments: [("2026-11", 2, "2027-01"), ("2026-01", -1, "2025-12"), ("2026-11", 0, "2026-11")])
  func advanced(text: String, months: Int, result: String) throws {
    #expect(try #require(BillingMonth(text)).advanced(by: months)?.description == result)
  }

  @Test("there is no month outside of the vendor's years")
  func bounds() throws {
    #expect(try #require(BillingMonth("2100-12")).advanced(by: 1) == nil)
    #expect(try #require(BillingMonth("2020-01")).advanced(by: -1) == nil)
    #expect(BillingMonth(containing: .distantPast, in: .gmt) == nil)
  }

  @Test("months are ordered by time")
  func order() throws {
    #expect(try #require(BillingMonth("2025-12")) < #require(BillingMonth("2026-01")))
  }
}
