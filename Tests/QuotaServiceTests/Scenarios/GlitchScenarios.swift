import Foundation
import QuotaCore
import Sandbox
import Testing

@testable import QuotaService

/// The vendor's figures are wrong in one run, and right in the next. What is told is what would have been told if the
/// vendor had not answered the organizations in that run, and that its figures were in doubt.
@Suite("Scenarios: a glitch of the vendor's figures, crossed with everything that holds messages back")
struct GlitchScenarios {
  enum Glitch: CaseIterable, Sendable {
    case tenfold
    case zero
    /// Five organizations of seven.
    case tenfoldForSome
    case zeroForSome
    /// Ten times the figure, and then nothing, before they are right again.
    case tenfoldThenZero
  }

  enum Circumstance: CaseIterable, Sendable {
    case plain
    case quietHours
    case silence
    case digest
    case kill
    case killAndGoOn
    case correction
    case turnOfMonth
    case cappedMessages
  }

  private static let ids = (1...7).map { "o\($0)" }

  /// What is told, written by hand: the same for every glitch, unless it is another one when a run ends.
  private static func told(_ glitch: Glitch, _ circumstance: Circumstance) -> [String] {
    switch circumstance {
    case .kill where glitch == .tenfoldThenZero:
      [
        "11-10 12:00 → ops → firing pages o1 2026-11 50% [50%]",
        "11-10 13:30 → ops → firing pages o7 2026-11 50% [50%]",
        "11-10 13:30 → ops → firing breaker",
        "11-10 14:00 → ops → resolved breaker",
        "11-12 15:00 → ops → firing pages o2 2026-11 80% [50% 80%]",
      ]
    case .plain, .cappedMessages:
      [
        "11-10 12:00 → ops → firing pages o1 2026-11 50% [50%]",
        "11-10 13:00 → ops → firing pages o7 2026-11 50% [50%]",
        "11-10 13:00 → ops → firing breaker",
        "11-10 14:00 → ops → resolved breaker",
        "11-12 15:00 → ops → firing pages o2 2026-11 80% [50% 80%]",
      ]
    case .quietHours, .silence:
      [
        "11-10 12:00 → ops → firing pages o1 2026-11 50% [50%]",
        "11-10 13:00 → ops → firing breaker",
        "11-10 14:00 → ops → resolved breaker",
        "11-10 15:00 → ops → firing pages o7 2026-11 50% [50%]",
        "11-12 15:00 → ops → firing pages o2 2026-11 80% [50% 80%]",
      ]
    case .digest:
      [
        "11-10 13:00 → ops → firing breaker",
        "11-10 14:00 → ops → resolved breaker",
        "11-10 15:00 → ops → digest { firing pages o7 2026-11 50% [50%]; firing pages o1 2026-11 50% [50%] }",
        "11-13 15:00 → ops → digest { firing pages o2 2026-11 80% [50% 80%] }",
      ]
    case .kill:
      [
        "11-10 12:00 → ops → firing pages o1 2026-11 50% [50%]",
        "11-10 14:00 → ops → firing pages o7 2026-11 50% [50%]",
        "11-12 15:00 → ops → firing pages o2 2026-11 80% [50% 80%]",
      ]
    case .killAndGoOn:
      [
        "11-10 12:00 → ops → firing pages o1 2026-11 50% [50%]",
        "11-10 13:05 → ops → firing pages o7 2026-11 50% [50%]",
        "11-10 13:05 → ops → firing breaker",
        "11-10 14:00 → ops → resolved breaker",
        "11-12 15:00 → ops → firing pages o2 2026-11 80% [50% 80%]",
      ]
    case .correction:
      [
        "11-10 12:00 → ops → firing pages o1 2026-11 50% [50%]",
        "11-10 13:00 → ops → firing pages o7 2026-11 50% [50%]",
        "11-10 13:00 → ops → firing breaker",
        "11-10 14:00 → ops → resolved pages o1 2026-11 50% [50%]",
        "11-10 14:00 → ops → firing corrections o1 2026-11",
        "11-10 14:00 → ops → resolved breaker",
        "11-12 15:00 → ops → firing pages o2 2026-11 80% [50% 80%]",
      ]
    case .turnOfMonth:
      [
        "11-30 22:00 → ops → firing pages o1 2026-11 50% [50%]",
        "11-30 23:00 → ops → firing pages o7 2026-11 50% [50%]",
        "11-30 23:00 → ops → firing breaker",
        "12-01 00:30 → ops → resolved breaker",
        "12-03 15:00 → ops → firing pages o2 2026-12 80% [50% 80%]",
      ]
    }
  }

