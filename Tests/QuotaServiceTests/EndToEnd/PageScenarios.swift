import Foundation
import HTTPTypes
import QuotaCore
import Sandbox
import TestSupport
import Testing
import WebServer

@testable import QuotaService

/// What the pages of a server say of things as they are.
@Suite("A page of the server", .timeLimit(.minutes(5)))
struct PageScenarios {
  @Test("of the system shows what the configuration is warned of beside what was found")
  func warnings() async throws {
    try await ServedInstallation.run(
      plans: #"{ "pro": { "quota": { "conversions": 5 } } }"#, members: #", "plan": "pro""#
    ) { served in
      let cookie = try await served.signIn(as: "mara")
      #expect(!served.setup.configuration.warnings.isEmpty)
      await served.check.look(with: served.setup)
      let page = try await served.page("/system", cookie)
      #expect(!page.contains("nothing is wrong"))
      for warning in served.setup.configuration.warnings {
        #expect(page.contains(warning.replacing("\"", with: "&quot;")), "\(warning)")
      }
    }
  }

  private static let person = ["Accept": "text/html"]

  @Test("in a frame says in the frame's language that it cannot be shown, where those who may frame it see that")
  func frames() async throws {
    try await ServedInstallation.run { served in
      for (query, words) in [
        ("token=wrong&lang=de", "Das kann gerade nicht angezeigt werden"), ("lang=es", "no se puede mostrar"),
        ("token=page~acme~1~00&theme=dark", "This cannot be shown now"),
      ] {
        let answer = try await served.server.ask(.get, "/embed/acme?\(query)", Self.person)
        #expect(answer.status == 401 && answer.body.contains(words), "\(query)")
        #expect(
          answer.header("Content-Security-Policy")?.hasSuffix("frame-ancestors https://app.example.com") == true)
        let plain = try await served.server.ask(.get, "/embed/acme?\(query)")
        #expect(plain.status == 401 && plain.header("Content-Type") == "application/problem+json")
      }
    }
  }

  @Test("says that the database cannot be read, as the API does, and works when it can")
  func withoutDatabase() async throws {
    try await ServedInstallation.run { served in
      let cookie = try await served.signIn(as: "mara")
      let marks = try served.marks(of: try await served.page("/alerts", cookie))
      let minted = try await served.setup.mintEmbedToken("acme", .page, for: nil)
      let path = served.installation.databasePath
      try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
      for page in ["/", "/alerts", "/system", "/deliveries", "/organizations/acme", "/api/v1/alerts", "/metrics"] {
        let answer = try await served.server.ask(.get, page, Self.person)
        #expect(answer.status == 503 && answer.body.lowercased().contains("the database cannot be read now"), "\(page)")
      }
      #expect(try await served.server.ask(.get, "/api/v1/events").status == 503)
      #expect(try await served.server.ask(.get, minted.path, Self.person).status == 503)
      let act = marks.merging(["do": "acknowledge", "alert": ServedInstallation.alert, "episode": "1"]) { $1 }
      #expect(try await served.send("/alerts", cookie, act).status == 503)
      try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
      #expect(try await served.server.ask(.get, "/", Self.person).status == 200)
    }
  }

  @Test("of a month that is not over says how it looks so far, with a total for each currency and for what has none")
  func openMonth() async throws {
    try await ServedInstallation.run(
      plans:
        #"{ "pro": { "currency": "EUR", "charges": [{ "model": "unit", "metric": "pages", "unit_price": "0.10" }] } }"#,
      members: #", "plan": "pro""#
    ) { served in
      let file = served.installation.folder.appending(path: "november.csv")
      let line =
        "invoice_id,line_id,organization_id,period,category,metric,quantity,amount,currency\nI,1,x,2026-11,usage,pages,1,1.00,USD\n"
      try Data(line.utf8).write(to: file)
      _ = try await served.setup.importInvoices(ImportInvoices.Options(path: file.path, by: "ana"))
      let page = try await served.page("/reconciliation/2026-11", "")
      #expect(page.contains("The month is not over: this is how it looks so far."))
      #expect(page.contains("Total <small>EUR</small>") && page.contains("Total <small>USD</small>"))
    }
  }
}
