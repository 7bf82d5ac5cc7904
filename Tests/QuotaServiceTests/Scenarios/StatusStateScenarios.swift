import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Scenarios: what status says of an organization")
struct StatusStateScenarios {
  private static let levels =
    #"{ "id": "pages", "type": "threshold", "metric": "pages", "percent": [80], "notify": ["ops"] }"#

  private static func states(_ story: Story, in month: BillingMonth? = nil) async throws -> [String] {
    try await story.service.status([], in: month).map { "\($0.organization) \($0.metric) \($0.state.rawValue)" }
  }

  @Test("ok is only what a rule watches, and what the forecast takes beyond the quota is not")
  func states() async throws {
    try await Story.tell(Plot(["acme", "globex"], rules: [Self.levels]), from: "2026-11-01 06:00") { story in
      // A quota of 100: at 60 on the tenth the month comes to far more, at 10 to 30.
      for day in 1...10 {
        try await story.run(
          "11-\(day < 10 ? "0" : "")\(day) 12:00", ["acme": Int64(day) * 6, "globex": Int64(day)])
      }
      let states = try await Self.states(story)
      #expect(states.contains("acme pages runs_out"))
      #expect(states.contains("globex pages ok"))
      #expect(states.filter { $0.contains("conversions") }.allSatisfy { $0.hasSuffix("unwatched") })
      try await story.run("11-10 13:00", ["acme": 85])
      #expect(try await Self.states(story).contains("acme pages firing"))
      try await story.run("11-10 14:00", ["acme": 100])
      #expect(try await Self.states(story).contains("acme pages exceeded"))
    }
  }

  @Test("nothing runs out in a month that is over, though it was not read to its end")
  func over() async throws {
    try await Story.tell(Plot(rules: [Self.levels]), from: "2026-11-01 06:00") { story in
      for day in 1...9 { try await story.run("11-0\(day) 12:00", ["acme": Int64(day) * 6]) }
      #expect(try await Self.states(story).contains("acme pages runs_out"))
      try story.at("12-02 12:00")
      #expect(try await Self.states(story).contains("acme pages ok"))
    }
  }

  @Test("figures that are not believed are nothing else than that, and alerts name them")
  func doubted() async throws {
    try await Story.tell(BreakerScenarios.plot) { story in
      try await story.run("11-10 12:00", BreakerScenarios.all(30))
      try await story.run("11-10 13:00", BreakerScenarios.all(300))
      let states = try await Self.states(story)
      #expect(states.filter { $0.hasSuffix("pages in_doubt") }.count == 6)
      #expect(states.allSatisfy { !$0.hasSuffix("exceeded") })
      #expect(try await story.service.alerts.doubts(of: []).count == 6)
      #expect(try await story.service.alerts.doubts(of: ["o2"]).map(\.organization.rawValue) == ["o2"])
      try await story.run("11-10 14:00", BreakerScenarios.all(30))
      #expect(try await Self.states(story).allSatisfy { !$0.hasSuffix("in_doubt") })
      #expect(try await story.service.alerts.doubts(of: []).isEmpty)
    }
  }

