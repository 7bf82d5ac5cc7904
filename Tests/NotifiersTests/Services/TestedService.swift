import Foundation
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

/// A web service that a channel talks to, as far as its documentation says what it takes.
struct TestedService: Sendable, CustomTestStringConvertible {
  let kind: ChannelType
  /// The secrets that the channel uses, by variable.
  let secrets: [String: String]
  /// What must never be seen outside of a request.
  let hidden: [String]
  let channel: @Sendable (_ root: String) -> any ChannelKind
  /// The variable that holds the address, and its path: for channels whose address is a secret.
  var path: String?
  /// What the documentation does not allow about a request.
  let violations: @Sendable (ReceivedRequest) -> [String]
  /// What the service says when it has taken a message.
  let success: ScriptedAnswer
  var groups = true

  var testDescription: String { kind.rawValue }

  /// The secrets, with the address of a server.
  func secrets(at root: String) -> FixedSecrets {
    FixedSecrets(path.map { secrets.merging(["URL": root + $0]) { $1 } } ?? secrets)
  }

  func notifier(at root: String, over http: any HTTPTransport, pages: String? = nil) -> any Notifier {
    NotifierConfiguration(channel(root)).notifier(
      id: NotifierID("n"), http: http, secrets: secrets(at: root), pages: pages)
  }

  static let all = [slack, webhook, teams, discord, mattermost, pagerDuty, opsgenie, telegram, ntfy]

  private static let endpoint = WebEndpoint(url: .secret(.environment("URL")))
}

/// Collects what is wrong with a request.
struct Violations {
  private(set) var found: [String] = []

  mutating func expect(_ condition: Bool, _ what: @autoclosure () -> String) {
    if !condition { found.append(what()) }
  }

  mutating func expect(_ text: String?, _ name: String, in range: ClosedRange<Int>, _ length: (String) -> Int) {
    let count = text.map(length) ?? -1
    expect(range.contains(count), "\(name) has a length of \(count), not \(range)")
  }
}

extension ReceivedRequest {
  var json: JSONNode? { try? JSONParser.parse(body) }
}

extension JSONNode {
  var items: JSONList { if case .array(let items) = value { items } else { [] } }
  var members: [JSONMember] { if case .object(let members) = value { members } else { [] } }
  var integer: Int? { if case .number(let text) = value { Int(text) } else { nil } }
}

/// Counts as Slack, Discord and Opsgenie do.
func utf16(_ text: String) -> Int { text.utf16.count }

func basics(_ request: ReceivedRequest, path: String) -> Violations {
  var violations = Violations()
  violations.expect(request.line == "POST \(path) HTTP/1.1", request.line)
  violations.expect(request.header("content-type") == "application/json", "content type")
  violations.expect(request.json != nil, "no JSON")
  return violations
}

extension TestedService {
  static let slack = TestedService(
    kind: .slack, secrets: [:], hidden: ["B0BBBBBBB", "cccccccccccc"],
    channel: { _ in SlackChannel(endpoint: endpoint) },
    path: "/services/T0AAAAAAA/B0BBBBBBB/cccccccccccc",
    violations: { request in
      var violations = basics(request, path: "/services/T0AAAAAAA/B0BBBBBBB/cccccccccccc")
      let blocks = request.json?["blocks"]?.items ?? []
      violations.expect((1...50).contains(blocks.count), "\(blocks.count) blocks")
      for block in blocks {
        let fields = block["fields"]?.items ?? []
        violations.expect(fields.count <= 10, "fields")
        for field in fields { violations.expect(field["text"]?.string, "field", in: 1...2_000, utf16) }
        if let text = block["text"]?["text"]?.string {
          violations.expect(text, "text", in: 1...(block["type"]?.string == "header" ? 150 : 3_000), utf16)
        }
      }
      violations.expect(request.json?["text"]?.string, "text", in: 1...4_000, utf16)
      return violations.found
    }, success: .http(200, text: "ok"))

