import Foundation
import HTTPTypes
import Pages
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService
@testable import WebServer

/// The server's own routes over a database in which an alert of each organization fires.
struct ServedInstallation: Sendable {
  let installation: Installation
  let setup: Setup
  let server: TestServer
  /// What the page of the system shows of `check`, once it has looked.
  let check: StandingCheck

  /// Of acme's alert.
  static let alert = "quota/acme/2026-11/pages/50%"

  /// Runs a test beside a server that is asked directly.
  ///
  /// - Parameters:
  ///   - plans: as in the configuration.
  ///   - members: further members of every organization, each after a comma; `{id}` stands for its id.
  ///   - further: further members of the configuration, each after a comma.
  ///   - prepare: what is done before the alerts fire.
  static func run(
    plans: String = "{}", members: String = "", further: String = "",
    preparing prepare: (Installation) -> Void = { _ in },
    _ body: (ServedInstallation) async throws -> Void
  ) async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      installation.use(60)
      installation.use(60, of: "globex")
      let setup = try installation.service(
        organizations: ["acme", "globex"], plans: plans, members: members,
        rules: #"[{ "id": "quota", "type": "threshold", "metric": "pages", "percent": [50], "notify": ["hook"] }]"#,
        further: #", "embed": { "secret": { "env": "EMBED" }, "frame_ancestors": ["https://app.example.com"] }"#
          + further, environment: ["EMBED": "embed-secret"]
      ).acting(as: Author(name: "ana", way: .command))
      prepare(installation)
      _ = try await setup.collect(CollectUsage.Options())
      let served = ServedConfiguration(
        try await ServedConfiguration.State(setup, isLocal: true), at: setup.world.now())
      let serve = Serve(
        setup: setup, load: { setup },
        events: Serve.Events(
          listening: { _ in }, ran: { _ in }, reloading: {}, reloaded: { _ in }, resting: {}, alive: {},
          aliveInterval: nil))
      let check = StandingCheck(served)
      let acting = Acting(served: served, startRun: {}, send: {}, reload: {})
      let server = TestServer(
        serve.routes(
          served, RunSchedule(served) { _ in }, try LedgerIntake(setup.database, setup.world),
          try ServedPages(served, check, acting) { false }))
      try await body(ServedInstallation(installation: installation, setup: setup, server: server, check: check))
    }
  }

  // MARK: - Asking

  /// Makes a token.
  ///
  /// - Parameter isUsed: whether its use is noted already, so that nothing is written while something is asked for.
  func token(
    _ name: String, _ scopes: [AccessScope] = [.read, .act], of organizations: [String] = [], isUsed: Bool = true
  ) async throws -> String {
    var request = AddToken.Request(name: name, scopes: scopes)
    request.organizations = organizations
    let text = try await setup.addToken(request).text
    if isUsed {
      try await setup.database.writing { [now = installation.clock.date] store in
        try await store.write { try $0.noteUse(ofTokenWithHash: TokenHash.of(text), at: now) }
      }
    }
    return text
  }

  func api(
    _ method: HTTPRequest.Method, _ path: String, _ token: String, key: String? = nil, _ body: String = ""
  ) async throws -> TestServer.Answer {
    var headers = ["Authorization": "Bearer \(token)"]
    if !body.isEmpty { headers["Content-Type"] = "application/json" }
    headers["Idempotency-Key"] = key
    return try await server.ask(method, "/api/v1/\(path)", headers, body: body)
  }

  /// Signs in with a new token.
  ///
  /// - Returns: the cookie that a browser shows from then on.
  func signIn(
    as name: String, _ scopes: [AccessScope] = [.read, .act], of organizations: [String] = []
  ) async throws -> String {
    let token = try await token(name, scopes, of: organizations)
    let answer = try await send("/sign-in", "", ["token": token, "next": "/alerts"])
    #expect(answer.status == 303 && answer.header("Location") == "/alerts")
    let cookie = try #require(answer.header("Set-Cookie"))
    #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains("Secure"))
    return String(cookie.prefix { $0 != ";" })
  }

  /// A page as somebody sees it who has signed in.
  func page(_ path: String, _ cookie: String) async throws -> String {
    try await server.ask(.get, path, ["Cookie": cookie, "Accept": "text/html"]).body
  }

  func send(
    _ path: String, _ cookie: String, _ fields: [String: String], _ headers: [String: String] = [:]
  ) async throws -> TestServer.Answer {
    let text = fields.map {
      "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
    }
    let form = ["Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"]
    return try await server.ask(.post, path, form.merging(headers) { $1 }, body: text.joined(separator: "&"))
  }

  // MARK: - What pages and the log say

  /// What the first form of a page bears that can do something; nil if there is none.
  func fields(of page: String, toDo action: String) throws -> [String: String]? {
    let form = page.components(separatedBy: "<form").dropFirst().map { $0.components(separatedBy: "</form>")[0] }
      .first { $0.contains("name=\"do\" value=\"\(action)\"") }
    return try form.map { form in
      let pattern = try Regex(#"type="hidden" name="([^"]*)" value="([^"]*)""#)
      let fields = form.matches(of: pattern).map {
        (String($0.output[1].substring ?? ""), String($0.output[2].substring ?? ""))
      }
      return Dictionary(fields) { $1 }.merging(["do": action]) { $1 }
    }
  }

  /// What the forms of a page bear.
  func marks(of page: String) throws -> [String: String] {
    let pattern = try Regex(#"name="(code|seen)" value="([^"]*)""#)
    return Dictionary(
      page.matches(of: pattern).map { (String($0.output[1].substring ?? ""), String($0.output[2].substring ?? "")) }
    ) { first, _ in first }
  }

  var log: [String] {
    get async throws { try await setup.readLog(limit: 100).map { "\($0.by) \($0.way): \($0.words)" } }
  }
}
