import Foundation
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("A channel that keeps incidents")
struct IncidentTests {
  private func request(_ event: Event, _ service: TestedService) async throws -> TransportRequest {
    let http = FakeHTTPTransport(status: 202)
    let notifier = service.notifier(at: "https://example.com", over: http)
    _ = await notifier.send(try notifier.compose(.event(event)), id: MessageID(event.id), now: event.occurredAt)
    return try #require(http.requests.first)
  }

  private func pagerDuty(_ event: Event) async throws -> JSONNode {
    try JSONParser.parse(try await request(event, .pagerDuty).body ?? [])
  }

  private func opsgenie(_ event: Event) async throws -> (path: String, body: JSONNode) {
    let request = try await request(event, .opsgenie)
    return (
      String(request.url.reveal().dropFirst("https://example.com".count)), try JSONParser.parse(request.body ?? [])
    )
  }

  /// Below 80 %, while 50 % still fires.
  private var partly: Event {
    var event = Event.threshold(.resolved, used: 6_000, crossed: ["80%"])
    event.firing = [alertLevel("50%")]
    return event
  }

  private var acknowledged: Event {
    var event = Event.threshold(.acknowledged)
    event.acknowledgement = Acknowledgement(by: "anna", at: moment("2026-11-23T13:00"), until: nil, note: nil)
    return event
  }

  @Test("keeps one for the subject at PagerDuty, whatever the level, until nothing fires any more")
  func pagerDutyActions() async throws {
    let key = "pages-quota/acme/2026-11/pages"
    for (event, action) in [
      (.threshold(), "trigger"), (.threshold(crossed: ["100%"]), "trigger"), (.threshold(.reminder), "trigger"),
      (acknowledged, "acknowledge"), (partly, "trigger"), (.threshold(.resolved), "resolve"),
    ] as [(Event, String)] {
      let json = try await pagerDuty(event)
      #expect(json["event_action"]?.string == action)
      #expect(json["dedup_key"]?.string == key)
      #expect((json["payload"] != nil) == (action == "trigger"))
    }
    let payload = try await pagerDuty(.threshold(severity: .critical))["payload"]
    #expect(payload?["severity"]?.string == "critical")
    #expect(payload?["summary"]?.string == "Acme Corp: 82 % of pages used (2026-11)")
    #expect(payload?["custom_details"]?["data"]?["used"]?.integer == 8_200)
    let first = try await pagerDuty(.test(of: NotifierID("n"), now: moment("2026-11-23T12:00")))
    let second = try await pagerDuty(.test(of: NotifierID("n"), now: moment("2026-11-23T12:01")))
    #expect(first["dedup_key"]?.string != second["dedup_key"]?.string)
  }

  @Test("keeps one for the subject at Opsgenie, whatever the level, until nothing fires any more")
  func opsgenieActions() async throws {
    let alias = "pages-quota:acme:2026-11:pages"
    for (event, path) in [
      (.threshold(), "/v2/alerts"), (.threshold(.reminder), "/v2/alerts"),
      (acknowledged, "/v2/alerts/\(alias)/acknowledge?identifierType=alias"),
      (partly, "/v2/alerts/\(alias)/notes?identifierType=alias"),
      (.threshold(.resolved), "/v2/alerts/\(alias)/close?identifierType=alias"),
    ] as [(Event, String)] {
      let request = try await opsgenie(event)
      #expect(request.path == path)
      if path == "/v2/alerts" { #expect(request.body["alias"]?.string == alias) }
    }
    let alert = try await opsgenie(.threshold(severity: .critical)).body
    #expect(alert["priority"]?.string == "P1")
    #expect(alert["message"]?.string == "Acme Corp: 82 % of pages used (2026-11)")
    #expect(try await opsgenie(acknowledged).body["user"]?.string == "anna")
  }

  @Test("keeps one for each thing that happens at one moment: nothing ends it, and the next one is news")
  func momentary() async throws {
    let events = ["a", "b"].map { name in
      let letter = DeadLetter(
        message: MessageID(rawValue: name), notifier: NotifierID("ops"), diedAt: moment("2026-11-23T12:00"),
        reason: "HTTP 410", events: [.threshold()])
      return Event.undelivered([letter], disabled: nil, at: moment("2026-11-23T12:00"))
    }.compactMap(\.self)
    var keys: Set<String> = []
    for event in events {
      let (pager, alert) = (try await pagerDuty(event), try await opsgenie(event))
      #expect(pager["event_action"]?.string == "trigger" && alert.path == "/v2/alerts")
      keys.formUnion([pager["dedup_key"]?.string, alert.body["alias"]?.string].compactMap(\.self))
    }
    #expect(keys.count == 4)
  }

  @Test("takes no group", arguments: [TestedService.pagerDuty, .opsgenie])
  func groups(service: TestedService) {
    let notifier = service.notifier(at: "https://example.com", over: FakeHTTPTransport(status: 202))
    #expect(!notifier.groups && notifier.sendsAcknowledgements)
    #expect(throws: (any Error).self) { try notifier.compose(Groups.message()) }
  }

  @Test("does not send to PagerDuty with something that is no integration key")
  func key() async {
    let configuration = NotifierConfiguration(PagerDutyChannel(routingKey: .environment("KEY")))
    let problem = await configuration.problem(fetching: FixedSecrets(["KEY": "u+short-secret"]))
    #expect(
      problem
        == "environment variable KEY is not an integration key of the Events API v2: expected 32 letters and digits")
  }

  @Test("goes on at Jira TestedService Management by another address")
  func successor() async throws {
    let http = FakeHTTPTransport(status: 202)
    let endpoint = WebEndpoint(url: .text("https://api.atlassian.com/jsm/ops/integration/"))
    let notifier = NotifierConfiguration(
      OpsgenieChannel(endpoint: endpoint, apiKey: .environment("KEY"))
    ).notifier(id: NotifierID("n"), http: http, secrets: FixedSecrets(["KEY": "k"]))
    _ = await notifier.send(
      try notifier.compose(.event(.threshold())), id: MessageID(rawValue: "m"), now: moment("2026-11-23T12:00"))
    #expect(http.requests.first?.url.reveal() == "https://api.atlassian.com/jsm/ops/integration/v2/alerts")
  }
}
