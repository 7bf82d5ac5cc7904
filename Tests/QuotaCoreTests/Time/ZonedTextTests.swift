import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("A moment for people")
struct ZonedTextTests {
  private let moment = Date(iso8601: "2026-11-23T22:05:59.999Z") ?? .distantPast

  @Test(
    "has its zone's offset",
    arguments: [
      (0, "2026-11-23 22:05Z", "2026-11-23 22:05 UTC"), (3_600, "2026-11-23 23:05+01:00", "2026-11-23 23:05 UTC+1"),
      (-10_800, "2026-11-23 19:05-03:00", "2026-11-23 19:05 UTC−3"),
      (20_700, "2026-11-24 03:50+05:45", "2026-11-24 03:50 UTC+5:45"),
      (-12_600, "2026-11-23 18:35-03:30", "2026-11-23 18:35 UTC−3:30"),
    ])
  func offsets(seconds: Int, minute: String, words: String) throws {
    let zone = try #require(TimeZone(secondsFromGMT: seconds))
    #expect(moment.minute(in: zone) == minute)
    #expect(moment.words(in: zone) == words)
    #expect(moment.day(in: zone) == String(minute.prefix(10)))
  }

  @Test("is found within a text as programs get it, and shown in a zone")
  func stamped() throws {
    let zone = try #require(TimeZone(secondsFromGMT: 3_600))
    let text = "no successful reading since 2026-11-23T22:05:59.999Z: 2026-11-23T22:05Z é 2026-11-24T00:00:00.000Z"
    #expect(
      TimedText(stamped: text).text(in: zone)
        == "no successful reading since 2026-11-23 23:05 UTC+1: 2026-11-23T22:05Z é 2026-11-24 01:00 UTC+1")
    for plain in ["", "Z", "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ", "日本語", "2026-13-23T22:05:59.999Z"] {
      #expect(TimedText(stamped: plain).text(in: zone) == plain)
    }
  }

  @Test("stands in words, as a day, too")
  func interpolated() throws {
    let zone = try #require(TimeZone(secondsFromGMT: 7_200))
    let text: TimedText = "\("Acme") runs out from \(day: moment) on, read \(moment)"
    #expect(
      text.text(in: zone, as: Date.minute(in:)) == "Acme runs out from 2026-11-24 on, read 2026-11-24 00:05+02:00")
  }
}
