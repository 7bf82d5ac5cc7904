import Foundation
import QuotaCore
import Testing

@testable import UsageStore

@Suite("Times in the database")
struct StoredTimeTests {
  private func parsed(_ text: String) -> Date? {
    Array(text.utf8).withUnsafeBufferPointer { StoredTime.date($0) }
  }

  // Before October 1582 Foundation counts in the Julian calendar, ISO 8601 does not: years from 1600 on are compared.
  @Test("Random times are written and read as the core does")
  func random() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let milliseconds = Int64.random(in: -11_676_096_000_000...253_402_300_799_999, using: &generator)
      let date = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
      let text = StoredTime.text(date)
      #expect(text == date.iso8601)
      #expect(parsed(text) == Date(iso8601: text))
      #expect(StoredTime.text(try #require(parsed(text))) == text)
    }
  }

  @Test(
    "The edges of calendars are right",
    arguments: [
      "1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "2000-02-29T12:00:00.000Z", "2024-02-29T23:59:59.999Z",
      "2100-02-28T00:00:00.001Z", "2100-03-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z",
    ])
  func edges(text: String) throws {
    let date = try #require(parsed(text))
    #expect(date == Date(iso8601: text))
    #expect(StoredTime.text(date) == text)
  }

  @Test("Times outside of four-digit years become the nearest inside")
  func outside() {
    #expect(StoredTime.text(Date(timeIntervalSince1970: 1e15)) == "9999-12-31T23:59:59.999Z")
    #expect(StoredTime.text(Date(timeIntervalSince1970: -1e15)) == "0000-01-01T00:00:00.000Z")
  }

  @Test(
    "Anything else is no time",
    arguments: [
      "", "2026-11-23", "2026-11-23T10:00:00Z", "2026-11-23T10:00:00.000+", "2026-11-23 10:00:00.000Z",
      "2026-13-01T10:00:00.000Z", "2026-00-01T10:00:00.000Z", "2026-02-29T10:00:00.000Z", "2100-02-29T10:00:00.000Z",
      "2026-04-31T10:00:00.000Z", "2026-11-23T24:00:00.000Z", "2026-11-23T10:60:00.000Z", "2026-11-23T10:00:60.000Z",
      "2026-11-23T10:00:00.00xZ", "2026-11-23T1o:00:00.000Z", "2026-11-23T10:00:00.0000Z",
    ])
  func malformed(text: String) {
    #expect(parsed(text) == nil)
  }

  @Test(
    "Months are read like the core's", arguments: ["2026-11", "2020-01", "2100-12", "2026-13", "2019-12", "2026_11"])
  func months(text: String) {
    let month = Array(text.utf8).withUnsafeBufferPointer { StoredTime.month($0) }
    #expect(month == BillingMonth(text))
  }
}
