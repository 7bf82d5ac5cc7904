import Foundation
import Testing

/// All times are UTC; Berlin is an hour ahead in winter and two in summer.
@Suite("Scenarios: the clock is changed in Europe/Berlin")
struct ZoneScenarios {
  static let plot = Plot(
    rules: [
      #"{ "id": "pages", "type": "threshold", "metric": "pages", "percent": [50, 80, 100], "notify": ["night", "ops"] }"#
    ],
    notifiers: ["night": #""quiet_hours": { "from": "22:00", "to": "07:00" }"#, "ops": ""],
    further: #""billing_time_zone": "Europe/Berlin""#)

  @Test("in autumn, months turn by Berlin's clock, and the longer night is quiet until seven on the wall")
  func autumn() async throws {
    let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
    try await Story.tell(Self.plot, from: "2026-09-30 12:00", timeZone: berlin) { story in
      try await story.run("09-30 12:00", ["acme": 10])
      // 23:30 in September, 0:10 in October.
      try await story.run("09-30 21:30", ["acme": 85])
      try await story.run("09-30 22:10", ["acme": 50])
      try await story.runs(["10-01 04:59", "10-01 05:00", "10-20 12:00"])
      // The night of 25 October has an hour more.
      try await story.run("10-24 20:30", ["acme": 80])
      try await story.runs(["10-25 00:30", "10-25 01:30", "10-25 05:30", "10-25 06:00"])
      // Still October for half an hour: midnight is at 23:00 now.
      try await story.run("10-31 22:30", ["acme": 100])
      try await story.run("10-31 23:05", ["acme": 0])
      try await story.runs(["11-01 05:59", "11-01 06:00"])
      #expect(
        story.told == [
          "09-30 21:30 → ops → firing pages acme 2026-09 80% [50% 80%]",
          "09-30 22:10 → ops → firing pages acme 2026-10 50% [50%]",
          "10-01 05:00 → night → caught_up { firing pages acme 2026-09 80% [50% 80%]; "
            + "firing pages acme 2026-10 50% [50%] }",
          "10-24 20:30 → ops → firing pages acme 2026-10 80% [80%]",
          "10-25 06:00 → night → firing pages acme 2026-10 80% [80%]",
          "10-31 22:30 → ops → firing pages acme 2026-10 100% [100%]",
          "11-01 06:00 → night → firing pages acme 2026-10 100% [100%]",
        ])
    }
  }

  @Test("in spring, the shorter night ends at seven on the wall, and so does the month")
  func spring() async throws {
    let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
    try await Story.tell(Self.plot, from: "2026-03-28 12:00", timeZone: berlin) { story in
      try await story.run("03-28 12:00", ["acme": 10])
      try await story.run("03-28 21:30", ["acme": 50])
      try await story.runs(["03-29 00:59", "03-29 01:01", "03-29 04:59", "03-29 05:00"])
      try await story.run("03-31 21:59", ["acme": 80])
      try await story.run("03-31 22:01", ["acme": 50])
      try await story.runs(["04-01 04:59", "04-01 05:00"])
      #expect(
        story.told == [
          "03-28 21:30 → ops → firing pages acme 2026-03 50% [50%]",
          "03-29 05:00 → night → firing pages acme 2026-03 50% [50%]",
          "03-31 21:59 → ops → firing pages acme 2026-03 80% [80%]",
          "03-31 22:01 → ops → firing pages acme 2026-04 50% [50%]",
          "04-01 05:00 → night → caught_up { firing pages acme 2026-03 80% [80%]; "
            + "firing pages acme 2026-04 50% [50%] }",
        ])
    }
  }
}
