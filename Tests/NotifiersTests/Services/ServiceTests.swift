import CurlTransport
import Foundation
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("Every service", .timeLimit(.minutes(5)))
struct ServiceTests {
  /// The real transport, with less patience.
  private struct Impatient: HTTPTransport {
    let base: CurlTransport

    init() throws { base = try CurlTransport(userAgent: "quotawatch/test") }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
      var request = request
      request.timeout = .seconds(1)
      return try await base.send(request)
    }
  }

  private let now = moment("2026-11-23T12:00")

  private static func events(_ name: String) -> [Event] {
    var acknowledged = Event.threshold(.acknowledged, organizationName: name, reason: name)
    acknowledged.acknowledgement = Acknowledgement(by: name, at: moment("2026-11-23T12:00"), until: nil, note: name)
    var partly = Event.threshold(.resolved, used: 6_000, crossed: ["80%"], organizationName: name)
    partly.firing = [alertLevel("50%")]
    var flapping = Event.threshold(.reminder, organizationName: name, severity: .critical)
    flapping.flapping = Flapping(count: 4, since: moment("2026-11-23T10:00"))
    var breaker = Event.silence(.stale, reason: name)
    breaker.topic = .breaker
    (breaker.organization, breaker.organizationName) = (nil, "")
    return [
      .threshold(organizationName: name, reason: name), .threshold(.resolved, organizationName: name), acknowledged,
      partly,
      flapping, breaker, .silence(.credential, organizationName: name, reason: String(repeating: name, count: 50)),
      .test(of: NotifierID("n"), now: moment("2026-11-23T12:00")),
    ]
  }

  private func send(_ message: Message, to service: TestedService, _ server: ScriptedServer) async throws -> SendOutcome
  {
    let notifier = service.notifier(at: "http://127.0.0.1:\(server.port)", over: try Impatient())
    return await notifier.send(try notifier.compose(message), id: message.id, now: now)
  }

  @Test("gets what its documentation asks for, whatever the names", arguments: TestedService.all)
  func documented(service: TestedService) async throws {
    let server = try ScriptedServer(service.success)
    let notifier = service.notifier(at: "http://127.0.0.1:\(server.port)", over: try Impatient())
    var messages = (["Acme Corp"] + Hostile.names).flatMap { Self.events($0).map(Message.event) }
    if service.groups { messages += [Groups.message(), Groups.many(1), Groups.many(40), Groups.many(600)] }
    for message in messages {
      let outcome = await notifier.send(try notifier.compose(message), id: message.id, now: now)
      guard case .delivered = outcome else {
        Issue.record("\(outcome)")
        continue
      }
    }
    let requests = server.log.requests
    #expect(requests.count == messages.count)
    for (request, message) in zip(requests, messages) {
      let violations = service.violations(request)
      #expect(violations.isEmpty, "\(message.id): \(violations)")
    }
  }

  @Test("is tried again later when it is busy or broken", arguments: TestedService.all)
  func failing(service: TestedService) async throws {
    let busy = try ScriptedServer(.http(429, [("Retry-After", "7")], text: "slow down"))
    let outcome = try await send(.event(.threshold()), to: service, busy)
    #expect(outcome == .retryable(reason: "HTTP 429: slow down", retryAfter: .seconds(7)))
    for answer in [ScriptedAnswer.http(500, text: "no"), .http(503)] {
      guard case .retryable = try await send(.event(.threshold()), to: service, try ScriptedServer(answer)) else {
        Issue.record("not retryable: \(answer)")
        continue
      }
    }
    for answer in [ScriptedAnswer.hang, .disconnect, .raw("nonsense")] {
      guard case .unknown = try await send(.event(.threshold()), to: service, try ScriptedServer(answer)) else {
        Issue.record("taken for known: \(answer)")
        continue
      }
    }
  }

  @Test(
    "shows none of its secrets in what is stored, and none in what is told of its answer", arguments: TestedService.all)
  func secrecy(service: TestedService) async throws {
    for status in [200, 400, 410, 500] {
      let server = try ScriptedServer { request in
        let headers = request.headers.map { "\($0.value)" }.joined(separator: " ")
        return .http(
          status, text: "\(request.target) \(headers) \(String(decoding: request.body.prefix(80), as: UTF8.self))")
      }
      let notifier = service.notifier(at: "http://127.0.0.1:\(server.port)", over: try Impatient())
      let payload = try notifier.compose(.event(.threshold()))
      let outcome = "\(await notifier.send(payload, id: MessageID(rawValue: "m"), now: now)) \(await notifier.probe())"
      for secret in service.hidden {
        #expect(!String(decoding: payload, as: UTF8.self).contains(secret))
        #expect(!outcome.contains(secret), "\(outcome)")
      }
    }
  }

  @Test("can be reached without telling it anything", arguments: TestedService.all)
  func probe(service: TestedService) async throws {
    let server = try ScriptedServer(.http(404))
    let notifier = service.notifier(at: "http://127.0.0.1:\(server.port)", over: try Impatient())
    #expect(await notifier.probe() == .delivered(answer: "reachable (HTTP 404 at its root)"))
    #expect(server.log.requests.allSatisfy { $0.line == "GET / HTTP/1.1" && $0.body.isEmpty })
  }

  @Test("is not asked without its secrets", arguments: TestedService.all)
  func secretless(service: TestedService) async throws {
    let http = FakeHTTPTransport(status: 200)
    let configuration = NotifierConfiguration(service.channel("https://example.com"))
    let notifier = configuration.notifier(id: NotifierID("n"), http: http, secrets: FixedSecrets())
    let outcome = await notifier.send(
      try notifier.compose(.event(.threshold())), id: MessageID(rawValue: "m"), now: now)
    guard case .retryable(let reason, nil) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(reason.hasSuffix("is not set"))
    #expect(http.requests.isEmpty)
    #expect(await configuration.problem(fetching: FixedSecrets()) == reason)
    #expect(await configuration.problem(fetching: service.secrets(at: "https://example.com")) == nil)
  }

  @Test("that says in its own words how long to wait is obeyed")
  func retryAfter() async throws {
    let discord = try ScriptedServer(.http(429, text: #"{"message":"limited","retry_after":1.337,"global":false}"#))
    guard case .retryable(_, .seconds(2)) = try await send(.event(.threshold()), to: .discord, discord) else {
      Issue.record("Discord's retry-after is not obeyed")
      return
    }
    let telegram = try ScriptedServer(
      .http(429, text: #"{"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":35}}"#))
    guard case .retryable(_, .seconds(35)) = try await send(.event(.threshold()), to: .telegram, telegram) else {
      Issue.record("Telegram's retry-after is not obeyed")
      return
    }
  }
}
