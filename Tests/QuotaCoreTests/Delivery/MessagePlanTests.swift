import FoundationEssentials
import FoundationInternationalization
import QuotaCore
import TestSupport
import Testing

@Suite("What a notifier is told")
struct MessagePlanTests {
  private let start = moment("2026-11-23T12:15")

  private func event(
    _ organization: String, _ transition: Event.Transition = .firing, level: String = "80%",
    severity: Severity = .warning, used: Int64 = 8_200
  ) -> Event {
    var event = Event.threshold(transition, used: used, crossed: [level], severity: severity)
    event.organization = OrganizationID(organization)
    event.organizationName = organization
    event.id = EventID(rawValue: "pages-quota/\(organization)/2026-11/pages/\(level)/\(transition.rawValue)/1")
    return event
  }

  private func notice(_ event: Event, hold: Hold? = nil) -> Notice {
    Notice(event: event, notifier: NotifierID("ops"), state: .waiting(hold), since: start)
  }

  private func plan(
    _ notices: [Notice], _ policy: DeliveryPolicy = DeliveryPolicy(), groups: Bool = true, at now: Date? = nil,
    _ change: (inout MessagePlan.Circumstances) -> Void = { _ in }
  ) -> MessagePlan {
    var circumstances = MessagePlan.Circumstances(now: now ?? start, billingTimeZone: .gmt)
    change(&circumstances)
    return MessagePlan(notices, policy, groups: groups, circumstances)
  }

  private func ids(_ plan: MessagePlan) -> [String] { plan.messages.map(\.id.rawValue) }

  @Test("Three events are three messages, four are one", arguments: [(3, 3), (4, 1)])
  func grouping(events: Int, messages: Int) {
    let plan = plan((0..<events).map { notice(event("org-\($0)")) })
    #expect(plan.messages.count == messages)
    #expect(plan.messages.flatMap(\.events).count == events)
  }

  @Test(
    "Planning for ten thousand organizations that fire takes no longer for each than for one", .timeLimit(.minutes(5)))
  func manyFirings() {
    let firings = (0..<10_000).map { notice(event("org-\($0)")) }
    let held = (0..<10_000).map { notice(event("held-\($0)"), hold: .quietHours) }
    let plan = plan(held + firings, groups: false)
    #expect(plan.messages.count + plan.held.count == 20_000)
    #expect(plan.dropped.isEmpty)
  }

  @Test("A group is ranked: what fires before what is resolved, then by severity, then by share of the quota")
  func ranking() throws {
    let events = [
      event("a", .resolved, used: 9_900), event("b", used: 8_100), event("c", used: 9_000),
      event("d", severity: .critical, used: 8_000),
    ]
    let message = try #require(plan(events.map { notice($0) }).messages.first)
    #expect(message.events.map(\.organization?.rawValue) == ["d", "c", "b", "a"])
    #expect(message.id.rawValue == "pages-quota/a/2026-11/pages/80%/resolved/1+3")
  }

  @Test("A channel that keeps incidents gets every event by itself")
  func ungrouped() {
    #expect(plan((0..<40).map { notice(event("org-\($0)")) }, groups: false).messages.count == 40)
  }

  @Test("What is more than the cap becomes one message, and nothing is lost")
  func cap() throws {
    var policy = DeliveryPolicy()
    policy.groupAbove = 100
    policy.maximumMessages = 20
    let plan = plan((0..<50).map { notice(event("org-\($0)")) }, policy)
    #expect(plan.messages.count == 20)
    guard case .group(let rest)? = plan.messages.last else {
      Issue.record("the last message is no group")
      return
    }
    #expect(rest.occasion == .overflow)
    #expect(rest.events.count == 31)
    #expect(Set(plan.messages.flatMap(\.events).map(\.id)).count == 50)
  }

