import QuotaCore
import Testing

@Suite("Scenarios: quiet hours and digests")
struct QuietScenarios {
  static let pages = #"""
    { "id": "pages", "type": "threshold", "metric": "pages", "percent": [50, 80, 100],
      "severity": { "default": "warning", "100%": "critical" }, "notify": ["ops"] }
    """#
  static let night = #""quiet_hours": { "from": "22:00", "to": "07:00" }"#

  @Test("over midnight all but the critical is held, and told in one message without what has ended meanwhile")
  func overMidnight() async throws {
    let ids = ["acme", "globex", "initech", "umbrella"]
    try await Story.tell(Plot(ids, rules: [Self.pages], notifiers: ["ops": Self.night])) { story in
      try await story.run("11-10 21:00", ["acme": 10, "globex": 10, "initech": 10, "umbrella": 10])
      try await story.run("11-10 22:30", ["acme": 55])
      try await story.run("11-10 23:30", ["globex": 85])
      try await story.run("11-11 00:30", ["acme": 40])
      try await story.run("11-11 01:00", ["umbrella": 100])
      try await story.run("11-11 03:00", ["globex": 90, "initech": 60])
      try await story.runs(["11-11 06:59", "11-11 07:00", "11-11 07:10"])
      try await story.run("11-11 08:00", ["acme": 52])
      try await story.run("11-11 23:00", ["umbrella": 40])
      #expect(
        story.told == [
          "11-11 01:00 → ops → firing pages umbrella 2026-11 100% [50% 80% 100%]",
          "11-11 07:00 → ops → caught_up { firing pages globex 2026-11 80% [50% 80%]; "
            + "firing pages initech 2026-11 50% [50%] }",
          "11-11 08:00 → ops → firing pages acme 2026-11 50% [50%] #2",
          "11-11 23:00 → ops → resolved pages umbrella 2026-11 100% [50% 80% 100%]",
        ])
    }
  }

  @Test("what was told before the night is told to be over after it, whatever else fired and ended meanwhile")
  func toldBefore() async throws {
    let remind = Self.pages.replacing(#""notify""#, with: #""remind_every": "8h", "notify""#)
    let ids = ["acme", "globex", "initech"]
    try await Story.tell(Plot(ids, rules: [remind], notifiers: ["ops": Self.night])) { story in
      try await story.run("11-10 20:00", ["acme": 55, "globex": 55, "initech": 10])
      // A level more, and none.
      try await story.run("11-10 23:00", ["acme": 85, "initech": 85])
      try await story.run("11-11 00:30", ["acme": 40, "initech": 60])
      try await story.run("11-11 01:30", ["initech": 40])
      // A reminder waits when its alert ends.
      try await story.run("11-11 04:01")
      try await story.run("11-11 05:00", ["globex": 40])
      try await story.runs(["11-11 07:00", "11-11 21:00"])
      #expect(
        story.told == [
          "11-10 20:00 → ops → firing pages acme 2026-11 50% [50%]",
          "11-10 20:00 → ops → firing pages globex 2026-11 50% [50%]",
          "11-11 07:00 → ops → caught_up { resolved pages acme 2026-11 80% [50% 80%]; "
            + "resolved pages globex 2026-11 50% [50%] }",
        ])
    }
  }

  @Test("a notifier that hears of no resolutions is not caught up with what is over")
  func withoutResolutions() async throws {
    let settings = Self.night + #", "send_resolved": false"#
    try await Story.tell(Plot(["acme", "globex"], rules: [Self.pages], notifiers: ["ops": settings])) { story in
      try await story.run("11-10 21:00", ["acme": 10, "globex": 10])
      try await story.run("11-10 23:00", ["acme": 55, "globex": 55])
      try await story.run("11-11 01:00", ["acme": 40])
      try await story.runs(["11-11 07:00", "11-11 08:00"])
      #expect(story.told == ["11-11 07:00 → ops → firing pages globex 2026-11 50% [50%]"])
    }
  }

  @Test("a digest comes at nine on its days, without what is over or was told with the critical, which does not wait")
  func digest() async throws {
    let settings = #""digest": { "at": "09:00", "days": ["mon", "tue", "wed", "thu", "fri"] }"#
    let plot = Plot(["acme", "globex", "initech"], rules: [Self.pages], notifiers: ["ops": settings])
    // 13 November 2026 is a Friday.
    try await Story.tell(plot, from: "2026-11-13 08:00") { story in
      try await story.run("11-13 08:00", ["acme": 10, "globex": 10, "initech": 10])
      try await story.run("11-13 11:00", ["acme": 55])
      try await story.runs(["11-14 09:00", "11-15 09:00", "11-16 08:59", "11-16 09:20", "11-16 09:40"])
      try await story.run("11-16 10:00", ["globex": 60, "initech": 60])
      try await story.run("11-16 11:00", ["acme": 85, "initech": 40])
      try await story.run("11-16 12:00", ["globex": 100])
      try await story.runs(["11-17 09:00", "11-18 09:00"])
      #expect(
        story.told == [
          "11-16 09:20 → ops → digest { firing pages acme 2026-11 50% [50%] }",
          "11-16 12:00 → ops → firing pages globex 2026-11 100% [50% 80% 100%]",
          "11-17 09:00 → ops → digest { firing pages acme 2026-11 80% [80%] }",
        ])
    }
  }
}
