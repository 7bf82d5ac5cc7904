import Testing

@Suite("Scenarios: an alert that goes back and forth")
struct FlappingScenarios {
  static let plot = Plot(rules: [
    #"{ "id": "pages", "type": "threshold", "metric": "pages", "percent": [80], "notify": ["ops"] }"#
  ])

  @Test("it fires at most once an hour, says once that it flaps, and resolves after six hours of calm")
  func flaps() async throws {
    try await Story.tell(Self.plot) { story in
      try await story.run("11-10 12:00", ["acme": 85])
      try await story.run("11-10 12:20", ["acme": 75])
      try await story.run("11-10 12:40", ["acme": 85])
      try await story.run("11-10 13:00", ["acme": 75])
      try await story.run("11-10 13:20", ["acme": 85])
      try await story.run("11-10 13:40", ["acme": 75])
      try await story.run("11-10 14:00", ["acme": 85])
      try await story.run("11-10 14:20", ["acme": 75])
      try await story.runs(["11-10 16:00", "11-10 18:00", "11-10 19:59", "11-10 20:01", "11-10 20:20"])
      // After that, it is an alert like any other.
      try await story.run("11-11 12:00", ["acme": 85])
      try await story.run("11-11 12:20", ["acme": 75])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages acme 2026-11 80% [80%]",
          "11-10 12:20 → ops → resolved pages acme 2026-11 80% [80%]",
          "11-10 13:20 → ops → firing pages acme 2026-11 80% [80%] #2 flapping 3",
          "11-10 20:01 → ops → resolved pages acme 2026-11 80% [80%] #2",
          "11-11 12:00 → ops → firing pages acme 2026-11 80% [80%] #3",
          "11-11 12:20 → ops → resolved pages acme 2026-11 80% [80%] #3",
        ])
    }
  }

  @Test("it is not reminded of while it goes back and forth")
  func reminders() async throws {
    let rule = Plot.pages.replacing(#""notify""#, with: #""remind_every": "1h", "notify""#)
    try await Story.tell(Plot(rules: [rule])) { story in
      for hour in 12...20 {
        try await story.run("11-10 \(hour):00", ["acme": 55])
        try await story.run("11-10 \(hour):30", ["acme": 45])
      }
      #expect(story.told.last?.contains("flapping 3") == true)
      try await story.run("11-10 21:00", ["acme": 55])
      try await story.runs(["11-11 02:00", "11-11 03:01", "11-11 04:02"])
      #expect(story.told.last == "11-11 04:02 → ops → reminder pages acme 2026-11 50% [50%] #3")
    }
  }

  @Test("what is above again for good is told an hour after it was told first")
  func refires() async throws {
    try await Story.tell(Self.plot) { story in
      try await story.run("11-10 12:00", ["acme": 85])
      try await story.run("11-10 12:20", ["acme": 75])
      try await story.run("11-10 12:40", ["acme": 85])
      try await story.runs(["11-10 12:50", "11-10 12:59", "11-10 13:01", "11-10 13:20", "11-10 23:00"])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages acme 2026-11 80% [80%]",
          "11-10 12:20 → ops → resolved pages acme 2026-11 80% [80%]",
          "11-10 13:01 → ops → firing pages acme 2026-11 80% [80%] #2",
        ])
    }
  }
}
