import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

/// Groups of events for tests.
enum Groups {
  /// Acme at 82 % of 10,000 pages (warning), Globex at 104 % (critical), Initech resolved.
  static let three: [Event] = [
    named("Acme Corp", "acme", .threshold()),
    named("Globex", "globex", .threshold(used: 10_400, crossed: ["100%"], severity: .critical)),
    named("Initech", "initech", .threshold(.resolved, used: 4_900, crossed: ["50%"])),
  ]

  static func message(_ events: [Event] = three, occasion: EventGroup.Occasion = .run) -> Message {
    guard let group = EventGroup(events, occasion: occasion, composedAt: moment("2026-11-23T12:16")) else {
      preconditionFailure("a group without events")
    }
    return .group(group)
  }

  /// So many events with long and hostile names.
  static func many(_ count: Int) -> Message {
    message(
      (0..<count).map { named(Hostile.names[$0 % Hostile.names.count], "org\($0)", .threshold(severity: .critical)) })
  }

  private static func named(_ name: String, _ id: String, _ event: Event) -> Event {
    var event = event
    event.organization = OrganizationID(id)
    event.organizationName = name
    event.id = EventID(rawValue: event.id.rawValue.replacing("/acme/", with: "/\(id)/"))
    return event
  }
}

@Suite("A message that tells several events")
struct GroupTests {
  @Test(
    "says how many of what, and why they come together",
    arguments: [
      (
        .run, "3 alerts: 1 critical, 1 warning, 1 resolved",
        "3 alerts came up in one run: 1 critical, 1 warning, 1 resolved"
      ),
      (
        .digest, "Digest: 3 alerts: 1 critical, 1 warning, 1 resolved",
        "3 alerts since the last digest: 1 critical, 1 warning, 1 resolved"
      ),
      (
        .caughtUp, "Caught up: 3 alerts: 1 critical, 1 warning, 1 resolved",
        "3 alerts came up while messages were held back: 1 critical, 1 warning, 1 resolved"
      ),
      (
        .overflow, "3 alerts more: 1 critical, 1 warning, 1 resolved",
        "More messages were due than one run sends here, so the other 3 alerts come in one: "
          + "1 critical, 1 warning, 1 resolved"
      ),
      (
        .restored, "Possibly a repetition: 3 alerts: 1 critical, 1 warning, 1 resolved",
        "Possibly a repetition: a backup was restored, which does not know whether 3 alerts were told: 1 critical, 1 warning, "
          + "1 resolved"
      ),
    ] as [(EventGroup.Occasion, String, String)])
  func headlines(occasion: EventGroup.Occasion, subject: String, headline: String) {
    let text = MessageText(Groups.message(occasion: occasion))
    #expect(text.subject == subject)
    #expect(text.headline == headline)
  }

  @Test("after a backup was restored says once that all may be repetitions, and an event alone says it itself")
  func repetition() throws {
    var event = Event.threshold()
    event.possibleRepetitionSince = moment("2026-11-23T03:17")
    let alone = MessageText(.event(event))
    #expect(alone.subject == "Possibly a repetition: Acme Corp: 82 % of pages used (2026-11)")
    #expect(alone.headline.hasPrefix("Possibly a repetition: "))
    #expect(alone.details.contains { $0.label == "Restored" && $0.value.contains("2026-11-23 03:17") })
    let group = MessageText(Groups.message([event, event], occasion: .restored))
    #expect(group.rows.map(\.subject) == Array(repeating: "Acme Corp: 82 % of pages used (2026-11)", count: 2))
    let body = try JSONParser.parse(try MessageBody(.event(event)).bytes)
    #expect(body["data"]?["possible_repetition_since"]?.string == "2026-11-23T03:17:00.000Z")
  }

  @Test("of one event is in the singular and says what it is")
  func one() {
    let text = MessageText(Groups.message([.threshold()], occasion: .digest))
    #expect(text.subject == "Digest: 1 alert: Acme Corp: 82 % of pages used (2026-11)")
    #expect(text.headline == "1 alert since the last digest: 1 warning")
  }

