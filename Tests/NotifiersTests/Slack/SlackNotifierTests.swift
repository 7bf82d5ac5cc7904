import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("A message to Slack")
struct SlackMessageTests {
  private func message(_ event: Event) throws -> JSONNode {
    try JSONParser.parse(try SlackMessage(MessageText(.event(event))).bytes)
  }

  /// Every text object of a message, with its type.
  private func texts(_ node: JSONNode) -> [(type: String, text: String)] {
    switch node.value {
    case .object(let members):
      let own = node["type"]?.string.flatMap { type in node["text"]?.string.map { (type, $0) } }
      return (own.map { [$0] } ?? []) + members.flatMap { texts($0.node) }
    case .array(let items): return items.flatMap(texts)
    default: return []
    }
  }

  @Test("shows at a glance who has used how much, when, and how many days are left")
  func glance() throws {
    let message = try message(.threshold(crossed: ["50%", "80%"]))
    #expect(
      message["text"]?.string == "🟠 Acme Corp has used 82 % of its pages quota for 2026-11 (8,200 of 10,000)")
    #expect(
      texts(message).map(\.text) == [
        "🟠 Acme Corp: 82 % of pages used (2026-11)",
        "`████████████████░░░░`",
        "*Used*\n8,200 of 10,000 pages",
        "*Crossed*\n50 % and 80 %",
        "*When*\nbetween <!date^1795435200^{date_short_pretty} {time}|2026-11-23 12:00 UTC> and "
          + "<!date^1795436100^{date_short_pretty} {time}|2026-11-23 12:15 UTC>",
        "*Month*\n7 days left",
        "Rule: pages-quota (threshold, warning)",
        "quotawatch · pages-quota/acme/2026-11/pages/80%/firing/1",
      ])
  }

  @Test(
    "differs in its symbol by what has happened",
    arguments: [
      (.threshold(severity: .info), "🔵"), (.threshold(), "🟠"), (.threshold(severity: .critical), "🔴"),
      (.threshold(.resolved), "✅"), (.test(of: NotifierID("ops"), now: moment("2026-11-23T12:00")), "🧪"),
    ] as [(Event, String)])
  func symbols(event: Event, symbol: String) throws {
    #expect(try message(event)["text"]?.string?.hasPrefix(symbol) == true)
  }

  @Test("that is a test says so")
  func marked() throws {
    let message = try message(.test(of: NotifierID("ops"), now: moment("2026-11-23T12:00")))
    #expect(message["text"]?.string?.contains("Test: ") == true)
    #expect(texts(message).first?.text.contains("Test: ") == true)
    #expect(texts(message).contains { $0.text.contains("the figures are made up") })
  }

  @Test("has no empty block for an event without figures", arguments: [RuleType.stale, .credential])
  func figureless(kind: RuleType) throws {
    let texts = texts(try message(.silence(kind)))
    #expect(texts.allSatisfy { !$0.text.isEmpty })
    #expect(!texts.contains { $0.text.contains("░") })
  }

  @Test("mentions nobody and formats nothing that others have written", arguments: Hostile.names)
  func hostile(name: String) throws {
    for event in [
      Event.threshold(organizationName: name, reason: name),
      .silence(.credential, organizationName: name, reason: name),
    ] {
      let message = try message(event)
      #expect(message["mrkdwn"]?.value == .boolean(false))
      for (type, text) in texts(message) + [("plain_text", message["text"]?.string ?? "")] {
        if type == "mrkdwn" {
          // Our own words only: the labels, the figures, the dates.
          let marked = ["*Used*", "*Crossed*", "*When*", "*Month*", "*Last read*", "*Seen*", "`"]
          #expect(marked.contains { text.hasPrefix($0) })
        } else {
          #expect(!text.contains("<") && !text.contains(">"))
          let entities = ["&amp;", "&lt;", "&gt;"].reduce(text) { $0.replacing($1, with: "") }
          #expect(!entities.contains("&"))
        }
      }
    }
  }

  @Test("stays within the lengths that Slack takes", arguments: Hostile.names)
  func lengths(name: String) throws {
    let message = try message(.threshold(organizationName: name, reason: String(repeating: "<", count: 9_000)))
    guard case .array(let blocks) = message["blocks"]?.value else {
      Issue.record("no blocks")
      return
    }
    #expect((1...50).contains(blocks.count))
    for block in blocks {
      switch block["type"]?.string {
      case "header": #expect((block["text"]?["text"]?.string?.utf16.count ?? .max) <= 150)
      case "section":
        #expect((block["text"]?["text"]?.string?.utf16.count ?? 0) <= 3_000)
        guard case .array(let fields) = block["fields"]?.value else { continue }
        #expect((1...10).contains(fields.count))
        #expect(fields.allSatisfy { ($0["text"]?.string?.utf16.count ?? .max) <= 2_000 })
      default: #expect(block["type"]?.string == "context")
      }
    }
  }
}

@Suite("Sending to Slack")
struct SlackNotifierTests {
  private static let url = "https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/cccccccccccccccccccccccc"

  private func notifier(_ http: FakeHTTPTransport, url: String = Self.url) -> any Notifier {
    NotifierConfiguration(SlackChannel(endpoint: WebEndpoint(url: .secret(.environment("URL")))))
      .notifier(
        id: NotifierID("ops"), http: http, mail: FakeMailTransport(), secrets: FixedSecrets(["URL": url]))
  }

  private func send(_ http: FakeHTTPTransport, url: String = Self.url) async -> SendOutcome {
    await notifier(http, url: url).send([1, 2], id: MessageID(rawValue: "e"), now: moment("2026-11-23T12:00"))
  }

  @Test("posts the composed bytes and takes Slack's ok")
  func delivered() async {
    let http = FakeHTTPTransport(status: 200, body: "ok")
    #expect(await send(http) == .delivered(answer: "HTTP 200: ok"))
    let request = http.requests.first
    #expect(request?.method == .post)
    #expect(request?.url.reveal() == Self.url)
    #expect(request?.body == [1, 2])
    #expect(request?.header("content-type") == "application/json")
  }

  @Test("keeps to one message a second and obeys Retry-After")
  func pace() async {
    #expect(notifier(FakeHTTPTransport(status: 200)).pace == 1)
    let http = FakeHTTPTransport(status: 429, body: "rate_limited", headers: [("retry-after", "7")])
    #expect(await send(http) == .retryable(reason: "HTTP 429: rate_limited", retryAfter: .seconds(7)))
  }

  @Test("does not repeat the address, not even a part of it", arguments: [200, 404, 410])
  func secrecy(status: Int) async {
    let http = FakeHTTPTransport(
      status: status, body: "POST /services/T0AAAAAAA/B0BBBBBBB/cccccccccccccccccccccccc of \(Self.url): no_service")
    let outcome = "\(await send(http))"
    #expect(outcome.contains("no_service"))
    for part in ["T0AAAAAAA", "B0BBBBBBB", "cccccccc"] { #expect(!outcome.contains(part)) }
  }

  @Test(
    "does not send to an address that is none",
    arguments: [
      "http://hooks.slack.com/x", "hooks.slack.com/x", "https://user:pass@hooks.slack.com/x", "https://a b/", "",
      "https://a/\r\nX-Y: z",
    ])
  func badAddress(url: String) async {
    let http = FakeHTTPTransport(status: 200)
    guard case .retryable(let reason, nil) = await send(http, url: url) else {
      Issue.record("sent")
      return
    }
    #expect(reason.hasPrefix("the address in environment variable URL cannot be used: "))
    #expect(http.requests.isEmpty)
  }
}
