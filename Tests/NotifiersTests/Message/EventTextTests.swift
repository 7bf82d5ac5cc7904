import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("The words for an event")
struct EventTextTests {
  @Test(
    "say who has used how much of what",
    arguments: [
      (
        .threshold(), "Acme Corp: 82 % of pages used (2026-11)",
        "Acme Corp has used 82 % of its pages quota for 2026-11 (8,200 of 10,000)"
      ),
      (
        .threshold(used: 1_234_567, crossed: ["50%", "80%", "100%"]), "Acme Corp: 12,345 % of pages used (2026-11)",
        "Acme Corp has used 12,345 % of its pages quota for 2026-11 (1,234,567 of 10,000)"
      ),
      (
        .threshold(used: 5_200, quota: nil, crossed: ["5000"]), "Acme Corp: 5,200 pages used (2026-11)",
        "Acme Corp has used 5,200 pages in 2026-11, at or above 5,000"
      ),
      (
        .threshold(used: 5, quota: 0, crossed: ["100%"]), "Acme Corp: 5 pages used without a quota (2026-11)",
        "Acme Corp has used 5 pages in 2026-11, for which its quota is 0"
      ),
      (
        .threshold(.resolved, used: 4_900, crossed: ["50%", "80%"]),
        "Resolved: Acme Corp: below 50 % of pages (2026-11)",
        "Resolved: Acme Corp is below 50 % of its pages quota for 2026-11 (4,900 of 10,000)"
      ),
      (
        .threshold(.resolved, used: 4_900, quota: nil, crossed: ["5000"]),
        "Resolved: Acme Corp: below 5,000 pages (2026-11)",
        "Resolved: Acme Corp is below 5,000 pages in 2026-11 (4,900 used)"
      ),
      (
        .threshold(in: "2026-10"), "Acme Corp: 82 % of pages used (past month 2026-10)",
        "Late results: Acme Corp has used 82 % of its pages quota for the past month 2026-10 (8,200 of 10,000)"
      ),
      (
        .threshold(in: "2026-10", after: nil), "Acme Corp: 82 % of pages used (past month 2026-10)",
        "Acme Corp has used 82 % of its pages quota for the past month 2026-10 (8,200 of 10,000)"
      ),
      (
        .silence(.stale), "Acme Corp: not read since 2026-11-23 04:00 UTC",
        "The usage of Acme Corp has not been read since 2026-11-23 04:00 UTC, so its quota is not being watched"
      ),
      (
        .silence(.stale, after: nil), "Acme Corp: not read so far",
        "The usage of Acme Corp has not been read so far, so its quota is not being watched"
      ),
      (
        .silence(.stale, .resolved, reason: "last read at 2026-11-23T12:15:00.000Z"),
        "Resolved: Acme Corp: reading not overdue",
        "Resolved: the reading of Acme Corp is not overdue: last read at 2026-11-23 12:15 UTC"
      ),
      (
        .silence(.credential), "Acme Corp: API key rejected",
        "The vendor rejects the API key of Acme Corp, so its quota is not being watched"
      ),
      (
        .silence(.credential, .resolved), "Resolved: Acme Corp: API key accepted",
        "Resolved: the vendor accepts the API key of Acme Corp"
      ),
      (
        .test(of: NotifierID("ops"), now: moment("2026-11-23T12:00")),
        "Test: Example Organization: 82 % of pages used (2026-11)",
        "Test: Example Organization has used 82 % of its pages quota for 2026-11 (8,200 of 10,000)"
      ),
    ] as [(Event, String, String)])
  func headlines(event: Event, subject: String, headline: String) {
    let text = EventText(event)
    #expect(text.subject == subject)
    #expect(text.headline == headline)
  }

  private static func sample(_ kind: RuleType, _ transition: Event.Transition = .firing) -> Event {
    .sample(
      of: kind, RuleID("r"), severity: .warning, transition: transition, now: moment("2026-11-23T12:00"))
  }

  @Test(
    "of every kind of rule say what the matter is",
    arguments: [
      (.forecast, "heading for 119 % of pages (2026-11)", "Expected: 11,900 (11,200 to 12,700)"),
      (.spike, "3,200 pages within 24 h, usual are 900", "Usual: 900"),
      (.idle, "no usage since 2026-11-23 04:00 UTC", "Rule: r (idle, warning)"),
      (.correction, "pages corrected from 8,900 to 8,200 (2026-11)", "Corrected: 8,900 before, 8,200 now"),
      (.spend, "cost of 512.40 EUR (2026-11)", "Amount: 512.40 EUR"),
      (.duplicateKey, "same figures as example-other", "Same as: example-other"),
    ] as [(RuleType, String, String)])
  func kinds(kind: RuleType, what: String, detail: String) {
    let text = EventText(Self.sample(kind))
    #expect(text.what == what)
    #expect(text.details.map { "\($0.label): \($0.value)" }.contains(detail))
    #expect(!text.headline.hasSuffix("."))
  }

  @Test("of every kind and transition are never empty", arguments: RuleType.allCases)
  func complete(kind: RuleType) {
    for transition in Event.Transition.allCases {
      let text = EventText(Self.sample(kind, transition))
      #expect(!text.what.isEmpty && !text.headline.isEmpty)
      #expect(text.details.allSatisfy { !$0.value.isEmpty })
    }
  }