  @Test("A silence holds back what it covers")
  func silence() {
    let silence = Silence(
      id: 1, organization: OrganizationID("acme"), rule: nil, from: start, until: start + .hours(1), reason: "test",
      createdBy: "kim")
    let notices = [notice(event("acme")), notice(event("globex"))]
    let during = plan(notices) { $0.silences = [silence] }
    #expect(during.held.map(\.hold) == [.silence])
    #expect(ids(during) == ["pages-quota/globex/2026-11/pages/80%/firing/1"])
    let after = plan([notice(event("acme"), hold: .silence)], at: start + .hours(1)) { $0.silences = [silence] }
    #expect(ids(after) == ["pages-quota/acme/2026-11/pages/80%/firing/1"])
  }

  @Test("At the end of a silence, what no longer fires is not told")
  func silenceOver() {
    let plan = plan([notice(event("acme"), hold: .silence)]) { $0.stillFires = { _ in false } }
    #expect(plan.messages.isEmpty)
    #expect(plan.dropped.map(\.reason) == [.overMeanwhile])
  }

  @Test("What fired and was resolved while it was held back is left out, and the rest comes in one message")
  func caughtUp() {
    let held = [
      notice(event("a"), hold: .quietHours), notice(event("b"), hold: .quietHours),
      notice(event("c"), hold: .quietHours), notice(event("b", .resolved), hold: .quietHours),
    ]
    let plan = plan(held)
    #expect(plan.messages.count == 1)
    #expect(plan.messages.first?.events.map(\.organization?.rawValue) == ["a", "c"])
    #expect(plan.dropped.map(\.reason) == [.resolvedMeanwhile, .resolvedMeanwhile])
    if case .group(let group)? = plan.messages.first { #expect(group.occasion == .caughtUp) }
  }

  @Test("What may have been told already comes in one message, beside what is news, and what is more than the cap")
  func repetitions() {
    func again(_ organization: String) -> Notice {
      var event = event(organization)
      event.possibleRepetitionSince = start
      return notice(event)
    }
    var policy = DeliveryPolicy()
    policy.maximumMessages = 1
    let plan = plan([again("a"), notice(event("b")), again("c"), notice(event("d"))], policy)
    #expect(plan.messages.map { $0.events.map(\.organization?.rawValue) } == [["a", "c"], ["b", "d"]])
    if case .group(let group)? = plan.messages.first { #expect(group.occasion == .restored) }
  }

  @Test("A resolution of what was told before is told")
  func resolution() {
    #expect(ids(plan([notice(event("a", .resolved))])) == ["pages-quota/a/2026-11/pages/80%/resolved/1"])
  }

  @Test("A resolution of one of two held levels leaves nothing out")
  func partial() {
    var both = event("a", level: "100%")
    both.crossed = [alertLevel("80%"), alertLevel("100%")]
    let plan = plan([notice(both, hold: .quietHours), notice(event("a", .resolved, level: "100%"))])
    #expect(plan.dropped.isEmpty)
  }

  @Test("A resolution that also ends a level that was told before is told, and the level that was not is left out")
  func endsMore() {
    var resolution = event("a", .resolved)
    resolution.crossed = [alertLevel("50%"), alertLevel("80%")]
    let plan = plan([notice(event("a"), hold: .quietHours), notice(resolution, hold: .quietHours)])
    #expect(ids(plan) == ["pages-quota/a/2026-11/pages/80%/resolved/1"])
    #expect(plan.dropped.map(\.reason) == [.resolvedMeanwhile])
  }

  @Test("A held reminder is left out when its alert ends, and the end is told")
  func endOfReminded() {
    let plan = plan([
      notice(event("a", .reminder), hold: .quietHours), notice(event("a", .resolved), hold: .quietHours),
    ])
    #expect(ids(plan) == ["pages-quota/a/2026-11/pages/80%/resolved/1"])
  }

  @Test("Levels that end one after the other are left out together")
  func endedInSteps() {
    var both = event("a", level: "100%")
    both.crossed = [alertLevel("80%"), alertLevel("100%")]
    let plan = plan([
      notice(both, hold: .quietHours), notice(event("a", .resolved, level: "100%"), hold: .quietHours),
      notice(event("a", .resolved), hold: .quietHours),
    ])
    #expect(plan.messages.isEmpty)
    #expect(plan.dropped.count == 3)
  }

  @Test("What was held back and is over is not told to a notifier that hears of no resolutions either")
  func overWithoutWord() {
    let plan = plan([notice(event("a"), hold: .quietHours), notice(event("b"))]) { $0.hasResolved = { _ in true } }
    #expect(ids(plan) == ["pages-quota/b/2026-11/pages/80%/firing/1"])
  }

  @Test("What was in doubt and stands is told in one message")
  func breaker() {
    let plan = plan([notice(event("a"), hold: .breaker), notice(event("b"), hold: .breaker), notice(event("c"))])
    #expect(plan.held.isEmpty)
    #expect(plan.messages.map { $0.events.map(\.organization?.rawValue) } == [["a", "b"], ["c"]])
  }

  @Test("Critical passes quiet hours and digests")
  func critical() throws {
    var policy = DeliveryPolicy()
    policy.quietHours = .init(
      from: try #require(TimeOfDay("00:00")), to: try #require(TimeOfDay("23:59")))
    policy.digest = .init(at: try #require(TimeOfDay("09:00")))
    let plan = plan([notice(event("a", severity: .critical)), notice(event("b"))], policy)
    #expect(ids(plan) == ["pages-quota/a/2026-11/pages/80%/firing/1"])
    #expect(plan.held.map(\.hold) == [.quietHours])
  }

  @Test(
    "What is held back is left out when something above it is told, and its level is named then",
    arguments: [Hold.quietHours, .digest, nil])
  func heldSuperseded(hold: Hold?) throws {
    var policy = DeliveryPolicy()
    policy.quietHours = .init(from: try #require(TimeOfDay("00:00")), to: try #require(TimeOfDay("23:59")))
    var critical = event("a", level: "100%", severity: .critical)
    critical.firing = [alertLevel("80%"), alertLevel("100%")]
    let plan = plan([notice(event("a"), hold: hold), notice(event("b"), hold: hold), notice(critical)], policy)
    #expect(plan.messages.flatMap(\.events).map(\.crossed) == [[alertLevel("80%"), alertLevel("100%")]])
    #expect(plan.dropped.map(\.reason) == [.superseded])
    #expect(plan.held.map(\.notice.event.organization?.rawValue) == ["b"])
  }

  @Test("Of levels that came one after the other, each is left out for the one that is told")
  func chain() {
    let names = ["40%", "60%", "80%", "100%"]
    let notices = names.indices.map { index in
      var event = event("a", level: names[index])
      event.firing = names[...index].map { alertLevel($0) }
      return notice(event)
    }
    let plan = plan(notices)
    #expect(plan.messages.flatMap(\.events).map(\.crossed) == [names.map { alertLevel($0) }])
    #expect(plan.dropped.map(\.newer) == Array(repeating: notices.last?.event.id, count: 3))
  }

  @Test("What is held back after something above it was told stays")
  func heldLater() throws {
    var policy = DeliveryPolicy()
    policy.quietHours = .init(from: try #require(TimeOfDay("00:00")), to: try #require(TimeOfDay("23:59")))
    let plan = plan([notice(event("a", level: "100%", severity: .critical)), notice(event("a"))], policy)
    #expect(plan.dropped.isEmpty)
    #expect(plan.held.count == 1)
  }

  @Test("A digest gathers until its time, on its days")
  func digest() throws {
    var policy = DeliveryPolicy()
    // 23 November 2026 is a Monday.
    policy.digest = .init(at: try #require(TimeOfDay("09:00")), days: [.wednesday])
    let notices = [notice(event("a"), hold: .digest), notice(event("b"), hold: .digest)]
    #expect(plan(notices, policy, at: moment("2026-11-25T08:59")).held.count == 2)
    let due = plan(notices, policy, at: moment("2026-11-25T09:00"))
    #expect(due.messages.count == 1)
    if case .group(let group)? = due.messages.first { #expect(group.occasion == .digest) }
  }
}

@Suite("Hours on the wall")
struct LocalHoursTests {
  private func quiet(_ from: String, _ to: String, _ days: Set<Weekday> = Set(Weekday.allCases)) throws
    -> DeliveryPolicy.QuietHours
  {
    .init(from: try #require(TimeOfDay(from)), to: try #require(TimeOfDay(to)), days: days)
  }

  @Test(
    "quiet hours over midnight",
    arguments: [
      ("2026-11-23T20:59", false), ("2026-11-23T21:00", true), ("2026-11-24T00:00", true),
      ("2026-11-24T05:59", true), ("2026-11-24T06:00", false),
    ])
  func midnight(time: String, isQuiet: Bool) throws {
    // 22 to 7 o'clock in Berlin, an hour ahead of UTC in winter.
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    #expect(try quiet("22:00", "07:00").contain(moment(time), in: zone) == isQuiet)
  }

  @Test(
    "the nights of a change of the clock are quiet from ten to seven on the wall",
    arguments: [
      // Forward on 29 March 2026: seven o'clock comes after eight hours.
      ("2026-03-28T20:59", false), ("2026-03-28T21:00", true), ("2026-03-29T04:59", true), ("2026-03-29T05:00", false),
      // Back on 25 October 2026: after ten.
      ("2026-10-24T20:00", true), ("2026-10-25T05:59", true), ("2026-10-25T06:00", false),
    ])
  func clockChange(time: String, isQuiet: Bool) throws {
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    #expect(try quiet("22:00", "07:00").contain(moment(time), in: zone) == isQuiet)
  }

  @Test(
    "quiet hours that begin or end in the hour that is shown twice, or not at all, are one time of quiet",
    arguments: [
      // Back on 25 October 2026: 01:00 UTC is three o'clock, which is two again.
      ("02:30", "06:00", "2026-10-25T00:29", false), ("02:30", "06:00", "2026-10-25T00:30", true),
      ("02:30", "06:00", "2026-10-25T01:05", true), ("02:30", "06:00", "2026-10-25T04:59", true),
      ("02:30", "06:00", "2026-10-25T05:00", false),
      ("22:00", "02:30", "2026-10-25T00:45", true), ("22:00", "02:30", "2026-10-25T01:29", true),
      ("22:00", "02:30", "2026-10-25T01:30", false),
      ("02:10", "02:40", "2026-10-25T00:09", false), ("02:10", "02:40", "2026-10-25T00:50", true),
      ("02:10", "02:40", "2026-10-25T01:39", true), ("02:10", "02:40", "2026-10-25T01:40", false),
      // Forward on 29 March 2026: 01:00 UTC is two o'clock, which is three.
      ("02:30", "06:00", "2026-03-29T00:59", false), ("02:30", "06:00", "2026-03-29T01:00", true),
      ("22:00", "02:30", "2026-03-29T00:59", true), ("22:00", "02:30", "2026-03-29T01:00", false),
      ("02:10", "02:40", "2026-03-29T00:59", false), ("02:10", "02:40", "2026-03-29T01:00", false),
    ])
  func clockChangeInside(from: String, to: String, time: String, isQuiet: Bool) throws {
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    #expect(try quiet(from, to).contain(moment(time), in: zone) == isQuiet)
  }

  @Test("the night after a quiet day belongs to that day")
  func days() throws {
    let friday = try quiet("22:00", "07:00", [.friday])
    #expect(friday.contain(moment("2026-11-28T03:00"), in: .gmt))
    #expect(!friday.contain(moment("2026-11-27T03:00"), in: .gmt))
    #expect(!friday.contain(moment("2026-11-28T23:00"), in: .gmt))
  }

  @Test(
    "a digest at half past two comes once on the days of a change of the clock",
    arguments: [
      // Half past two does not exist on 29 March 2026; the clock then shows half past three.
      ("2026-03-28T12:00", "2026-03-29T01:30"),
      // And exists twice on 25 October.
      ("2026-10-24T12:00", "2026-10-25T00:30"), ("2026-10-25T00:30", "2026-10-26T01:30"),
    ])
  func digest(after: String, next: String) throws {
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    let digest = DeliveryPolicy.Digest(at: try #require(TimeOfDay("02:30")))
    #expect(digest.next(after: moment(after), in: zone) == moment(next))
  }

  @Test(
    "a time of the day is written with two digits each", arguments: ["24:00", "9:00", "09:60", "09.00", "", "0900"])
  func badTimes(text: String) {
    #expect(TimeOfDay(text) == nil)
  }
}
