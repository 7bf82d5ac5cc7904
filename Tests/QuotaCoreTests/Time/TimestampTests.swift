import Foundation
import QuotaCore
import Testing

@Suite("Times as text")
struct TimestampTests {
  /// What Foundation writes: a tenth of a millisecond on top, since its style cuts off what is below a millisecond.
  private static func reference(_ date: Date) -> String {
    date.addingTimeInterval(0.000_1).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  // Before October 1582 Foundation counts in the Julian calendar, ISO 8601 does not: years from 1600 on are compared.
  @Test("Random times are written as Foundation writes them, and read again")
  func random() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let milliseconds = Int64.random(in: -11_676_096_000_000...253_402_300_799_999, using: &generator)
      let date = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
      #expect(date.iso8601 == Self.reference(date))
      #expect(Date(iso8601: date.iso8601) == date)
    }
  }

  @Test(
    "The edges of calendars are right",
    arguments: [
      "1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "2000-02-29T12:00:00.000Z", "2024-02-29T23:59:59.999Z",
      "2100-02-28T00:00:00.001Z", "2100-03-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z",
    ])
  func edges(text: String) throws {
    let date = try #require(Date(iso8601: text))
    #expect(Self.reference(date) == text)
    #expect(date.iso8601 == text)
  }

  @Test("Times outside of four-digit years become the nearest inside")
  func outside() {
    #expect(Date(timeIntervalSince1970: 1e15).iso8601 == "9999-12-31T23:59:59.999Z")
    #expect(Date(timeIntervalSince1970: -1e15).iso8601 == "0000-01-01T00:00:00.000Z")
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
    #expect(Date(iso8601: text) == nil)
  }

  @Test("The calendar is Foundation's")
  func calendar() throws {
    var foundation = Calendar(identifier: .gregorian)
    foundation.timeZone = .gmt
    for day in stride(from: -130_000, through: 2_900_000, by: 997) {
      let date = CivilDate(dayNumber: day)
      let parts = foundation.dateComponents(
        [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
      #expect([date.year, date.month, date.day] == [parts.year, parts.month, parts.day])
      #expect(date.dayNumber == day)
      #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
    }
  }

  @Test(
    "A day that the calendar does not have is none",
    arguments: [(2026, 2, 29), (2100, 2, 29), (2026, 9, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0)])
  func noDay(year: Int, month: Int, day: Int) {
    #expect(CivilDate(year: year, month: month, day: day) == nil)
  }
}
