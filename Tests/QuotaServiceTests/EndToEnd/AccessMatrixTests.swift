import Foundation
import HTTPTypes
import Pages
import QuotaCore
import Sandbox
import Synchronization
import TestSupport
import Testing

@testable import QuotaService
@testable import WebServer

/// Every route is asked by everybody. A route that is not in the table fails: whoever adds one says here who may see it.
@Suite("Who sees what of the server", .timeLimit(.minutes(5)))
struct AccessMatrixTests {
  /// Somebody who asks.
  private enum Caller: CaseIterable {
    case local, stranger, wrongToken, metricsToken, readToken, clientToken, userOfProxy, userOfNobody
    case actToken, actClient, actOnly, adminToken, session, staleSession, storedToken, revokedToken, expiredToken
    case page, badge, pageOfOther, badgeOfOther, expiredPage, expiredBadge, forgedPage

    /// The kind and organization of the token for a page that they show while it is good.
    var embed: (kind: EmbedToken.Kind, organization: String)? {
      switch self {
      case .page: (.page, "acme")
      case .badge: (.badge, "acme")
      case .pageOfOther: (.page, "globex")
      case .badgeOfOther: (.badge, "globex")
      default: nil
      }
    }

    /// What they may do, and of whom, by themselves; nil for nobody that is known.
    var rights: (scopes: Set<AccessPolicy.Scope>, isClient: Bool)? {
      switch self {
      case .local, .userOfProxy: ([.read, .metrics], false)
      case .actToken, .session, .storedToken: ([.read, .act], false)
      case .actClient: ([.read, .act], true)
      case .actOnly: ([.act], false)
      case .adminToken: ([.admin], false)
      case .metricsToken: ([.metrics], false)
      case .readToken: ([.read], false)
      case .clientToken: ([.read, .metrics], true)
      default: nil
      }
    }
  }

  /// Stands for every answer to who may do something: nothing is sent along, so that most of it cannot be done.
  private static let done = 0

  /// What a caller is to be answered about an organization.
  private static func status(_ subject: Subject, _ caller: Caller, about organization: String) -> Int {
    func allowed(_ scope: AccessPolicy.Scope, _ client: Int) -> Int {
      guard let rights = caller.rights else { return 401 }
      guard rights.scopes.contains(scope) else { return 403 }
      return rights.isClient ? client : 200
    }
    func acting(_ scope: AccessPolicy.Scope, _ client: Int) -> Int {
      caller == .local ? 401 : allowed(scope, client) == 200 ? done : allowed(scope, client)
    }
    func embedded(_ kind: EmbedToken.Kind) -> Int {
      guard let embed = caller.embed else { return 401 }
      return embed == (kind, organization) ? 200 : 403
    }
    switch subject {
    case .nothing: return 200
    case .preflight: return 204
    case .acting: return acting(.act, done)
    case .actingInSight: return caller == .actOnly ? 403 : acting(.act, done)
    case .actingOnAll: return acting(.act, 403)
    case .administration: return acting(.admin, 403)
    case .form: return 415
    case .leaving: return 303
    case .signed: return 401
    case .metrics: return allowed(.metrics, 403)
    case .organizations: return allowed(.read, 200)
    case .whole: return allowed(.read, 403)
    case .organization: return allowed(.read, organization == "acme" ? 200 : 404)
    case .shared: return caller.embed == nil ? status(.organization, caller, about: organization) : embedded(.page)
    case .embedded(let kind): return embedded(kind)
    }
  }

  private static let secrets = [
    "READ": "read-token-c0ffee", "METRICS": "metrics-token-c0ffee", "CLIENT": "client-token-c0ffee",
    "ACT": "act-token-c0ffee", "ACT_CLIENT": "act-client-c0ffee", "ACT_ONLY": "act-only-c0ffee",
    "ADMIN": "admin-token-c0ffee",
    "EMBED": "embed-secret-c0ffee", "HOOK": "whsec-c0ffee",
  ]