  @Test("what fires without a metric or a month of its own shows, too")
  func ofNoMonth() async throws {
    let rules = [
      #"{ "id": "quiet", "type": "idle", "after": "6h", "notify": ["ops"] }"#,
      #"{ "id": "much", "type": "spike", "metric": "pages", "window": "1h", "notify": ["ops"] }"#,
    ]
    try await Story.tell(Plot(["acme", "globex"], rules: rules), from: "2026-11-01 06:00") { story in
      try await story.run("11-10 12:00", ["acme": 5, "globex": 5])
      try await story.run("11-10 13:00", ["acme": 6, "globex": 6])
      #expect(try await Self.states(story).filter { $0.hasSuffix(" firing") } == [])
      try await story.run("11-10 20:00", ["acme": 6, "globex": 7])
      #expect(
        try await Self.states(story).filter { $0.hasSuffix(" firing") } == [
          "acme pages firing", "acme conversions firing",
        ])
    }
  }

  @Test("alerts are asked for by organization, rule and severity, and unknown names are refused with the nearest")
  func alerts() async throws {
    let critical =
      #"{ "id": "urgent", "type": "threshold", "metric": "pages", "percent": [90], "severity": "critical", "notify": ["ops"] }"#
    try await Story.tell(Plot(["acme", "globex"], rules: [Self.levels, critical])) { story in
      try await story.run("11-10 13:00", ["acme": 95, "globex": 85])
      func keys(_ change: (inout ListAlerts.Choice) -> Void) async throws -> [String] {
        var choice = ListAlerts.Choice()
        change(&choice)
        return try await story.service.alerts(all: false, choice).map { "\($0.key.rule)/\($0.key.organization)" }
          .sorted()
      }
      #expect(try await keys { _ in } == ["pages/acme", "pages/globex", "urgent/acme"])
      #expect(try await keys { $0.organizations = ["globex"] } == ["pages/globex"])
      #expect(try await keys { $0.rules = ["urgent"] } == ["urgent/acme"])
      #expect(try await keys { $0.severities = [.critical] } == ["urgent/acme"])
      #expect(try await keys { ($0.organizations, $0.rules) = (["globex"], ["urgent"]) }.isEmpty)
      // One of the program's own, of which nothing fires.
      #expect(try await keys { $0.rules = ["breaker"] }.isEmpty)
      let error = await #expect(throws: ServiceError.self) { _ = try await keys { $0.rules = ["urgnt"] } }
      #expect(error?.lines == ["no rule \"urgnt\" is configured; did you mean \"urgent\"?"])
    }
  }

  @Test("a month that is over is shown as it ended")
  func past() async throws {
    try await Story.tell(Plot(rules: [Self.levels]), from: "2026-10-31 11:00") { story in
      try await story.run("10-31 12:00", ["acme": 120])
      try story.at("11-10 12:00")
      let month = try #require(BillingMonth("2026-10"))
      let rows = try await story.service.status([], in: month).filter { $0.metric == .pages }
      #expect(rows.map(\.used) == [120])
      #expect(rows.map(\.state) == [.exceeded])
      let before = try #require(BillingMonth("2026-08"))
      #expect(try await story.service.status([], in: before).map(\.state).allSatisfy { $0 == .unknown })
    }
  }

  @Test("an organization that is named twice is silenced once, and blanks are no reason")
  func silencedOnce() async throws {
    try await Story.tell(Plot(["acme"], rules: [Self.levels])) { story in
      let service = try story.service
      var request = AddSilence.Request(
        organizations: ["acme", "acme"], rule: nil, until: service.world.now() + .hours(1), reason: "x",
        createdBy: "ops")
      #expect(try await service.addSilence(request).count == 1)
      request.reason = "  "
      var refusal: ServiceError?
      do { _ = try await service.addSilence(request) } catch { refusal = error as? ServiceError }
      #expect(refusal?.status == .usage)
    }
  }

  @Test("several organizations are silenced at once, each by a silence of its own, all or none")
  func silences() async throws {
    try await Story.tell(Plot(["acme", "globex"])) { story in
      try await story.run("11-10 12:00", ["acme": 10, "globex": 10])
      func request(_ organizations: [String]) throws -> AddSilence.Request {
        AddSilence.Request(
          organizations: organizations, rule: nil, until: try Date("2026-11-10T18:00:00Z", strategy: .iso8601),
          reason: "moving", createdBy: "kim")
      }
      let wrong = try request(["acme", "nobody"])
      await #expect(throws: ServiceError.self) { _ = try await story.service.addSilence(wrong) }
      #expect(try await story.service.silences(all: true).isEmpty)
      let both = try await story.service.addSilence(try request(["acme", "globex"]))
      #expect(both.map(\.organization?.rawValue) == ["acme", "globex"])
      try await story.run("11-10 13:00", ["acme": 85, "globex": 85])
      #expect(story.told.isEmpty)
    }
  }
}

@Suite("Which organizations are asked for")
struct OrganizationChoiceTests {
  private static func configuration() throws -> Configuration {
    try Configuration.decode(
      Array(
        #"""
        {"plans": {"growth": {}, "small": {}}, "organizations": [
          {"id": "acme", "plan": "growth", "tags": ["vip", "eu"], "api_key": {"env": "A"}},
          {"id": "globex", "plan": "small", "tags": ["vip"], "api_key": {"env": "B"}},
          {"id": "initech", "plan": "growth", "api_key": {"env": "C"}}]}
        """#.utf8), file: "alerts.json", directory: ".")
  }

  @Test(
    "are those that are named, have one of the tags, and whose plan is one of those",
    arguments: [
      (OrganizationChoice(), []), (OrganizationChoice(ids: ["globex"]), ["globex"]),
      (OrganizationChoice(tags: ["vip"]), ["acme", "globex"]),
      (OrganizationChoice(tags: ["vip"], plans: ["growth"]), ["acme"]),
      (OrganizationChoice(plans: ["growth", "small"]), ["acme", "globex", "initech"]),
      (OrganizationChoice(ids: ["globex", "initech"], plans: ["growth"]), ["initech"]),
    ] as [(OrganizationChoice, [String])])
  func chosen(choice: OrganizationChoice, expected: [String]) throws {
    #expect(try Self.configuration().chosen(choice) == expected)
  }

  @Test(
    "are refused with the nearest word where nobody is that",
    arguments: [
      (OrganizationChoice(tags: ["vop"]), "no organization has the tag \"vop\"; did you mean \"vip\"?"),
      (OrganizationChoice(plans: ["grwth"]), "no organization has the plan \"grwth\"; did you mean \"growth\"?"),
      (OrganizationChoice(ids: ["initech"], tags: ["vip"]), "no organization is all of that"),
    ])
  func refused(choice: OrganizationChoice, line: String) throws {
    let configuration = try Self.configuration()
    let error = #expect(throws: ServiceError.self) { try configuration.chosen(choice) }
    #expect(error?.lines == [line])
  }
}
