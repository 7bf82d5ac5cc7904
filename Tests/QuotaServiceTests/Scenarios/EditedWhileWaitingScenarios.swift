import QuotaCore
import Sandbox
import Testing

@testable import QuotaService

@Suite("Scenarios: edits while something is still to be told")
struct EditedWhileWaitingScenarios {
  private static let quiet = #""quiet_hours": { "from": "12:30", "to": "14:30" }"#

  private static func pages(_ notify: String, _ further: String = "") -> String {
    #"{ "id": "pages", "type": "threshold", "metric": "pages", "percent": [50], "notify": [\#(notify)]\#(further) }"#
  }

  private static func plot(_ notifier: String?, _ settings: String = quiet, _ further: String = "") -> Plot {
    Plot(
      rules: [pages(notifier.map { "\"\($0)\"" } ?? "", further)],
      notifiers: notifier.map { [$0: settings] } ?? [:])
  }

  @Test(
    "a notifier that is renamed or gone for a while tells what it held back, once",
    arguments: ["other", nil] as [String?])
  func renamedAndBack(meanwhile: String?) async throws {
    try await Story.tell(Self.plot("ops")) { story in
      try await story.run("11-10 12:40", ["acme": 60])
      story.plot = Self.plot(meanwhile)
      try await story.run("11-10 13:00")
      story.plot = Self.plot("ops")
      try await story.runs(["11-10 13:30", "11-10 14:40", "11-10 15:40"])
      #expect(story.told == ["11-10 14:40 → ops → firing pages acme 2026-11 50% [50%]"])
    }
  }

  @Test("what was over by the time that its notifier is back is not told")
  func overMeanwhile() async throws {
    try await Story.tell(Self.plot("ops")) { story in
      try await story.run("11-10 12:40", ["acme": 60])
      story.plot = Self.plot(nil)
      try await story.run("11-10 13:00", ["acme": 10])
      story.plot = Self.plot("ops")
      try await story.runs(["11-10 13:30", "11-10 14:40", "11-10 15:40"])
      #expect(story.told == [])
    }
  }

  @Test("what was refused before a notifier was renamed and renamed back is told by it")
  func refusedBefore() async throws {
    try await Story.tell(Self.plot("ops", "")) { story in
      for name in ["ops", "other"] {
        story.installation.sandbox.hooks.plan(.status(503), times: 2, on: "/hooks/\(name)")
      }
      try await story.run("11-10 12:40", ["acme": 60])
      story.plot = Self.plot("other", "")
      try await story.run("11-10 13:00")
      story.plot = Self.plot("ops", "")
      try await story.runs(["11-10 13:30", "11-10 14:40"])
      #expect(
        story.told.filter { $0 > "11-10 13:01" && $0.contains("firing pages") } == [
          "11-10 13:30 → ops → firing pages acme 2026-11 50% [50%]"
        ])
    }
  }

  @Test("a rule that is off when a hold ends tells what it was to tell when it is on again")
  func offOverTheHold() async throws {
    try await Story.tell(Self.plot("ops")) { story in
      try await story.run("11-10 12:40", ["acme": 60])
      story.plot = Self.plot("ops", Self.quiet, #", "enabled": false"#)
      try await story.runs(["11-10 13:00", "11-10 14:40"])
      #expect(story.told == [])
      story.plot = Self.plot("ops")
      try await story.runs(["11-10 15:00", "11-10 16:00"])
      #expect(story.told == ["11-10 15:00 → ops → firing pages acme 2026-11 50% [50%]"])
      // What was told is not told again by the same edit.
      story.plot = Self.plot("ops", Self.quiet, #", "enabled": false"#)
      try await story.run("11-10 17:00")
      story.plot = Self.plot("ops")
      try await story.run("11-10 18:00")
      #expect(story.told.count == 1)
    }
  }

  @Test("reminders go to whoever would hear today where everybody is gone who was told")
  func remindersAfterRenaming() async throws {
    let daily = #", "remind_every": "1d""#
    try await Story.tell(Self.plot("ops", "", daily)) { story in
      try await story.run("11-10 12:40", ["acme": 60])
      story.plot = Self.plot("other", "", daily)
      try await story.runs(["11-10 13:00", "11-11 13:00"])
      #expect(
        story.told == [
          "11-10 12:40 → ops → firing pages acme 2026-11 50% [50%]",
          "11-11 13:00 → other → reminder pages acme 2026-11 50% [50%]",
        ])
    }
  }

  @Test("what ceased to be watched in a month is nothing in the next")
  func onAgainInTheNextMonth() async throws {
    try await Story.tell(Self.plot("ops", ""), from: "2026-11-28 12:00") { story in
      try await story.run("11-28 12:40", ["acme": 60])
      story.plot = Self.plot("ops", "", #", "enabled": false"#)
      try await story.run("11-28 13:00")
      try await story.run("12-02 12:00", ["acme": 1])
      story.plot = Self.plot("ops", "")
      try await story.runs(["12-02 13:00", "12-02 14:00"])
      #expect(story.told.count == 1)
      #expect(try await story.service.alerts(all: false).isEmpty)
    }
  }

  @Test("while a forecast is neither likely nor unlikely, what fires goes on: reminders, the end of an acknowledgement")
  func neitherLikelyNorNot() async throws {
    func plot(_ further: String = "") -> Plot {
      Plot(rules: [
        #"{ "id": "ahead", "type": "forecast", "metric": "pages", "remind_every": "1d", "notify": ["ops"]\#(further) }"#
      ])
    }
    try await Story.tell(plot(), from: "2026-11-01 06:00") { story in
      // 5 a day come to 150 of 100; 50 and then 2 a day come to 90.
      for day in 1...10 { try await story.run("11-\(day < 10 ? "0" : "")\(day) 23:00", ["acme": Int64(day) * 5]) }
      for day in 11...20 { try await story.run("11-\(day) 23:00", ["acme": 50 + Int64(day - 10) * 2]) }
      let alert = try #require(try await story.service.alerts(all: false).first)
      let likely = try #require(try await story.service.why("acme", rule: nil).rules.first?.verdicts.first?.evidence)
      #expect((31...79).contains(try #require(likely.probability)), "\(likely.probability ?? -1) %")
      #expect(alert.status == .firing)
      // One for each day from the second on.
      #expect(story.told.filter { $0.contains("reminder") }.count == story.told.count - 1)
      #expect(story.told.last?.hasPrefix("11-20 23:00") == true)
      let count = story.told.count
      _ = try await story.service.acknowledge(alert.key.description, by: "ana", for: .hours(1), note: nil, budget: 1)
      try await story.run("11-21 00:30")
      #expect(story.told.suffix(from: count).contains { $0.hasPrefix("11-21 00:30 → ops → reminder") })
      // Switched off and on again it fires on, and nobody hears that it is resolved.
      story.plot = plot(#", "enabled": false"#)
      try await story.run("11-21 01:00")
      story.plot = plot()
      try await story.run("11-21 02:00")
      #expect(story.told.allSatisfy { !$0.contains("resolved") })
      #expect(try await story.service.alerts(all: false).map(\.status) == [.firing])
    }
  }
}