  static let webhook = TestedService(
    kind: .webhook, secrets: ["SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    hidden: ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "hook-path-secret"],
    channel: { _ in WebhookChannel(endpoint: endpoint, signingSecrets: [.environment("SECRET")]) },
    path: "/hook-path-secret",
    violations: { request in
      var violations = basics(request, path: "/hook-path-secret")
      violations.expect(request.header("webhook-id")?.hasPrefix("msg_") == true, "webhook-id")
      violations.expect(request.header("webhook-timestamp") == "1795435200", "webhook-timestamp")
      violations.expect(request.header("webhook-signature")?.hasPrefix("v1,") == true, "webhook-signature")
      violations.expect(request.json?["schema_version"]?.integer == 1, "schema_version")
      return violations.found
    }, success: .http(204))

  static let teams = TestedService(
    kind: .teams, secrets: [:], hidden: ["sig-abcdef"],
    channel: { _ in TeamsChannel(endpoint: endpoint) },
    path: "/workflows/0a1b2c/triggers/manual/paths/invoke?sig=sig-abcdef",
    violations: { request in
      var violations = basics(request, path: "/workflows/0a1b2c/triggers/manual/paths/invoke?sig=sig-abcdef")
      violations.expect(request.body.count <= 28 * 1_024, "\(request.body.count) bytes")
      violations.expect(request.json?["type"]?.string == "message", "type")
      let attachments = request.json?["attachments"]?.items ?? []
      violations.expect(attachments.count == 1, "attachments")
      violations.expect(
        attachments.first?["contentType"]?.string == "application/vnd.microsoft.card.adaptive", "contentType")
      let card = attachments.first?["content"]
      violations.expect(card?["type"]?.string == "AdaptiveCard", "card")
      violations.expect(["1.4", "1.5"].contains(card?["version"]?.string), "version")
      for element in card?["body"]?.items ?? [] {
        switch element["type"]?.string {
        case "TextBlock": violations.expect(element["text"]?.string, "text", in: 1...28_000, utf16)
        case "RichTextBlock":
          for run in element["inlines"]?.items ?? [] {
            violations.expect(run["type"]?.string == "TextRun", "run")
            violations.expect(run["text"]?.string?.contains("{{") == false, "a function in a text")
          }
        case "FactSet": violations.expect(!(element["facts"]?.items ?? []).isEmpty, "no facts")
        default: violations.expect(false, "unknown element")
        }
      }
      return violations.found
    }, success: .http(202))

  static let discord = TestedService(
    kind: .discord, secrets: [:], hidden: ["token-abcdef"],
    channel: { _ in DiscordChannel(endpoint: endpoint) }, path: "/api/webhooks/12345/token-abcdef",
    violations: { request in
      var violations = basics(request, path: "/api/webhooks/12345/token-abcdef")
      violations.expect(request.json?["allowed_mentions"]?["parse"]?.items.count == 0, "mentions")
      let embeds = request.json?["embeds"]?.items ?? []
      violations.expect((1...10).contains(embeds.count), "embeds")
      var total = 0
      for embed in embeds {
        let fields = embed["fields"]?.items ?? []
        violations.expect(fields.count <= 25, "fields")
        violations.expect(embed["title"]?.string, "title", in: 1...256, utf16)
        violations.expect(embed["description"]?.string, "description", in: 1...4_096, utf16)
        violations.expect(embed["footer"]?["text"]?.string, "footer", in: 1...2_048, utf16)
        violations.expect((0...0xFF_FF_FF).contains(embed["color"]?.integer ?? -1), "color")
        for field in fields {
          violations.expect(field["name"]?.string, "name", in: 1...256, utf16)
          violations.expect(field["value"]?.string, "value", in: 1...1_024, utf16)
        }
        let texts =
          [embed["title"], embed["description"], embed["footer"]?["text"]]
          + fields.flatMap { [$0["name"], $0["value"]] }
        total += texts.compactMap { $0?.string?.utf16.count }.reduce(0, +)
      }
      violations.expect(total <= 6_000, "\(total) characters")
      return violations.found
    }, success: .http(204))

  static let mattermost = TestedService(
    kind: .mattermost, secrets: [:], hidden: ["hookidabcdef"],
    channel: { _ in MattermostChannel(endpoint: endpoint) }, path: "/hooks/hookidabcdef",
    violations: { request in
      var violations = basics(request, path: "/hooks/hookidabcdef")
      let attachments = request.json?["attachments"]?.items ?? []
      violations.expect(attachments.count == 1, "attachments")
      for attachment in attachments {
        violations.expect(attachment["fallback"]?.string, "fallback", in: 1...2_000, \.unicodeScalars.count)
        violations.expect(attachment["text"]?.string, "text", in: 1...7_600, \.unicodeScalars.count)
      }
      violations.expect(request.body.count < 64_000, "\(request.body.count) bytes")
      return violations.found
    }, success: .http(200, text: "ok"))

  static let pagerDuty = TestedService(
    kind: .pagerduty, secrets: ["KEY": "0123456789abcdef0123456789ABCDEF"],
    hidden: ["0123456789abcdef0123456789ABCDEF"],
    channel: {
      PagerDutyChannel(endpoint: WebEndpoint(url: .text($0 + "/v2/enqueue")), routingKey: .environment("KEY"))
    },
    violations: { request in
      var violations = basics(request, path: "/v2/enqueue")
      let json = request.json
      violations.expect(json?["routing_key"]?.string?.count == 32, "routing_key")
      violations.expect(json?["dedup_key"]?.string, "dedup_key", in: 1...255, \.count)
      let action = json?["event_action"]?.string
      violations.expect(["trigger", "acknowledge", "resolve"].contains(action), "event_action")
      if action == "trigger" {
        let payload = json?["payload"]
        violations.expect(payload?["summary"]?.string, "summary", in: 1...1_024, \.unicodeScalars.count)
        violations.expect(payload?["source"]?.string, "source", in: 1...255, \.count)
        violations.expect(
          ["critical", "error", "warning", "info"].contains(payload?["severity"]?.string), "severity")
        violations.expect(request.body.count <= 512 * 1_024, "size")
      }
      return violations.found
    }, success: .http(202, text: #"{"status":"success","message":"Event processed","dedup_key":"x"}"#), groups: false)

  static let opsgenie = TestedService(
    kind: .opsgenie, secrets: ["KEY": "eb243592-faa2-4ba2-a551-1afdf565c889"],
    hidden: ["eb243592-faa2-4ba2-a551-1afdf565c889"],
    channel: { OpsgenieChannel(endpoint: WebEndpoint(url: .text($0)), apiKey: .environment("KEY")) },
    violations: { request in
      var violations = basics(request, path: request.target)
      let json = request.json
      violations.expect(
        request.header("authorization") == "GenieKey eb243592-faa2-4ba2-a551-1afdf565c889", "authorization")
      if request.target == "/v2/alerts" {
        violations.expect(json?["message"]?.string, "message", in: 1...130, utf16)
        violations.expect(json?["alias"]?.string, "alias", in: 1...512, utf16)
        violations.expect(json?["description"]?.string, "description", in: 1...15_000, utf16)
        violations.expect(["P1", "P2", "P3", "P4", "P5"].contains(json?["priority"]?.string), "priority")
        violations.expect((json?["tags"]?.items ?? []).allSatisfy { ($0.string?.count ?? 99) <= 50 }, "tags")
        let details = json?["details"]?.members.reduce(0) { $0 + $1.name.count + ($1.node.string?.utf16.count ?? 0) }
        violations.expect((details ?? .max) <= 8_000, "details")
      } else {
        let parts = request.target.split(separator: "/", omittingEmptySubsequences: true)
        violations.expect(parts.count == 4 && parts[0] == "v2" && parts[1] == "alerts", request.target)
        let actions = ["acknowledge", "close", "notes"].map { "\($0)?identifierType=alias" }
        violations.expect(actions.contains(String(parts.last ?? "")), request.target)
        violations.expect(json?["note"]?.string, "note", in: 1...25_000, utf16)
      }
      return violations.found
    }, success: .http(202, text: #"{"result":"Request will be processed","took":0.1,"requestId":"x"}"#), groups: false)

  static let telegram = TestedService(
    kind: .telegram, secrets: ["TOKEN": "123456:AAF-abcdefghijklmnop_qrstuvw"],
    hidden: ["AAF-abcdefghijklmnop_qrstuvw"],
    channel: {
      TelegramChannel(
        endpoint: WebEndpoint(url: .text($0)), token: .environment("TOKEN"), chat: "-1001234567890")
    },
    violations: { request in
      var violations = basics(request, path: "/bot123456:AAF-abcdefghijklmnop_qrstuvw/sendMessage")
      let json = request.json
      violations.expect(json?["chat_id"]?.string == "-1001234567890", "chat_id")
      violations.expect(json?["parse_mode"]?.string == "HTML", "parse_mode")
      violations.expect(json?["text"]?.string, "text", in: 1...4_096, utf16)
      // The tags that Telegram knows, closed in order, and nothing else with a bracket.
      var open: [Substring] = []
      var rest = Substring(json?["text"]?.string ?? "")
      while let start = rest.firstIndex(of: "<") {
        guard let end = rest[start...].firstIndex(of: ">") else {
          violations.expect(false, "an open bracket")
          break
        }
        let tag = rest[rest.index(after: start)..<end]
        rest = rest[rest.index(after: end)...]
        if tag.hasPrefix("/") {
          violations.expect(open.popLast() == tag.dropFirst(), "</\(tag)> closes nothing")
        } else {
          violations.expect(["b", "i", "code"].contains(tag), "<\(tag)>")
          open.append(tag)
        }
      }
      violations.expect(open.isEmpty, "open tags")
      return violations.found
    }, success: .http(200, text: #"{"ok":true,"result":{"message_id":1}}"#))

  static let ntfy = TestedService(
    kind: .ntfy, secrets: ["TOKEN": "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"],
    hidden: ["tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2", "topic-secret-x1"],
    channel: { _ in NtfyChannel(endpoint: endpoint, token: .environment("TOKEN")) },
    path: "/topic-secret-x1",
    violations: { request in
      var violations = basics(request, path: "/")
      let json = request.json
      violations.expect(request.header("authorization") == "Bearer tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2", "authorization")
      violations.expect(json?["topic"]?.string == "topic-secret-x1", "topic")
      violations.expect(json?["message"]?.string, "message", in: 1...4_096, \.utf8.count)
      violations.expect(json?["title"]?.string, "title", in: 1...1_000, \.utf8.count)
      violations.expect((1...5).contains(json?["priority"]?.integer ?? 0), "priority")
      // The server reads twice the limit of a message.
      violations.expect(request.body.count <= 8_192, "\(request.body.count) bytes")
      return violations.found
    }, success: .http(200, text: #"{"id":"x","event":"message"}"#))
}
