import Foundation
import HTTPTypes
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

/// Forms of pages that show what is not so any more.
@Suite("A form of an older page", .timeLimit(.minutes(5)))
struct StaleFormScenarios {
  private static let header = "invoice_id,line_id,organization_id,period,category,metric,quantity,amount,currency\n"

  /// An answer of the API.
  private struct Rows: Decodable {
    struct Row: Decodable {
      let row: String
      let shown: String
    }
    let reconciliation: [Row]
  }

  private static func importAmount(_ amount: String, _ served: ServedInstallation) async throws {
    let file = served.installation.folder.appending(path: "october.csv")
    try Data("\(header)INV-1,1,acme,2026-10,usage,pages,150,\(amount),EUR\n".utf8).write(to: file)
    _ = try await served.setup.importInvoices(ImportInvoices.Options(path: file.path, by: "ana"))
  }

  /// October, of which an invoice claims more than is expected.
  private static func runOctober(_ body: (ServedInstallation) async throws -> Void) async throws {
    try await ServedInstallation.run(
      plans:
        #"{ "pro": { "currency": "EUR", "charges": [{ "model": "unit", "metric": "pages", "unit_price": "0.10" }] } }"#,
      members: #", "plan": "pro""#
    ) { served in
      served.installation.use(150, of: "acme", in: "2026-10")
      served.installation.use(150, of: "globex", in: "2026-10")
      _ = try await served.setup.close(CloseMonth.Options(month: try #require(BillingMonth("2026-10")), by: "ana"))
      try await importAmount("15.05", served)
      try await body(served)
    }
  }

  @Test("does not accept figures that nobody has looked at, nor what somebody else has said meanwhile")
  func reviews() async throws {
    try await Self.runOctober { served in
      let (cookie, path) = (try await served.signIn(as: "mara"), "/reconciliation/2026-10")
      func form(_ action: String) async throws -> [String: String] {
        try #require(try served.fields(of: await served.page(path, cookie), toDo: action))
          .merging(["note": "agreed"]) { $1 }
      }
      let old = try await form("accept")
      try await Self.importAmount("1500.05", served)
      let refused = try await served.send(path, cookie, old)
      #expect(refused.status == 422)
      #expect(refused.body.contains("the figures of usage/pages have changed meanwhile; look at them again"))
      let (new, other) = (try await form("accept"), try await form("dispute"))
      #expect(try await served.send(path, cookie, new).status == 303)
      #expect(try await served.log.first?.contains("accepted usage/pages of acme in 2026-10: agreed") == true)
      let late = try await served.send(path, cookie, other)
      #expect(late.status == 422 && late.body.contains("is accepted by mara on 2026-11-10: agreed by now"))
      #expect(try await served.send(path, cookie, form("dispute")).status == 303)
    }
  }

  @Test("through the API is refused if it says what was looked at, and that is not so any more")
  func api() async throws {
    try await Self.runOctober { served in
      let token = try await served.token("mara")
      func shown() async throws -> String {
        let answer = try await served.api(.get, "reconciliation/2026-10?organization=acme", token)
        let rows = try JSONDecoder().decode(Rows.self, from: Data(answer.body.utf8)).reconciliation
        return try #require(rows.first { $0.row == "usage/pages" }?.shown)
      }
      func review(_ status: String, _ further: String = "") async throws -> TestServer.Answer {
        try await served.api(
          .post, "reviews", token,
          #"{ "organization": "acme", "month": "2026-10", "row": "usage/pages", "status": "\#(status)", "note": "n"\#(further) }"#
        )
      }
      let old = try await shown()
      try await Self.importAmount("1500.05", served)
      let refused = try await review("accepted", #", "shown": "\#(old)""#)
      #expect(refused.status == 422 && refused.body.contains("have changed meanwhile"))
      let new = try await shown()
      #expect(try await review("accepted", #", "shown": "\#(new)""#).status == 201)
      let late = try await review("disputed", #", "shown": "\#(new)""#)
      #expect(late.status == 422 && late.body.contains("usage/pages is accepted by mara on 2026-11-10: n by now"))
      #expect(try await review("disputed").status == 201)
    }
  }

  /// A server whose channel has taken neither organization's message.
  private static func runDead(_ body: (ServedInstallation) async throws -> Void) async throws {
    try await ServedInstallation.run(preparing: { $0.sandbox.hooks.plan(.status(410), on: "/hooks/ops") }, body)
  }

  @Test("does with all dead letters what it says with those that it showed alone")
  func deadLetters() async throws {
    try await Self.runDead { served in
      let cookie = try await served.signIn(as: "mara")
      let page = try await served.page("/deliveries", cookie)
      #expect(page.contains("Dismiss all 2"))
      let (dismiss, resend) = (
        try #require(try served.fields(of: page, toDo: "dismiss")),
        try #require(try served.fields(of: page, toDo: "resend"))
      )
      let late = Delivery(
        message: MessageID("late"), notifier: NotifierID("hook"), channel: "webhook", payload: [], status: .dead,
        queuedAt: served.installation.clock.date, diedAt: served.installation.clock.date)
      try await served.setup.database.writing { store in try await store.write { try $0.queue(late, of: []) } }
      #expect(try await served.send("/deliveries", cookie, dismiss).status == 303)
      #expect(try await served.log.first == "mara page: dismissed 2 dead letters")
      #expect(try await served.setup.deadLetters().map(\.message.rawValue) == ["late"])
      let again = try await served.send("/deliveries", cookie, resend)
      #expect(again.status == 422 && again.body.contains("somebody has dealt with them"))
    }
  }

  @Test("is answered with what was done, also to who sees some organizations alone")
  func ownAct() async throws {
    try await Self.runDead { served in
      let cookie = try await served.signIn(as: "client", of: ["acme"])
      let page = try await served.page("/deliveries", cookie)
      let fields = try #require(try served.fields(of: page, toDo: "resend"))
      #expect(fields["messages"]?.contains(" ") == false)
      let place = try #require(try await served.send("/deliveries", cookie, fields).header("Location"))
      #expect(try await served.page(place, cookie).contains("Made 1 message due again: quota/acme/"))
      #expect(try await served.setup.readLog(limit: 1).first?.organizations.map(\.rawValue) == ["acme"])
      #expect(try await served.setup.deadLetters().count == 1)
    }
  }

  @Test("does not take an alert from who has acknowledged it meanwhile")
  func acknowledgements() async throws {
    try await ServedInstallation.run { served in
      let (cookie, path) = (try await served.signIn(as: "mara"), "/organizations/acme")
      func fields(_ action: String) async throws -> [String: String] {
        try #require(try served.fields(of: try await served.page(path, cookie), toDo: action))
      }
      func acknowledge(_ person: String) async throws {
        _ = try await served.setup.acknowledge(ServedInstallation.alert, by: person, for: nil, note: nil, budget: nil)
      }
      let old = try await fields("acknowledge")
      try await acknowledge("kim")
      let refused = try await served.send(path, cookie, old)
      #expect(refused.status == 422)
      #expect(refused.body.contains("kim has acknowledged it meanwhile; look at it again"))
      let back = try await fields("unacknowledge")
      try await acknowledge("lea")
      let late = try await served.send(path, cookie, back)
      #expect(late.status == 422 && late.body.contains("lea has acknowledged it meanwhile"))
      #expect(try await served.setup.alerts(all: false).first?.acknowledgement?.by == "lea")
      #expect(try await served.send(path, cookie, fields("unacknowledge")).status == 303)
    }
  }

  @Test("does not count for an alert that has ended and fires again")
  func episodes() async throws {
    try await ServedInstallation.run { served in
      let (cookie, path) = (try await served.signIn(as: "mara"), "/organizations/acme")
      func fields() async throws -> [String: String] {
        try #require(try served.fields(of: try await served.page(path, cookie), toDo: "acknowledge"))
      }
      let old = try await fields()
      var alert = try #require(try await served.setup.alerts(all: false).first)
      alert.episode += 1
      try await served.setup.database.writing { [alert] store in try await store.write { try $0.save([alert]) } }
      let refused = try await served.send(path, cookie, old)
      #expect(
        refused.status == 422 && refused.body.contains("it has ended and fires again meanwhile; look at it again"))
      #expect(try await served.send(path, cookie, fields()).status == 303)
    }
  }
}
