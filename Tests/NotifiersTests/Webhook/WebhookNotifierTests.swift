import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("Sending a webhook")
struct WebhookNotifierTests {
  private static let first = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  private static let second = "whsec_c2Vjb25kLXNlY3JldC1mb3ItdGhlLXJvdGF0aW9u"
  private let now = moment("2026-11-23T12:00")

  private func notifier(
    _ http: FakeHTTPTransport, signingSecrets: [String] = [Self.first], headers: [String: String] = [:],
    url: TextOrSecret = .text("https://hooks.example.com/quota")
  ) -> any Notifier {
    var texts = ["URL": "https://hooks.example.com/secret-part"]
    for (index, secret) in signingSecrets.enumerated() { texts["SECRET\(index)"] = secret }
    for (name, value) in headers { texts["HEADER-\(name)"] = value }
    return NotifierConfiguration(
      WebhookChannel(
        endpoint: WebEndpoint(url: url, caFile: "/etc/ca.pem"),
        signingSecrets: signingSecrets.indices.map { .environment("SECRET\($0)") },
        headers: Dictionary(uniqueKeysWithValues: headers.keys.map { ($0, .environment("HEADER-\($0)")) }))
    ).notifier(id: NotifierID("hook"), http: http, mail: FakeMailTransport(), secrets: FixedSecrets(texts))
  }

  private func send(_ notifier: any Notifier, at time: Date? = nil) async -> SendOutcome {
    await notifier.send(Array("{}".utf8), id: MessageID(Event.threshold().id), now: time ?? now)
  }

  @Test("posts the bytes with the three headers of Standard Webhooks")
  func headers() async throws {
    let http = FakeHTTPTransport(status: 204)
    #expect(await send(notifier(http)) == .delivered(answer: "HTTP 204"))
    let request = try #require(http.requests.first)
    #expect(request.method == .post)
    #expect(request.body == Array("{}".utf8))
    #expect(request.caFile == "/etc/ca.pem")
    #expect(request.header("content-type") == "application/json")
    #expect(request.header("webhook-id") == WebhookSignature.messageID(for: MessageID(Event.threshold().id)))
    #expect(request.header("webhook-timestamp") == "1795435200")
    #expect(request.header("webhook-signature")?.hasPrefix("v1,") == true)
  }

  @Test("keeps the id in every attempt and renews the timestamp and the signature")
  func attempts() async {
    let http = FakeHTTPTransport(status: 500)
    _ = await send(notifier(http))
    _ = await send(notifier(http), at: now + .minutes(5))
    let requests = http.requests
    #expect(requests[0].header("webhook-id") == requests[1].header("webhook-id"))
    #expect(requests[1].header("webhook-timestamp") == "1795435500")
    #expect(requests[0].header("webhook-signature") != requests[1].header("webhook-signature"))
    #expect(requests[0].body == requests[1].body)
  }

  @Test("signs with both secrets while one replaces the other")
  func rotation() async throws {
    let both = FakeHTTPTransport(status: 200)
    let old = FakeHTTPTransport(status: 200)
    let new = FakeHTTPTransport(status: 200)
    _ = await send(notifier(both, signingSecrets: [Self.first, Self.second]))
    _ = await send(notifier(old, signingSecrets: [Self.first]))
    _ = await send(notifier(new, signingSecrets: [Self.second]))
    let expected = [old, new].compactMap { $0.requests.first?.header("webhook-signature") }.joined(separator: " ")
    #expect(both.requests.first?.header("webhook-signature") == expected)
    #expect(expected.split(separator: " ").count == 2)
  }

  @Test("adds headers from secrets")
  func extraHeaders() async {
    let http = FakeHTTPTransport(status: 200)
    _ = await send(notifier(http, headers: ["Authorization": "Bearer abc123xyz"]))
    #expect(http.requests.first?.header("Authorization") == "Bearer abc123xyz")
  }

  @Test(
    "takes any 2xx, gives up at 410, and tries everything else again",
    arguments: [
      (200, "delivered"), (299, "delivered"), (410, "dead"), (301, "retryable"), (400, "retryable"),
      (401, "retryable"), (404, "retryable"), (429, "retryable"), (500, "retryable"), (100, "retryable"),
    ])
  func statuses(status: Int, kind: String) async {
    let outcome = await send(notifier(FakeHTTPTransport(status: status, body: "said\r\nso")))
    switch outcome {
    case .delivered(let answer, _): #expect(kind == "delivered" && answer == "HTTP \(status): said so")
    case .channelDead(let reason): #expect(kind == "dead" && reason.hasPrefix("HTTP \(status): said so"))
    case .retryable(let reason, _): #expect(kind == "retryable" && reason.hasPrefix("HTTP \(status): said so"))
    case .rejected, .unknown, .deferred: Issue.record("\(outcome)")
    }
  }