  private static func configuration(_ installation: Installation) -> String {
    """
    {
      "database": "quotawatch.sqlite", "api": { "base_url": "\(installation.sandbox.baseURL)" },
      "plans": { "pro": { "currency": "EUR", "charges": [{ "model": "unit", "metric": "pages", "unit_price": "0.1" }] } },
      "organizations": [
        { "id": "acme", "api_key": { "env": "KEY_acme" }, "quota": { "pages": 1000 }, "plan": "pro" },
        { "id": "globex", "api_key": { "env": "KEY_globex" }, "quota": { "pages": 1000 },
          "webhook_secret": { "env": "HOOK" } }
      ],
      "rules": [{ "id": "quota", "type": "threshold", "metric": "pages", "percent": [50] },
                { "id": "twins", "type": "duplicate_key" }],
      "tokens": [
        { "name": "reader", "token": { "env": "READ" }, "scopes": ["read"] },
        { "name": "prometheus", "token": { "env": "METRICS" }, "scopes": ["metrics"] },
        { "name": "actor", "token": { "env": "ACT" }, "scopes": ["read", "act"] },
        { "name": "acting-client", "token": { "env": "ACT_CLIENT" }, "scopes": ["read", "act"], "organizations": ["acme"] },
        { "name": "blind", "token": { "env": "ACT_ONLY" }, "scopes": ["act"] },
        { "name": "admin", "token": { "env": "ADMIN" }, "scopes": ["admin"] },
        { "name": "client", "token": { "env": "CLIENT" }, "scopes": ["read", "metrics"], "organizations": ["acme"] }
      ],
      "serve": { "proxy": { "header": "X-Forwarded-User", "peers": ["10.0.0.0/8"] } },
      "embed": { "secret": { "env": "EMBED" } }
    }
    """
  }

  /// The program's own routes over a database in which both organizations have figures and alerts.
  private final class World: Sendable {
    let local: TestServer
    let open: TestServer
    let now: Date
    /// Tokens that were made, by their names.
    private let made: [String: String]
    private let strangers = Atomic(0)

    init(_ installation: Installation) async throws {
      for pages in [600, 613, 700, 871] {
        installation.use(Int64(pages))
        installation.use(Int64(pages), of: "globex")
        let setup = try AccessMatrixTests.setup(installation)
        _ = try await setup.collect(CollectUsage.Options())
        installation.advance(by: .seconds(3_600))
      }
      made = try await Self.tokens(AccessMatrixTests.setup(installation), installation)
      local = try await Self.server(installation, isLocal: true)
      open = try await Self.server(installation, isLocal: false)
      now = installation.clock.date
    }

    private static func tokens(_ setup: Setup, _ installation: Installation) async throws -> [String: String] {
      var made: [String: String] = [:]
      for name in ["good", "revoked", "expired"] {
        var request = AddToken.Request(name: name, scopes: [.read, .act])
        if name == "expired" { request.expiresAt = installation.clock.date + .seconds(60) }
        made[name] = try await setup.addToken(request).text
      }
      try await setup.revokeToken("revoked")
      installation.advance(by: .seconds(61))
      return made
    }

    private static func server(_ installation: Installation, isLocal: Bool) async throws -> TestServer {
      let setup = try AccessMatrixTests.setup(installation)
      let served = ServedConfiguration(
        try await ServedConfiguration.State(setup, isLocal: isLocal), at: setup.world.now())
      let serve = Serve(
        setup: setup, load: { setup },
        events: Serve.Events(
          listening: { _ in }, ran: { _ in }, reloading: {}, reloaded: { _ in }, resting: {}, alive: {},
          aliveInterval: nil))
      return TestServer(
        serve.routes(
          served, RunSchedule(served) { _ in }, try LedgerIntake(setup.database, setup.world),
          try ServedPages(
            served, StandingCheck(served), Acting(served: served, startRun: {}, send: {}, reload: {})
          ) { false }))
    }

