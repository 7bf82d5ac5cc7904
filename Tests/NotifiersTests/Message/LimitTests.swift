import CurlTransport
import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

/// Texts that grow where they are escaped or encoded, or that a limit cuts in an awkward place.
private enum Lengthy {
  static let texts = [
    String(repeating: "a", count: 2_010), String(repeating: "&", count: 2_010), String(repeating: "<", count: 2_010),
    String(repeating: "\"", count: 2_010), String(repeating: "\\", count: 2_010), String(repeating: "😀", count: 2_010),
    String(repeating: "👩‍👩‍👧‍👦", count: 402), String(repeating: "_*", count: 1_005), String(repeating: "@:", count: 1_005),
    String(repeating: "\u{1}", count: 2_010), String(repeating: "e\u{301}", count: 1_005),
    String(repeating: "{{", count: 1_005), String(repeating: "www.", count: 503), String(repeating: "“", count: 2_010),
  ]

  /// An event of which everything is known that can be, each as long as it may be.
  static func event(_ text: String, _ transition: Event.Transition = .firing, levels: Int = 600) -> Event {
    var event = Event.threshold(
      transition, used: .max, quota: .max, organizationName: text, severity: .critical, reason: text)
    event.organization = OrganizationID(String(repeating: "o", count: 64))
    event.rule = RuleID(String(repeating: "r", count: 64))
    event.crossed = (0..<levels).map { .count(1_000_000_000_000 + Int64($0)) }
    event.firing = event.crossed
    event.flapping = Flapping(count: .max, since: moment("2026-11-23T10:00"))
    event.acknowledgement = Acknowledgement(
      by: text, at: moment("2026-11-23T12:00"), until: moment("2026-11-24T12:00"), note: text)
    event.evidence.projected = .max
    (event.evidence.projectedLow, event.evidence.projectedHigh) = (.max, .max)
    event.evidence.exhaustedFrom = moment("2026-11-24T12:00")
    event.evidence.exhaustedTo = moment("2026-11-25T12:00")
    event.evidence.dailyAllowance = .max
    (event.evidence.windowSeconds, event.evidence.baseline, event.evidence.before) = (1, .max, .max)
    event.evidence.otherOrganization = event.organization
    (event.evidence.amount, event.evidence.currency) = (String(repeating: "9", count: 40), "EUR")
    return event
  }

  /// Events of which every tenth has such a text.
  static func events(_ count: Int) -> [Event] {
    (0..<count).map { index in
      var event = event(index % 10 == 0 ? texts[index / 10 % texts.count] : "Acme Corp", levels: 3)
      event.id = EventID(rawValue: "pages-quota/org\(index)/2026-11/pages/80%/firing/1")
      return event
    }
  }
}

@Suite("A message of any length", .timeLimit(.minutes(5)))
struct LimitTests {
  private let now = moment("2026-11-23T12:00")

  private func violations(of message: Message, for service: TestedService) async throws -> [String] {
    let server = try ScriptedServer(service.success)
    let http = try CurlTransport(userAgent: "quotawatch/test")
    let notifier = service.notifier(at: "http://127.0.0.1:\(server.port)", over: http)
    var violations: [String] = []
    for (message, payload) in try notifier.composed(message) {
      guard case .delivered = await notifier.send(payload, id: message.id, now: now) else { return ["not delivered"] }
      violations += server.log.requests.last.map(service.violations) ?? ["no request"]
    }
    return violations
  }

  @Test("with everything that can be known fits whatever the texts", arguments: TestedService.all, Lengthy.texts)
  func single(service: TestedService, text: String) async throws {
    for transition in [Event.Transition.firing, .resolved, .acknowledged, .reminder] {
      #expect(try await violations(of: .event(Lengthy.event(text, transition)), for: service) == [])
    }
  }

  @Test("about two thousand events fits", arguments: TestedService.all.filter(\.groups))
  func thousands(service: TestedService) async throws {
    #expect(try await violations(of: Groups.message(Lengthy.events(2_000)), for: service) == [])
  }

