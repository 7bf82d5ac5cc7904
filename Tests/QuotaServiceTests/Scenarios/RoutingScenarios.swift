import QuotaCore
import Sandbox
import Testing

@Suite("Scenarios: who is told")
struct RoutingScenarios {
  @Test("the first route that matches counts, those after it with `continue`, and the default where nobody is named")
  func routes() async throws {
    let pages = #"""
      { "id": "pages", "type": "threshold", "metric": "pages", "percent": [50, 100],
        "severity": { "default": "warning", "100%": "critical" } }
      """#
    var plot = Plot(
      ["acme", "globex", "umbrella"], rules: [pages, #"{ "id": "dead-key", "type": "credential" }"#],
      notifiers: ["fallback": "", "gold": "", "pager": "", "rest": "", "umbrella-it": ""],
      further: #"""
        "default_notify": ["fallback"],
        "routes": [
          { "match": { "severity": ["critical"] }, "notify": ["pager"], "continue": true },
          { "match": { "tags": ["gold"] }, "notify": ["gold"] },
          { "match": { "rules": ["pages"] }, "notify": ["rest"] }
        ]
        """#)
    plot.organizations["acme"] = Plot.quota + #", "tags": ["gold"]"#
    plot.organizations["umbrella"] = Plot.quota + #", "tags": ["gold"], "notify": ["umbrella-it"]"#
    try await Story.tell(plot) { story in
      try await story.run("11-10 12:00", ["acme": 10, "globex": 10, "umbrella": 10])
      try await story.run("11-10 13:05", ["acme": 55, "globex": 56, "umbrella": 57])
      try await story.run("11-10 14:10", ["acme": 100])
      story.vendor.revokeKey("key-globex")
      try await story.run("11-10 15:15")
      try await story.run("11-10 16:20", ["acme": 40])
      #expect(
        story.told == [
          "11-10 13:05 → gold → firing pages acme 2026-11 50% [50%]",
          "11-10 13:05 → gold → firing pages umbrella 2026-11 50% [50%]",
          "11-10 13:05 → rest → firing pages globex 2026-11 50% [50%]",
          "11-10 13:05 → umbrella-it → firing pages umbrella 2026-11 50% [50%]",
          "11-10 14:10 → gold → firing pages acme 2026-11 100% [100%]",
          "11-10 14:10 → pager → firing pages acme 2026-11 100% [100%]",
          "11-10 15:15 → fallback → firing dead-key globex",
          "11-10 16:20 → gold → resolved pages acme 2026-11 100% [50% 100%]",
          "11-10 16:20 → pager → resolved pages acme 2026-11 100% [50% 100%]",
        ])
    }
  }

  @Test("a client's notifier never learns of another organization, not even of one that shows the same figures")
  func privacy() async throws {
    let everybody = #""notify": ["acme-it", "ops"]"#
    var plot = Plot(
      ["acme", "globex", "umbrella"],
      rules: [
        #"{ "id": "pages", "type": "threshold", "metric": "pages", "percent": [50, 80], \#(everybody) }"#,
        #"{ "id": "duplicates", "type": "duplicate_key", \#(everybody) }"#,
      ], notifiers: ["acme-it": #""organization": "acme", "group_above": 1"#, "globex-it": "", "ops": ""])
    plot.organizations["globex"] = Plot.quota + #", "notify": ["globex-it"]"#
    try await Story.tell(plot) { story in
      try await story.run("11-10 12:00", ["acme": 10, "globex": 10, "umbrella": 10])
      try await story.run("11-10 13:05", ["acme": 55, "globex": 55, "umbrella": 90])
      try await story.run("11-10 14:10", ["acme": 62, "globex": 62])
      try await story.run("11-10 15:15", ["acme": 85, "globex": 85])
      try await story.run("11-10 16:20", ["umbrella": 10])
      #expect(
        story.told == [
          "11-10 13:05 → acme-it → firing pages acme 2026-11 50% [50%]",
          "11-10 13:05 → globex-it → firing pages globex 2026-11 50% [50%]",
          "11-10 13:05 → ops → firing pages acme 2026-11 50% [50%]",
          "11-10 13:05 → ops → firing pages globex 2026-11 50% [50%]",
          "11-10 13:05 → ops → firing pages umbrella 2026-11 80% [50% 80%]",
          "11-10 15:15 → acme-it → firing pages acme 2026-11 80% [80%]",
          "11-10 15:15 → globex-it → firing pages globex 2026-11 80% [80%]",
          "11-10 15:15 → ops → run { firing pages acme 2026-11 80% [80%]; firing pages globex 2026-11 80% [80%]; "
            + "firing duplicates acme; firing duplicates globex }",
          "11-10 16:20 → ops → resolved pages umbrella 2026-11 80% [50% 80%]",
        ])
      for (client, others) in [("acme-it", ["globex", "umbrella"]), ("globex-it", ["acme", "umbrella"])] {
        for body in story.bodies(of: client) { #expect(!others.contains { body.contains($0) }) }
      }
    }
  }

  @Test("many events of one run are one message, and what is more than the cap is one message")
  func grouping() async throws {
    let ids = ["o1", "o2", "o3", "o4", "o5"]
    let pages = #"""
      { "id": "pages", "type": "threshold", "metric": "pages", "percent": [50, 80], "notify": ["few", "groups", "ops"] }
      """#
    let notifiers = ["few": #""group_above": 100, "max_messages": 3"#, "groups": #""group_above": 1"#, "ops": ""]
    try await Story.tell(Plot(ids, rules: [pages], notifiers: notifiers)) { story in
      try await story.run("11-10 12:00", ["o1": 10, "o2": 10, "o3": 10, "o4": 10, "o5": 10])
      try await story.run("11-10 13:05", ["o1": 51, "o2": 52, "o3": 53])
      try await story.run("11-10 14:10", ["o1": 81, "o2": 82, "o3": 83, "o4": 54, "o5": 55])
      func event(_ number: Int, _ levels: String) -> String { "firing pages o\(number) 2026-11 \(levels)" }
      let (first, second) = ((1...3).map { event($0, "50% [50%]") }, (1...3).map { event($0, "80% [80%]") })
      let late = [event(5, "50% [50%]"), event(4, "50% [50%]")]
      #expect(
        story.told == [
          "11-10 13:05 → few → \(first[0])", "11-10 13:05 → few → \(first[1])", "11-10 13:05 → few → \(first[2])",
          "11-10 13:05 → groups → run { \(first[2]); \(first[1]); \(first[0]) }",
          "11-10 13:05 → ops → \(first[0])", "11-10 13:05 → ops → \(first[1])", "11-10 13:05 → ops → \(first[2])",
          "11-10 14:10 → few → \(second[0])", "11-10 14:10 → few → \(second[1])",
          "11-10 14:10 → few → overflow { \(second[2]); \(late[0]); \(late[1]) }",
          "11-10 14:10 → groups → run { \((second.reversed() + late).joined(separator: "; ")) }",
          "11-10 14:10 → ops → run { \((second.reversed() + late).joined(separator: "; ")) }",
        ])
    }
  }
}
