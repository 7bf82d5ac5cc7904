import Foundation
import HTTPTypes
import Pages
import QuotaCore
import Sandbox
import TestSupport
import Testing
import UsageStore

@testable import QuotaService
@testable import WebServer

/// What people do on the pages and through the API: who may, that it is done once, and that the log says so.
@Suite("Acting through the server", .timeLimit(.minutes(5)))
struct ActingScenarios {
  @Test("acknowledges once for a key, refuses the key for something else, and takes it back")
  func acknowledging() async throws {
    try await ServedInstallation.run { served in
      let token = try await served.token("mara")
      let body = #"{ "alert": "\#(ServedInstallation.alert)", "for": "4h", "note": "on it" }"#
      let first = try await served.api(.post, "acknowledgements", token, key: "k1", body)
      let again = try await served.api(.post, "acknowledgements", token, key: "k1", body)
      #expect(first.status == 201 && again.status == 201 && first.body == again.body)
      #expect(try await served.setup.alerts(all: false).first?.acknowledgement?.by == "mara")
      let other = try await served.api(.post, "acknowledgements", token, key: "k1", #"{ "alert": "x" }"#)
      #expect(other.status == 422 && other.body.contains("Idempotency-Key"))
      let path = "acknowledgements?alert=\(ServedInstallation.alert.replacing("%", with: "%25"))"
      #expect(try await served.api(.delete, path, token).status == 200)
      #expect(try await served.api(.delete, path, token).status == 422)
      #expect(
        try await served.log == [
          "mara api: took the acknowledgement of \(ServedInstallation.alert) back",
          "mara api: acknowledged \(ServedInstallation.alert) until 2026-11-10T16:00:00.000Z: on it",
          "ana command: made the token mara for read, act",
        ])
    }
  }

  @Test("is done by a form, which leads back to its page, and a form that is sent twice is done once")
  func forms() async throws {
    try await ServedInstallation.run { served in
      let cookie = try await served.signIn(as: "mara")
      let page = try await served.page("/alerts", cookie)
      let marks = try served.marks(of: page)
      #expect(page.contains("Sign out"))
      let fields = marks.merging([
        "do": "acknowledge", "alert": ServedInstallation.alert, "episode": "1", "for": "", "note": "<b>",
      ]) {
        $1
      }
      let done = try await served.send("/alerts?q=acme&act=3", cookie, fields)
      #expect(done.status == 303)
      let place = try #require(done.header("Location"))
      #expect(place.hasPrefix("/alerts?q=acme&act=") && place != "/alerts?q=acme&act=3")
      #expect(try await served.send("/alerts?q=acme", cookie, fields).header("Location") == place)
      let shown = try await served.page(place, cookie)
      #expect(shown.contains("Acknowledged \(ServedInstallation.alert) until it ends: &lt;b&gt;"))
      #expect(shown.contains("Take the acknowledgement back"))
      #expect(try await served.log.count == 2)
    }
  }

  @Test("is refused without the form's code, from another server's page, and without the scope")
  func refusals() async throws {
    try await ServedInstallation.run { served in
      let cookie = try await served.signIn(as: "mara")
      let marks = try served.marks(of: try await served.page("/alerts", cookie))
      let fields = ["do": "acknowledge", "alert": ServedInstallation.alert, "episode": "1"]
      #expect(try await served.send("/alerts", cookie, fields).status == 403)
      let whole = marks.merging(fields) { $1 }
      for (name, value) in [("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")] {
        #expect(try await served.send("/alerts", cookie, whole, [name: value]).status == 403, "\(name): \(value)")
      }
      let reader = try await served.signIn(as: "reader", [.read])
      #expect(try await served.send("/alerts", reader, whole).status == 403)
      #expect(try await !served.page("/alerts", reader).contains("value=\"acknowledge\""))
      // Without a token, everybody on this machine reads, and is asked to sign in to act.
      #expect(try await served.send("/alerts", "", whole).status == 401)
      #expect(try await served.page("/alerts", "").contains("Sign in to act"))
      #expect(try await served.send("/alerts", cookie, whole, ["Origin": "http://localhost"]).status == 303)
    }
  }