  private func notifier(_ template: String? = nil) throws -> any Notifier {
    let fields = WebhookChannel.templateFields
    let base = WebhookChannel(
      endpoint: WebEndpoint(url: .text("https://example.com")), signingSecrets: [.environment("SECRET")]
    ).notifier(
      id: NotifierID("hook"),
      by: Means(
        http: FakeHTTPTransport(), mail: FakeMailTransport(), programs: FakeProgramRunner(), secrets: FixedSecrets()))
    guard let template else { return base }
    let (decoded, _) = try decodeConfiguration("{\"body\": \"\(MessageJSON.escaped(template))\"}") {
      $0.decoded(as: MessageTemplate.shape(fields))
    }
    return try TemplatedNotifier(base, try #require(decoded), fields: fields, warn: { _ in })
  }

  @Test("for a webhook is told in parts of at most 20 KB, each event once, in their order")
  func parts() throws {
    let whole = Groups.message(Lengthy.events(2_000))
    let parts = try notifier().composed(whole)
    #expect(parts.count > 2)
    #expect(parts.allSatisfy { $0.payload.count <= 20_000 })
    #expect(parts.flatMap(\.message.events).map(\.id) == whole.events.map(\.id))
    #expect(Set(parts.map(\.message.id)).count == parts.count)
    for (index, part) in parts.enumerated() {
      let body = try JSONParser.parse(part.payload)
      #expect(body["data"]?["part"]?.integer == index + 1)
      #expect(body["data"]?["parts"]?.integer == parts.count)
      #expect(body["data"]?["count"]?.integer == part.message.events.count)
      #expect(body["data"]?["events"]?.items.count == part.message.events.count)
    }
  }

  @Test("that fits is told as a whole, and says nothing of parts")
  func whole() throws {
    let parts = try notifier().composed(Groups.message())
    #expect(parts.count == 1)
    #expect(parts.first?.message == Groups.message())
    #expect(try JSONParser.parse(parts.first?.payload ?? [])["data"]?["part"] == nil)
  }

  @Test("of a template is told in parts too, and in the built-in words where not even one event fits")
  func templates() throws {
    let long = String(repeating: "x", count: 1_000)
    let each = "[{{#events}}\"{{organization_name}} \(long)\",{{/events}}null]"
    let parts = try notifier(each).composed(Groups.message(Lengthy.events(100)))
    #expect(parts.allSatisfy { $0.payload.count <= 20_000 && $0.payload.starts(with: Array("[\"".utf8)) })
    #expect(parts.flatMap(\.message.events).count == 100)
    let endless = "\"\(String(repeating: "x", count: 30_000))\""
    let builtIn = try notifier(endless).composed(Groups.message(Groups.three))
    #expect(builtIn.map(\.message.events.count) == [1, 1, 1])
    #expect(builtIn.allSatisfy { $0.payload.count <= 20_000 })
  }

  @Test("keeps a Slack field within 2,000 characters together with its label")
  func slackField() throws {
    var event = Event.threshold()
    event.evidence.amount = String(repeating: "9", count: 1_995)
    let message = try JSONParser.parse(try SlackMessage(MessageText(.event(event))).bytes)
    let fields = (message["blocks"]?.items ?? []).flatMap { $0["fields"]?.items ?? [] }.compactMap {
      $0["text"]?.string
    }
    #expect(fields.contains { $0.hasPrefix("*Amount*\n999") && $0.hasSuffix("…") })
    #expect(fields.allSatisfy { $0.utf16.count <= 2_000 })
  }

  @Test("leaves out no detail because there are more than ten fields")
  func manyFields() throws {
    let text = MessageText(.event(Lengthy.event("Acme", .resolved)))
    let message = try JSONParser.parse(try SlackMessage(text).bytes)
    let fields = (message["blocks"]?.items ?? []).flatMap { $0["fields"]?.items ?? [] }
    #expect(fields.count == text.details.count { !$0.isForeign })
    #expect(fields.count > 10)
  }
}