  @Test("tells nothing of the glitch and everything else", arguments: Glitch.allCases, Circumstance.allCases)
  func table(_ glitch: Glitch, _ circumstance: Circumstance) async throws {
    var plot = Plot(Self.ids, rules: [Plot.pages, Plot.corrections])
    switch circumstance {
    case .quietHours: plot.notifiers["ops"] = #""quiet_hours": { "from": "12:30", "to": "14:30" }"#
    case .digest: plot.notifiers["ops"] = #""digest": { "at": "14:30" }"#
    case .cappedMessages: plot.notifiers["ops"] = #""max_messages": 2"#
    default: break
    }
    let isTurn = circumstance == .turnOfMonth
    try await Story.tell(plot, from: isTurn ? "2026-11-30 21:00" : "2026-11-10 11:00") { story in
      var right = Dictionary(uniqueKeysWithValues: Self.ids.map { ($0, Int64(30)) })
      try await story.run(isTurn ? "11-30 21:00" : "11-10 11:00", right)
      right["o1"] = 55
      try await story.run(isTurn ? "11-30 22:00" : "11-10 12:00", right)
      if circumstance == .silence {
        try story.at("11-10 12:30")
        _ = try await story.service.addSilence(
          AddSilence.Request(
            rule: "pages", until: try Date("2026-11-10T14:30:00Z", strategy: .iso8601),
            reason: "maintenance", createdBy: "kim"))
      }
      right["o7"] = 60
      try await go(story, glitch, circumstance, right)
      if circumstance == .correction { right["o1"] = 45 }
      if isTurn {
        for (id, pages) in right { story.installation.use(pages, of: id, in: "2026-11") }
        right = right.mapValues { _ in 2 }
        try story.at("12-01 00:30")
        try await story.run("12-01 00:30", right)
      } else {
        try await story.run("11-10 14:00", right)
      }
      try await story.runs(isTurn ? ["12-01 02:00", "12-02 15:00"] : ["11-10 15:00", "11-11 15:00"])
      try await story.run(isTurn ? "12-03 15:00" : "11-12 15:00", ["o2": 85])
      try await story.runs([isTurn ? "12-04 15:00" : "11-13 15:00"])
      #expect(story.told == Self.told(glitch, circumstance))
    }
  }

  /// The run, or runs, with the glitch.
  private func go(
    _ story: Story, _ glitch: Glitch, _ circumstance: Circumstance, _ right: [String: Int64]
  ) async throws {
    let isTurn = circumstance == .turnOfMonth
    let time = isTurn ? "11-30 23:00" : "11-10 13:00"
    let wrong = Self.glitched(right, glitch)
    if circumstance == .kill || circumstance == .killAndGoOn {
      try story.at(time, wrong)
      try await RestartScenarios.collectAndDie(try story.service)
      if circumstance == .killAndGoOn { try await story.run("11-10 13:05", wrong) }
    } else {
      try await story.run(time, wrong)
    }
    if glitch == .tenfoldThenZero {
      try await story.run(isTurn ? "11-30 23:30" : "11-10 13:30", Self.glitched(right, .zero))
    }
  }