  @Test(
    "name the mark of a forecast that is not the quota", arguments: [(10_000, "within its"), (15_000, "below 15,000")])
  func mark(threshold: Int64, words: String) {
    var event = Self.sample(.forecast, .resolved)
    (event.evidence.quota, event.evidence.threshold) = (10_000, threshold)
    #expect(EventText(event).headline.contains("is expected to stay \(words) pages"))
  }

  @Test("tell of a resolution what is reached still, and what only goes back and forth")
  func stillFiring() {
    func labels(used: Int64) -> [String] {
      var event = Event.threshold(.resolved, used: used, crossed: ["80%"])
      event.firing = ["10%", "50%"].map { alertLevel($0) }
      return EventText(event).details.filter { ["Still at", "Not calm yet"].contains($0.label) }.map {
        "\($0.label): \($0.value)"
      }
    }
    #expect(labels(used: 6_000) == ["Still at: 10 % and 50 %"])
    #expect(labels(used: 4_999) == ["Still at: 10 %", "Not calm yet: 50 %"])
    #expect(labels(used: 10) == ["Not calm yet: 10 % and 50 %"])
  }

  @Test("list what a person wants to know next")
  func details() {
    let details = EventText(.threshold(crossed: ["50%", "80%"])).details.map { "\($0.label): \($0.value)" }
    #expect(
      details == [
        "Used: 8,200 of 10,000 pages", "Crossed: 50 % and 80 %",
        "When: between 2026-11-23 12:00 UTC and 2026-11-23 12:15 UTC", "Month: 7 days left",
        "Rule: pages-quota (threshold, warning)",
      ])
  }

  @Test(
    "count the days that are left",
    arguments: [
      ("2026-11-23T12:15", "7 days left"), ("2026-11-29T00:00", "2 days left"),
      ("2026-11-30T00:00", "1 day left"), ("2026-11-30T23:59", "less than a day left"),
      ("2026-12-01T00:00", "over"),
    ])
  func daysLeft(at: String, value: String) {
    #expect(EventText(.threshold(at: at)).details.first { $0.label == "Month" }?.value == value)
  }

  @Test("have their times in the zone that is asked for")
  func zones() throws {
    let zone = try #require(TimeZone(secondsFromGMT: 5 * 3_600 + 1_800))
    let text = EventText(.silence(.stale), in: zone)
    #expect(text.subject == "Acme Corp: not read since 2026-11-23 09:30 UTC+5:30")
    let when = EventText(.threshold(), in: zone).details.first { $0.label == "When" }?.value
    #expect(when == "between 2026-11-23 17:30 UTC+5:30 and 2026-11-23 17:45 UTC+5:30")
  }

  @Test("say a thing once", arguments: RuleType.allCases)
  func once(kind: RuleType) {
    for transition in Event.Transition.allCases where transition != .test {
      let text = MessageText(.event(Self.sample(kind, transition)))
      #expect(text.details.allSatisfy { detail in text.lead.map { !detail.isTold(in: $0) } ?? true })
      #expect(text.detailsBesideHeadline.allSatisfy { !$0.isTold(in: text.headline) })
    }
  }

  @Test(
    "look different for half a quota and for all of it, whatever the severity",
    arguments: [
      (Severity.info, [.info, .info, .notice]), (.warning, [.notice, .warning, .critical]),
      (.critical, [.warning, .critical, .critical]),
    ]
      as [(Severity, [Tone])])
  func tones(severity: Severity, tones: [Tone]) {
    let events = [5_000, 8_200, 10_000].map { used in
      Event.threshold(used: used, crossed: [used < 8_000 ? "50%" : used < 10_000 ? "80%" : "100%"], severity: severity)
    }
    #expect(events.map { Tone($0) } == tones)
    #expect(events.allSatisfy { EventText($0).severity == severity })
  }

  @Test("name the organization by its id if its name shows nothing", arguments: ["", " ", "\u{0}\u{7}"])
  func nameless(name: String) {
    #expect(EventText(.threshold(organizationName: name)).subject.hasPrefix("acme: "))
  }

  @Test("stay short and on one line, whatever the name", arguments: Hostile.names)
  func hostile(name: String) {
    for event in [Event.threshold(organizationName: name, reason: name), .silence(.stale, organizationName: name)] {
      let text = EventText(event)
      for line in [text.subject, text.headline] + text.details.map(\.value) {
        #expect(line.unicodeScalars.count <= 600)
        #expect(
          !line.unicodeScalars.contains { $0.properties.generalCategory == .control || $0.properties.isBidiControl })
      }
    }
  }
}

@Suite("Numbers and bars in messages")
struct MessageFormatTests {
  @Test(
    "A bar has one width and is full only at 100 %",
    arguments: [(0, 0), (4, 0), (5, 1), (82, 16), (99, 19), (100, 20), (900, 20), (-5, 0)])
  func bars(percent: Int64, filled: Int) {
    let bar = MessageFormat.bar(percent: percent)
    #expect(bar.count == 20)
    #expect(bar.filter { $0 == "█" }.count == filled)
  }

  @Test("Levels", arguments: [("80%", "80 %"), ("99.5%", "99.5 %"), ("5000", "5,000")])
  func levels(level: String, text: String) {
    #expect(MessageFormat.level(alertLevel(level)) == text)
  }
}
