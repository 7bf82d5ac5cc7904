import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("A webhook's body")
struct WebhookBodyTests {
  private func text(_ event: Event) throws -> String {
    String(decoding: try MessageBody(.event(event)).bytes, as: UTF8.self)
  }

  @Test("holds everything that is known of the event")
  func firing() throws {
    #expect(
      try text(.threshold(crossed: ["50%", "80%"]))
        == #"{"data":{"crossed":["50%","80%"],"episode":1,"event_id":"pages-quota/acme/2026-11/pages/80%/firing/1","firing":[],"level":"80%","#
        + #""metric":"pages","month":"2026-11","observed_after":"2026-11-23T12:00:00.000Z","#
        + #""observed_at":"2026-11-23T12:15:00.000Z","organization":{"id":"acme","name":"Acme Corp"},"#
        + #""percent_used":82,"period_end":"2026-12-01T00:00:00.000Z","quota":10000,"#
        + #""reason":"8,200 of 10,000 pages in 2026-11: reached 80%","rule":{"id":"pages-quota","type":"threshold"},"#
        + #""severity":"warning","threshold":8000,"used":8200},"schema_version":1,"#
        + #""timestamp":"2026-11-23T12:15:00.000Z","type":"alert.firing"}"#)
  }

  @Test("leaves out what does not apply")
  func credential() throws {
    #expect(
      try text(.silence(.credential, .resolved, after: nil))
        == #"{"data":{"crossed":[],"episode":1,"event_id":"watch/acme/resolved/1","firing":[],"observed_at":"2026-11-23T12:15:00.000Z","#
        + #""organization":{"id":"acme","name":"Acme Corp"},"reason":"no answer","#
        + #""rule":{"id":"watch","type":"credential"},"severity":"critical"},"schema_version":1,"#
        + #""timestamp":"2026-11-23T12:15:00.000Z","type":"alert.resolved"}"#)
  }

  @Test("of a test has a type of its own")
  func test() throws {
    let event = Event.test(of: NotifierID("hook"), now: moment("2026-11-23T12:00"))
    let body = try JSONParser.parse(Array(try text(event).utf8))
    #expect(body["type"]?.string == "test")
    #expect(body["data"]?["event_id"]?.string == "test/hook/1795435200000")
  }

  @Test("carries any name unchanged", arguments: Hostile.names)
  func hostile(name: String) throws {
    let body = try JSONParser.parse(Array(try text(.threshold(organizationName: name)).utf8))
    let carried = body["data"]?["organization"]?["name"]?.string
    #expect(carried.map { Array($0.utf8) } == Array(name.utf8))
  }
}