  @Test("passes the other side's retry-after on, up to a day")
  func retryAfter() async {
    let http = FakeHTTPTransport(status: 503, headers: [("retry-after", "7200")])
    #expect(await send(notifier(http)) == .retryable(reason: "HTTP 503", retryAfter: .hours(2)))
    let date = FakeHTTPTransport(status: 503, headers: [("retry-after", "Mon, 23 Nov 2026 12:01:00 GMT")])
    #expect(await send(notifier(date)) == .retryable(reason: "HTTP 503", retryAfter: .minutes(1)))
  }

  @Test(
    "tries again after a failure of the network",
    arguments: [TransportError.unreachable("no route"), .tls("expired"), .refused("no")])
  func network(error: TransportError) async {
    let outcome = await send(notifier(FakeHTTPTransport(.failure(error))))
    #expect(outcome == .retryable(reason: error.message))
  }

  @Test(
    "does not know of a message whether it has arrived when the answer is missing",
    arguments: [TransportError.timeout("after 15 s"), .disconnected("reset"), .protocolViolation("no HTTP")])
  func unknown(error: TransportError) async {
    let outcome = await send(notifier(FakeHTTPTransport(.failure(error))))
    #expect(outcome == .unknown(reason: error.message))
  }

  @Test("repeats no secret of its own from the answer", arguments: [200, 400, 410])
  func secrecy(status: Int) async {
    let echo = "\(Self.first) abc123xyz https://hooks.example.com/secret-part end"
    let http = FakeHTTPTransport(status: status, body: echo)
    let notifier = notifier(http, headers: ["X-Key": "Token abc123xyz"], url: .secret(.environment("URL")))
    let outcome = "\(await send(notifier))"
    #expect(outcome.contains("end"))
    for secret in [Self.first, "abc123xyz", "secret-part"] { #expect(!outcome.contains(secret)) }
  }

  @Test("repeats neither the login of a header nor its password", arguments: ["Basic", "basic"])
  func login(scheme: String) async {
    let encoded = Data("hooks:pass:word-7".utf8).base64EncodedString()
    for echo in [encoded, "hooks:pass:word-7", "PASS:WORD-7"] {
      let http = FakeHTTPTransport(status: 401, body: "no such login: \(echo) end")
      let outcome = "\(await send(notifier(http, headers: ["Authorization": "\(scheme) \(encoded)"])))"
      #expect(outcome.contains("no such login: ‹secret› end") || outcome.contains("no such login: hooks:‹secret› end"))
    }
  }

  @Test(
    "does not send with a secret that cannot sign, and says what one looks like",
    arguments: [
      "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64!", "whsec_c2hvcnQ=",
      "whsec_" + Data(repeating: 1, count: 23).base64EncodedString(),
      "whsec_" + Data(repeating: 1, count: 65).base64EncodedString(), "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ])
  func malformedSecret(secret: String) async {
    let http = FakeHTTPTransport(status: 200)
    guard case .retryable(let reason, nil) = await send(notifier(http, signingSecrets: [secret])) else {
      Issue.record("sent")
      return
    }
    #expect(reason.hasPrefix("environment variable SECRET0 is not a signing secret: expected \"whsec_\""))
    #expect(http.requests.isEmpty)
  }

  @Test("names the secret that cannot be had")
  func missingSecret() async {
    let http = FakeHTTPTransport(status: 200)
    let configuration = NotifierConfiguration(
      WebhookChannel(
        endpoint: WebEndpoint(url: .text("https://hooks.example.com")), signingSecrets: [.environment("NONE")]))
    let notifier = configuration.notifier(
      id: NotifierID("hook"), http: http, mail: FakeMailTransport(), secrets: FixedSecrets())
    #expect(await send(notifier) == .retryable(reason: "environment variable NONE is not set"))
    #expect(await configuration.problem(fetching: FixedSecrets()) == "environment variable NONE is not set")
    #expect(await configuration.problem(fetching: FixedSecrets(["NONE": Self.first])) == nil)
  }
}