    func ask(_ caller: Caller, _ method: String, _ path: String) async throws -> TestServer.Answer {
      let bearer: String? =
        switch caller {
        case .wrongToken: "wrong"
        case .metricsToken: secrets["METRICS"]
        case .readToken: secrets["READ"]
        case .clientToken: secrets["CLIENT"]
        case .actToken: secrets["ACT"]
        case .actClient: secrets["ACT_CLIENT"]
        case .actOnly: secrets["ACT_ONLY"]
        case .adminToken: secrets["ADMIN"]
        case .storedToken: made["good"]
        case .revokedToken: made["revoked"]
        case .expiredToken: made["expired"]
        default: nil
        }
      var headers = bearer.map { ["Authorization": "Bearer \($0)"] } ?? [:]
      if caller == .userOfProxy || caller == .userOfNobody { headers["X-Forwarded-User"] = "mara" }
      if caller == .session || caller == .staleSession {
        let token = (caller == .session ? made["good"] : made["revoked"]) ?? ""
        headers["Cookie"] = "quotawatch_session=\(Data(token.utf8).base64EncodedString())"
      }
      // Who shows wrong tokens again and again is asked to wait.
      let stranger = strangers.add(1, ordering: .relaxed).newValue
      let peer =
        caller == .userOfProxy
        ? "10.1.2.3" : caller == .local ? "127.0.0.1" : "198.51.\(stranger / 250 % 250).\(stranger % 250 + 1)"
      let sign = path.contains("?") ? "&" : "?"
      let token = token(of: caller).map { "\(sign)token=\($0)" } ?? ""
      return try await (caller == .local ? local : open).ask(
        HTTPRequest.Method(method) ?? .get, path + token, headers, from: peer)
    }

    private func token(of caller: Caller) -> String? {
      let embedding = Embedding(secret: Secret(secrets["EMBED"] ?? ""))
      func text(_ kind: EmbedToken.Kind, _ organization: String, for seconds: Double) -> String {
        embedding.text(of: EmbedToken(kind, of: OrganizationID(organization), until: now + seconds))
      }
      return switch caller {
      case .expiredPage: text(.page, "acme", for: -1)
      case .expiredBadge: text(.badge, "acme", for: -1)
      case .forgedPage: text(.page, "acme", for: 60).replacing("acme", with: "globex")
      default: caller.embed.map { text($0.kind, $0.organization, for: 60) }
      }
    }
  }

  private static func setup(_ installation: Installation) throws -> Setup {
    try installation.service(
      configuration(installation), organizations: ["acme", "globex"], environment: secrets)
  }

  private static func path(_ pattern: String, _ organization: String) -> String {
    let path = pattern.replacing("{organization}", with: organization).replacing("{month}", with: "2026-11")
      .replacing("{format}", with: "csv").replacing("{silence}", with: "7").replacing("{notifier}", with: "ops")
    return pattern.hasSuffix("/price") ? path + "?plan=pro" : path
  }

  @Test("is what the table says, for each route and each caller, and who sees one organization learns of no other")
  func matrix() async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      let world = try await World(installation)
      let alerts = try await world.ask(.readToken, "GET", "/api/v1/alerts").body
      #expect(alerts.contains("\"other_organization\" : \"globex\""))
      for route in world.open.routes {
        guard let subject = Self.table[route] else {
          Issue.record("who may see \(route)? say it in the table")
          continue
        }
        let parts = route.split(separator: " ").map(String.init)
        for caller in Caller.allCases {
          for organization in ["acme", "globex"] {
            let answer = try await world.ask(caller, parts[0], Self.path(parts[1], organization))
            let comment = Comment("\(route) for \(caller) about \(organization)")
            let expected = Self.status(subject, caller, about: organization)
            #expect(
              expected == Self.done ? ![401, 403].contains(answer.status) : answer.status == expected, comment)
            if !route.contains("/assets/") { #expect(answer.header("Cache-Control") == "no-store", comment) }
            for secret in Self.secrets.values { #expect(!answer.body.contains(secret), comment) }
            let seesOne = caller.rights?.isClient == true || caller.embed?.organization == "acme"
            if seesOne { #expect(!answer.body.contains("globex"), comment) }
          }
        }
      }
      #expect(Set(Self.table.keys).subtracting(world.open.routes).isEmpty)
    }
  }
}