  @Test("about other organizations than the token's is as about none that there is")
  func rights() async throws {
    try await ServedInstallation.run { served in
      let token = try await served.token("client", of: ["acme"])
      func refused(_ path: String, _ body: String, _ status: Int = 422) async throws {
        let answer = try await served.api(.post, path, token, body)
        #expect(answer.status == status && !answer.body.contains("Name of globex"), "\(path) \(body): \(answer.body)")
      }
      try await refused("acknowledgements", #"{ "alert": "quota/globex/2026-11/pages/50%" }"#)
      try await refused("silences", #"{ "organizations": ["globex"], "for": "1h", "reason": "r" }"#)
      try await refused("silences", #"{ "rule": "quota", "for": "1h", "reason": "r" }"#)
      try await refused("embed-tokens", #"{ "organization": "globex" }"#, 404)
      try await refused(
        "reviews",
        #"{ "organization": "globex", "month": "2026-11", "row": "usage/pages", "status": "accepted", "note": "n" }"#,
        404)
      let whole = try await served.setup.addSilence(
        .init(rule: "quota", until: served.installation.clock.date + .hours(1), reason: "r", createdBy: "ana"))
      #expect(try await served.api(.delete, "silences/\(whole[0].id)", token).status == 422)
      let own = try await served.api(
        .post, "silences", token, #"{ "organizations": ["acme"], "for": "1h", "reason": "r" }"#)
      #expect(own.status == 201)
      #expect(try await served.setup.silences(all: false).map(\.createdBy) == ["ana", "client"])
      #expect(try await served.api(.delete, "silences/\(whole[0].id + 1)", token).status == 200)
    }
  }

  @Test("is told the same of what there is not and of what one may not see, and learns of nothing else")
  func sameAnswers() async throws {
    try await ServedInstallation.run(members: #", "tags": ["tag-of-{id}"]"#) { served in
      let token = try await served.token("client", of: ["acme"])
      let cookie = try await served.signIn(as: "client-on-pages", of: ["acme"])
      let marks = try served.marks(of: try await served.page("/alerts", cookie))
      func api(_ method: HTTPRequest.Method, _ path: String, _ body: String = "") -> (String) async throws -> String {
        { name in
          let answer = try await served.api(
            method, path.replacing("NAME", with: name), token, body.replacing("NAME", with: name))
          return "\(answer.status) \(answer.body)"
        }
      }
      func form(_ fields: [String: String], _ path: String = "/alerts") -> (String) async throws -> String {
        { name in
          let named = fields.mapValues { $0.replacing("NAME", with: name) }
          let body = try await served.send(path, cookie, marks.merging(named) { $1 }).body
          return String(body.components(separatedBy: "role=\"alert\"").dropFirst().first?.prefix(400) ?? "-")
        }
      }
      let silence = ["do": "silence", "for": "1h", "reason": "r"]
      let asked: [(String) async throws -> String] = [
        api(.post, "silences", #"{ "organizations": ["NAME"], "for": "1h", "reason": "r" }"#),
        api(.post, "silences", #"{ "tags": ["tag-of-NAME"], "for": "1h", "reason": "r" }"#),
        api(.post, "silences", #"{ "organizations": ["NAME"], "tags": ["tag-of-acme"], "for": "1h", "reason": "r" }"#),
        api(.post, "acknowledgements", #"{ "alert": "quota/NAME/2026-11/pages/50%" }"#),
        api(.delete, "acknowledgements?alert=quota/NAME/2026-11/pages/50%25"),
        api(.post, "embed-tokens", #"{ "organization": "NAME" }"#),
        api(.get, "usage?organization=NAME"), api(.get, "reconciliation/2026-10?organization=NAME"),
        api(
          .post, "reviews",
          #"{ "organization": "NAME", "month": "2026-11", "row": "usage/pages", "status": "accepted", "note": "n" }"#),
        form(silence.merging(["organization": "NAME"]) { $1 }), form(silence.merging(["tag": "tag-of-NAME"]) { $1 }),
        form(silence.merging(["organization": "NAME", "tag": "tag-of-acme"]) { $1 }),
        form(["do": "acknowledge", "alert": "quota/NAME/2026-11/pages/50%", "episode": "1"]),
        form(["do": "accept", "organization": "NAME", "row": "usage/pages", "note": "n"], "/reconciliation/2026-11"),
      ]
      for (index, ask) in asked.enumerated() {
        let (unseen, missing) = (try await ask("globex"), try await ask("globix"))
        #expect(unseen.replacing("globex", with: "globix") == missing, "\(index)")
        #expect(!missing.contains("globex") && missing != "-", "\(index): \(missing)")
      }
    }
  }

  @Test("names in the log the alerts that a rule stands for, as far as one sees them")
  func severalAlerts() async throws {
    try await ServedInstallation.run { served in
      let token = try await served.token("client", of: ["acme"])
      #expect(try await served.api(.post, "acknowledgements", token, #"{ "alert": "quota" }"#).status == 201)
      #expect(try await served.log.first == "client api: acknowledged quota (1 alert of acme) until it ends")
      _ = try await served.setup.acknowledge("quota", by: "ana", for: nil, note: nil, budget: nil)
      #expect(try await served.log.first == "ana command: acknowledged quota (2 alerts of acme, globex) until it ends")
      #expect(try await served.api(.delete, "acknowledgements?alert=quota", token).status == 200)
      #expect(try await served.log.first == "client api: took the acknowledgement of quota (1 alert of acme) back")
    }
  }

  @Test("of an organization that is gone learns of no other")
  func tokenOfNobody() async throws {
    try await ServedInstallation.run { served in
      let stored = StoredToken(
        name: "gone", hash: TokenHash.of("quotawatch_gone"), scopes: [.read, .act],
        organizations: [OrganizationID("gone")], createdAt: served.installation.clock.date, createdBy: "ana",
        expiresAt: nil)
      let isNew = try await served.setup.database.writing { store in
        try await store.write { try $0.add(stored) }
      }
      #expect(isNew)
      for path in ["usage?organization=gone", "reconciliation/2026-10?organization=gone"] {
        let answer = try await served.api(.get, path, "quotawatch_gone")
        #expect(answer.status == 404 && !answer.body.contains("globex"), "\(answer.body)")
      }
    }
  }

  @Test("makes a token for a frame that is the same for the same request")
  func embedding() async throws {
    try await ServedInstallation.run { served in
      let token = try await served.token("backend")
      let first = try await served.api(
        .post, "embed-tokens", token, key: "k", #"{ "organization": "acme", "for": "1h" }"#)
      served.installation.advance(by: .seconds(60))
      let again = try await served.api(
        .post, "embed-tokens", token, key: "k", #"{ "organization": "acme", "for": "1h" }"#)
      #expect(first.status == 201 && first.body == again.body, "\(first.body) \(again.body)")
      #expect(first.body.contains("/embed/acme?token="))
    }
  }

  @Test("shows what an invoice would bring before it is imported")
  func invoices() async throws {
    try await ServedInstallation.run { served in
      let cookie = try await served.signIn(as: "mara")
      let marks = try served.marks(of: try await served.page("/reconciliation", cookie))
      let csv = """
        invoice_id,line_id,organization_id,period,charge_category,metric,quantity,unit_price,amount,currency
        INV-1,1,acme,2026-10,usage,pages,10,0.10,1.00,EUR

        """
      let parts = marks.merging(["do": "rehearse", "mapping": "plain"]) { $1 }.map {
        "--B\r\nContent-Disposition: form-data; name=\"\($0.key)\"\r\n\r\n\($0.value)\r\n"
      }
      let file = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../oct.csv\"\r\n"
      let body = parts.joined() + file + "Content-Type: text/csv\r\n\r\n\(csv)\r\n--B--\r\n"
      let shown = try await served.server.ask(
        .post, "/reconciliation", ["Cookie": cookie, "Content-Type": "multipart/form-data; boundary=B"], body: body)
      #expect(shown.status == 200 && shown.body.contains("It would import 1 line of 1 invoice"), "\(shown.body)")
      #expect(try await served.setup.invoices().isEmpty)
      let upload = try #require(try Regex(#"name="upload" value="([0-9a-f]+)""#).firstMatch(in: shown.body))
      let fields = marks.merging(["do": "import", "upload": String(upload.output[1].substring ?? "")]) { $1 }
      #expect(try await served.send("/reconciliation", cookie, fields).status == 303)
      #expect(try await served.setup.invoices().map(\.id) == ["INV-1"])
      #expect(try await served.log.first?.hasPrefix("mara page: imported 1 line of 1 invoice") == true)
    }
  }

  @Test("has a token whose use is noted, and that opens nothing when it is revoked")
  func tokens() async throws {
    try await ServedInstallation.run { served in
      let token = try await served.token("mara", isUsed: false)
      #expect(try await served.api(.get, "alerts", token).status == 200)
      let store = try served.setup.database.openForReading()
      while try await store.read({ try $0.tokens().first?.lastUsedAt }) == nil { await Task.yield() }
      let bytes = try Data(contentsOf: URL(filePath: served.installation.databasePath))
      #expect(bytes.firstRange(of: Data(token.utf8)) == nil)
      try await served.setup.revokeToken("mara")
      #expect(try await served.api(.get, "alerts", token).status == 401)
      #expect(
        try await served.setup.tokens(all: true).map { $0.state(at: served.installation.clock.date) } == [.revoked])
    }
  }

  @Test("tells of changes, and not of what they are")
  func events() async throws {
    try await ServedInstallation.run { served in
      let first = try await served.server.ask(.get, "/api/v1/events")
      #expect(first.header("Content-Type") == "text/event-stream" && first.body.contains("event: start"))
      let id = try #require(try Regex("id: (.*)\n").firstMatch(in: first.body)?.output[1].substring)
      _ = try await served.token("mara")
      let next = try await served.server.ask(.get, "/api/v1/events", ["Last-Event-ID": String(id)])
      #expect(next.body.contains("event: change") && !next.body.contains("mara"))
    }
  }
}