  @Test("lists the most urgent first")
  func ranked() {
    let rows = RankedRows(MessageText(Groups.message()).rows, room: 10_000).lines(length: \.utf16.count)
    #expect(
      rows == [
        "1. 🔴 Globex: 104 % of pages used (2026-11), 10,400 of 10,000 pages",
        "2. 🟠 Acme Corp: 82 % of pages used (2026-11), 8,200 of 10,000 pages",
        "3. ✅ Resolved: Initech: below 50 % of pages (2026-11), 4,900 of 10,000 pages",
      ])
  }

  @Test("says how many there was no room for", arguments: [0, 41, 200, 5_000, 100_000])
  func room(room: Int) {
    let rows = RankedRows(MessageText(Groups.many(150)).rows, room: room).lines(length: \.utf16.count)
    #expect(rows.reduce(0) { $0 + $1.utf16.count + 1 } <= max(room, 41))
    #expect(rows.last == "… and \(150 - (rows.count - 1)) more")
    #expect(rows.count <= 101)
  }

  @Test("is a table in an e-mail")
  func table() throws {
    let body = try EmailBody(MessageText(Groups.message()), from: Mailbox(address: "q@example.com"))
    #expect(body.subject == "[quotawatch] 3 alerts: 1 critical, 1 warning, 1 resolved")
    #expect(
      body.text == """
        3 alerts came up in one run: 1 critical, 1 warning, 1 resolved.

        #  Severity  Organization  What                           Used
        1  critical  Globex        104 % of pages used (2026-11)  10,400 of 10,000 pages
        2  warning   Acme Corp     82 % of pages used (2026-11)   8,200 of 10,000 pages
        3  resolved  Initech       below 50 % of pages (2026-11)  4,900 of 10,000 pages

        --\(" ")
        quotawatch
        event pages-quota/acme/2026-11/pages/80%/firing/1+2

        """)
    #expect(
      body.html.contains("<strong>Globex</strong><br>104 % of pages used (2026-11)<br>")
        && body.html.contains(">🔴 critical</td>"))
  }

  @Test("is harmless in an e-mail whatever the names, and says how many are left out")
  func hostileEmail() throws {
    let body = try EmailBody(MessageText(Groups.many(620)), from: Mailbox(address: "q@example.com"))
    #expect(body.text.contains("\n… and 120 more\n"))
    #expect(!body.html.contains("<script") && !body.html.contains("<img"))
    #expect(!body.text.contains("\nBcc:"))
  }

  @Test("keeps within what Slack takes, whatever the names", arguments: [1, 3, 60, 5_000])
  func slack(count: Int) throws {
    let message = try JSONParser.parse(try SlackMessage(MessageText(Groups.many(count))).bytes)
    guard case .array(let blocks) = message["blocks"]?.value else {
      Issue.record("no blocks")
      return
    }
    #expect((3...50).contains(blocks.count))
    let texts = blocks.compactMap { $0["text"]?["text"]?.string }
    #expect(texts.allSatisfy { !$0.isEmpty && $0.utf16.count <= 3_000 })
    #expect(texts.contains { $0.contains("more") } == (count > 60))
    #expect(blocks.count(where: { $0["type"]?.string == "table" }) == 1)
  }

  @Test("is a table in Slack, with a row for each organization")
  func slackTable() throws {
    var second = Groups.three[0]
    second.metric = .conversions
    let message = try JSONParser.parse(try SlackMessage(MessageText(Groups.message(Groups.three + [second]))).bytes)
    let table = message["blocks"]?.items.first { $0["type"]?.string == "table" }
    let rows = table?["rows"]?.items.map { $0.items.map { $0["text"]?.string ?? "" } } ?? []
    #expect(
      rows == [
        ["State", "Organization", "What", "Used"],
        ["🔴 critical", "Globex", "104 % of pages used (2026-11)", "10,400 of 10,000 pages"],
        [
          "🟠 warning", "Acme Corp", "82 % of conversions used (2026-11); 82 % of pages used (2026-11)",
          "8,200 of 10,000 conversions; 8,200 of 10,000 pages",
        ],
        ["✅ resolved", "Initech", "below 50 % of pages (2026-11)", "4,900 of 10,000 pages"],
      ])
  }

  @Test("keeps its table within what Slack takes", arguments: [1, 99, 100, 5_000])
  func slackRows(count: Int) throws {
    let table = SlackTable(MessageText(Groups.many(count)).rows)
    #expect((2...100).contains(table.rows.count))
    #expect(table.rows.joined().reduce(0) { $0 + $1.utf16.count } <= 10_000)
    #expect(table.rows.joined().allSatisfy { !$0.isEmpty && !$0.contains("<") && !$0.contains("&") })
    #expect((table.leftOut == nil) == (table.rows.count == count + 1))
  }

  @Test("holds every event's whole body for programs")
  func body() throws {
    let body = try JSONParser.parse(try MessageBody(Groups.message(occasion: .digest)).bytes)
    #expect(body["type"]?.string == "alert.group")
    #expect(body["timestamp"]?.string == "2026-11-23T12:16:00.000Z")
    #expect(body["data"]?["occasion"]?.string == "digest")
    #expect(body["data"]?["severity"]?.string == "critical")
    #expect(body["data"]?["count"]?.value == .number("3"))
    guard case .array(let events) = body["data"]?["events"]?.value else {
      Issue.record("no events")
      return
    }
    let single = try JSONParser.parse(try MessageBody(.event(Groups.three[1])).bytes)
    #expect(events.map { $0["data"]?["organization"]?["id"]?.string } == ["globex", "acme", "initech"])
    #expect(events.first.map { "\($0.value)".isEmpty } == false)
    #expect(events.first?["type"]?.string == single["type"]?.string)
    #expect(events.first?["data"]?["event_id"]?.string == single["data"]?["event_id"]?.string)
  }
}