  private static func glitched(_ right: [String: Int64], _ glitch: Glitch) -> [String: Int64] {
    let isForSome = glitch == .tenfoldForSome || glitch == .zeroForSome
    let isZero = glitch == .zero || glitch == .zeroForSome
    return Dictionary(
      uniqueKeysWithValues: right.map { id, pages in
        let isSpared = id == "o7" || (isForSome && id == "o6")
        return (id, isSpared ? pages : isZero ? 0 : pages * 10)
      })
  }

  @Test("a counter that does not start again at the turn of the month is doubted for everybody")
  func rollover() async throws {
    try await Story.tell(Plot(Self.ids), from: "2026-11-30 22:00") { story in
      let all = Dictionary(uniqueKeysWithValues: Self.ids.map { ($0, Int64(90)) })
      try await story.run("11-30 22:00", all.mapValues { _ in 40 })
      try await story.run("11-30 23:00", all.mapValues { _ in 45 })
      try story.at("12-01 00:30")
      try await story.run("12-01 00:30", all)
      try await story.run("12-01 01:30", all.mapValues { _ in 1 })
      try await story.run("12-02 01:30", ["o3": 50])
      #expect(
        story.told == [
          "12-01 00:30 → ops → firing breaker",
          "12-01 01:30 → ops → resolved breaker",
          "12-02 01:30 → ops → firing pages o3 2026-12 50% [50%]",
        ])
    }
  }

  @Test("what rests on nobody's figures, or on others', is told while everybody else's are in doubt")
  func others() async throws {
    var plot = Plot(Self.ids, rules: [Plot.pages, #"{ "id": "keys", "type": "credential", "notify": ["ops"] }"#])
    plot.notifiers["ops"] = #""group_above": 9"#
    try await Story.tell(plot, from: "2026-11-10 11:00") { story in
      let all = Dictionary(uniqueKeysWithValues: Self.ids.map { ($0, Int64(30)) })
      try await story.run("11-10 11:00", all)
      try await story.run("11-10 12:00", all.mapValues { $0 * 10 }.merging(["o7": 60]) { $1 })
      story.configureKey("wrong", of: "o6")
      try await story.run("11-10 12:10")
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing pages o7 2026-11 50% [50%]",
          "11-10 12:00 → ops → firing breaker",
          "11-10 12:10 → ops → firing keys o6",
        ])
    }
  }

  @Test("a second reading a minute later confirms nothing")
  func tooSoon() async throws {
    try await Story.tell(Plot(Self.ids), from: "2026-11-10 11:00") { story in
      let all = Dictionary(uniqueKeysWithValues: Self.ids.map { ($0, Int64(30)) })
      try await story.run("11-10 11:00", all)
      try await story.run("11-10 12:00", all.mapValues { $0 * 10 })
      try await story.runs(["11-10 12:02", "11-10 12:15", "11-10 12:30", "11-10 12:45"])
      try await story.run("11-10 13:00", all)
      #expect(story.told == ["11-10 12:00 → ops → firing breaker", "11-10 13:00 → ops → resolved breaker"])
    }
  }

  @Test("what a run cannot read again of a killed run's glitch is not taken for use", arguments: [0, 1, 2])
  func readAgainInPart(furtherKills: Int) async throws {
    try await Story.tell(Plot(Self.ids), from: "2026-11-10 11:00") { story in
      let all = Dictionary(uniqueKeysWithValues: Self.ids.map { ($0, Int64(30)) })
      try await story.run("11-10 11:00", all)
      try story.at("11-10 12:00", all.mapValues { $0 * 10 })
      try await RestartScenarios.collectAndDie(try story.service)
      for id in ["o6", "o7"] { story.configureKey("wrong", of: id) }
      for minute in 0..<furtherKills {
        try story.at("11-10 12:0\(minute + 1)", all)
        try await RestartScenarios.collectAndDie(try story.service)
      }
      try await story.run("11-10 12:05", all)
      try await story.runs(["11-10 12:10", "11-10 13:00"])
      for id in ["o6", "o7"] { story.configureKey("key-\(id)", of: id) }
      try await story.runs(["11-10 13:10", "11-10 14:00"])
      try await story.run("11-10 15:00", ["o6": 55, "o7": 60])
      try await story.run("11-10 16:00", ["o6": 85])
      #expect(
        story.told == [
          "11-10 15:00 → ops → firing pages o6 2026-11 50% [50%]",
          "11-10 15:00 → ops → firing pages o7 2026-11 50% [50%]",
          "11-10 16:00 → ops → firing pages o6 2026-11 80% [80%]",
        ])
    }
  }

  @Test("nor where it is read again in the next month, or the newcomers are among them")
  func readAgainInTheNextMonth() async throws {
    try await Story.tell(Plot(Self.ids), from: "2026-11-30 21:00") { story in
      let all = Dictionary(uniqueKeysWithValues: Self.ids.map { ($0, Int64(30)) })
      try await story.run("11-30 21:00", all)
      story.plot.organizations["o8"] = Plot.quota
      story.vendor.add([SimulatedOrganization(id: OrganizationID("o8"), keys: ["key-o8"])])
      try story.at("11-30 23:30", all.merging(["o8": 40]) { $1 }.mapValues { $0 * 10 })
      try await RestartScenarios.collectAndDie(try story.service)
      for (id, pages) in all.merging(["o8": 40], uniquingKeysWith: { $1 }) {
        story.installation.use(pages, of: id, in: "2026-11")
      }
      for id in ["o7", "o8"] { story.configureKey("wrong", of: id) }
      try story.at("12-01 00:30")
      try await story.run("12-01 00:30", all.mapValues { _ in 2 })
      try await story.runs(["12-01 01:40", "12-01 03:00"])
      for id in ["o7", "o8"] { story.configureKey("key-\(id)", of: id) }
      try await story.runs(["12-01 04:00", "12-01 06:00", "12-02 06:00"])
      try await story.run("12-02 12:00", ["o7": 55, "o8": 85])
      #expect(
        story.told.sorted() == [
          "12-02 12:00 → ops → firing pages o7 2026-12 50% [50%]",
          "12-02 12:00 → ops → firing pages o8 2026-12 80% [50% 80%]",
        ])
    }
  }

  @Test("a key that is read for the first time shares the others' doubt")
  func newcomers() async throws {
    try await Story.tell(Plot(Self.ids), from: "2026-11-10 11:00") { story in
      let all = Dictionary(uniqueKeysWithValues: Self.ids.map { ($0, Int64(30)) })
      try await story.run("11-10 11:00", all)
      story.plot.organizations["o8"] = Plot.quota
      story.vendor.add([SimulatedOrganization(id: OrganizationID("o8"), keys: ["key-o8"])])
      try await story.run("11-10 12:00", all.merging(["o8": 60]) { $1 }.mapValues { $0 * 10 })
      try await story.run("11-10 12:30", all.merging(["o8": 60]) { $1 })
      try await story.runs(["11-10 13:00", "11-10 13:30"])
      #expect(
        story.told == [
          "11-10 12:00 → ops → firing breaker",
          "11-10 12:30 → ops → resolved breaker",
          "11-10 13:30 → ops → firing pages o8 2026-11 50% [50%]",
        ])
    }
  }

  @Test("a key that is read for the first time while all is well is judged at once")
  func newcomer() async throws {
    try await Story.tell(Plot(["o1"]), from: "2026-11-10 11:00") { story in
      try await story.run("11-10 11:00", ["o1": 30])
      story.plot.organizations["o8"] = Plot.quota
      story.vendor.add([SimulatedOrganization(id: OrganizationID("o8"), keys: ["key-o8"])])
      try await story.run("11-10 12:00", ["o8": 60])
      #expect(story.told == ["11-10 12:00 → ops → firing pages o8 2026-11 50% [50%]"])
    }
  }
}
