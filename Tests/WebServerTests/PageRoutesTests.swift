import Foundation
import HTTPTypes
import Pages
import QuotaCore
import TestSupport
import Testing

@testable import WebServer

@Suite("The pages' server")
struct PageRoutesTests {
  private static let policy = AccessPolicy(
    isLocal: true,
    tokens: [
      AccessPolicy.Token(
        name: "acme", secret: Secret("shown"), scopes: [.read], organizations: [OrganizationID("acme")]),
      AccessPolicy.Token(name: "metrics", secret: Secret("other"), scopes: [.metrics], organizations: nil),
    ])

  private static func server(_ page: @escaping PageRoutes.Handler) -> TestServer {
    TestServer([
      PageRoutes(
        policy: { policy },
        pages: ["/": .init(page), "/alerts": .init(page), "/organizations/{organization}": .init(page)],
        assets: PageAsset.all.map { .init(name: $0.name, type: $0.contentType, bytes: $0.bytes) }
      ) { notice in
        switch notice {
        case .signIn(let next, let problem): "sign in to \(next)" + (problem.map { "; \($0)" } ?? "")
        case .problem(let title, let text): "\(title): \(text)"
        }
      }
    ])
  }

  private static let long = String(repeating: "quota ", count: 1_000)

  @Test("A page is compressed for who takes that, and for nobody else")
  func compression() async throws {
    let server = Self.server { _ in .page(Self.long) }
    let plain = try await server.ask(.get, "/")
    #expect(plain.body == Self.long && plain.header("Content-Encoding") == nil)
    for accepted in ["gzip", "br, gzip;q=0.5", "*"] {
      let answer = try await server.ask(.get, "/", ["Accept-Encoding": accepted])
      #expect(answer.header("Content-Encoding") == "gzip")
      #expect(answer.bytes.count < 200 && answer.bytes.prefix(2) == [0x1F, 0x8B])
      #expect(answer.header("Vary") == "Accept-Encoding")
    }
    for refused in ["gzip;q=0", "br", "*;q=0", "gzip;q=0, *", "identity"] {
      #expect(try await server.ask(.get, "/", ["Accept-Encoding": refused]).header("Content-Encoding") == nil)
    }
  }

  @Test("What a client has already is not sent again, and what has changed is")
  func tags() async throws {
    let server = Self.server { _ in .page(Self.long) }
    let tag = try #require(try await server.ask(.get, "/").header("ETag"))
    for known in [tag, "\"x\", \(tag)", "*", String(tag.dropFirst(2))] {
      let answer = try await server.ask(.get, "/", ["If-None-Match": known])
      #expect(answer.status == 304 && answer.bytes.isEmpty)
      #expect(answer.header("Cache-Control") == "no-store")
    }
    #expect(try await server.ask(.get, "/", ["If-None-Match": "\"other\""]).status == 200)
    #expect(try await Self.server { _ in .page("new") }.ask(.get, "/", ["If-None-Match": tag]).body == "new")
  }

  @Test("Assets are kept for ever under a name that follows from their content, without a login")
  func assets() async throws {
    let server = Self.server { _ in .page("") }
    for asset in PageAsset.all {
      let answer = try await server.ask(.get, "/assets/\(asset.name)", from: "192.0.2.1")
      #expect(answer.bytes == asset.bytes && answer.header("Content-Type") == asset.contentType)
      #expect(answer.header("Cache-Control") == "public, max-age=31536000, immutable")
    }
    #expect(try await server.ask(.get, "/assets/pages.css").status == 404)
  }

  @Test("What went wrong is a page for people, and problem+json for programs and of the API")
  func problems() async throws {
    let server = Self.server { _ in throw Problem(.conflict, "a is \"b\"; do c", [.retryAfter: "5"]) }
    let person = ["Accept": "text/html,*/*;q=0.8"]
    for (path, status, text) in [
      ("/", 409, "Conflict: A is \"b\"; do c."), ("/nowhere", 404, "Not Found: There is nothing at this address."),
      ("/sign-out", 405, "Method Not Allowed: This address takes POST alone."),
    ] {
      let page = try await server.ask(.get, path, person)
      #expect(page.status == status && page.body == text)
      #expect(page.header("Content-Type") == "text/html; charset=utf-8")
      #expect(page.header("Content-Security-Policy")?.contains("frame-ancestors 'none'") == true)
      let plain = try await server.ask(.get, path)
      #expect(plain.status == status && plain.header("Content-Type") == "application/problem+json")
      #expect(
        plain.header("Retry-After") == page.header("Retry-After") && plain.header("Allow") == page.header("Allow"))
    }
    #expect(try await server.ask(.get, "/", person).header("Retry-After") == "5")
    #expect(try await server.ask(.get, "/", person, host: "evil.example").body.hasPrefix("Misdirected Request: "))
    for path in ["/api/v1/nothing", "/embed/nobody/x"] {
      #expect(try await server.ask(.get, path, person).header("Content-Type") == "application/problem+json")
    }
  }

  @Test("Nobody is signed in by a token that opens no pages, or where the browser would not keep it")
  func vainSignIns() async throws {
    let server = Self.server { _ in .page("") }
    func signIn(_ token: String, _ headers: [String: String] = [:], host: String = "localhost") async throws
      -> TestServer.Answer
    {
      try await server.ask(
        .post, "/sign-in", ["Content-Type": "application/x-www-form-urlencoded"].merging(headers) { $1 }, host: host,
        body: "token=\(token)&next=/alerts")
    }
    let useless = try await signIn("other")
    #expect(useless.status == 403 && useless.header("Set-Cookie") == nil)
    #expect(useless.body.hasPrefix("sign in to /alerts; This token opens no pages"))
    let forwarded = ["X-Forwarded-For": "192.0.2.7"]
    for (host, origin) in [("10.1.2.3", "http://10.1.2.3"), ("[fd00::1]:80", "http://[fd00::1]:80")] {
      let clear = try await signIn("shown", forwarded.merging(["Origin": origin]) { $1 }, host: host)
      #expect(clear.status == 422 && clear.header("Set-Cookie") == nil && clear.body.contains("over HTTP"))
      let secret = try await signIn(
        "shown", forwarded.merging(["Origin": "https" + origin.dropFirst(4)]) { $1 }, host: host)
      #expect(secret.status == 303 && secret.header("Set-Cookie")?.hasSuffix("; Secure") == true)
    }
    for origin in ["http://localhost:8787", "http://127.0.0.1", "http://[::1]:8787"] {
      let own = try await signIn(
        "shown", forwarded.merging(["Origin": origin]) { $1 }, host: String(origin.dropFirst(7)))
      #expect(own.status == 303)
    }
    // A session whose token opens no pages any more leads to another one.
    let session = "quotawatch_session=\(Data("other".utf8).base64EncodedString())"
    let page = try await server.ask(.get, "/", ["Cookie": session, "Accept": "text/html"])
    #expect(page.status == 403 && page.body == "sign in to /; This token has not the scope \"read\".")
  }

  @Test("Who has signed in goes on to a page of this server, and to nothing else")
  func goingOn() async throws {
    let server = Self.server { _ in .page("") }
    for (next, place) in [
      ("/organizations/acme?month=2026-10#readings", "/organizations/acme?month=2026-10#readings"),
      ("/alerts/", "/alerts/"), ("/sign-out", "/"), ("/sign-in", "/"), ("/api/v1/alerts", "/"), ("/nowhere", "/"),
      ("//evil.example/alerts", "/"), ("https://evil.example/", "/"), ("", "/"),
    ] {
      let escaped = next.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      let answer = try await server.ask(
        .post, "/sign-in", ["Content-Type": "application/x-www-form-urlencoded"], body: "token=shown&next=\(escaped)")
      #expect(answer.status == 303 && answer.header("Location") == place, "\(next)")
      #expect(try await server.ask(.get, "/sign-in?next=\(escaped)").body == "sign in to \(place)")
    }
    let long = try await server.ask(
      .post, "/sign-in", ["Content-Type": "application/x-www-form-urlencoded"],
      body: "token=\(String(repeating: "x", count: 8 << 10))")
    #expect(long.status == 413)
  }

  @Test("A page is told whose organizations it may show")
  func organizations() async throws {
    let server = Self.server { inquiry in
      .page("\(inquiry.path["organization"] ?? "-") \(inquiry.shows(OrganizationID("globex")))")
    }
    #expect(try await server.ask(.get, "/").body == "- true")
    #expect(
      try await server.ask(.get, "/organizations/acme", ["Authorization": "Bearer shown"]).body == "acme false")
    #expect(try await server.ask(.get, "/", ["Authorization": "Bearer other"]).status == 403)
    #expect(try await server.ask(.get, "/", ["Authorization": "Bearer wrong"]).status == 401)
    #expect(try await server.ask(.get, "/", host: "elsewhere.example").status == 421)
  }

  @Test("What there is not, and what one may not see, are pages, too")
  func others() async throws {
    let missing = try await Self.server { _ in .missing("gone") }.ask(.get, "/")
    #expect(
      missing.status == 404 && missing.body == "gone" && missing.header("Content-Type") == "text/html; charset=utf-8")
    #expect(try await Self.server { _ in .refused("no") }.ask(.get, "/").status == 403)
    let file = try await Self.server { _ in .file([65], type: "text/csv", name: "a.csv") }.ask(.get, "/")
    #expect(file.body == "A" && file.header("Content-Disposition") == "attachment; filename=\"a.csv\"")
  }

  /// With names that share nothing, which no compression makes small.
  @Test("The first load of the overview is at most 30 KB in 4 requests, and its script 8 KB, with 5,000 organizations")
  func budget() async throws {
    var random = SystemRandomNumberGenerator()
    let month = try #require(BillingMonth("2026-11"))
    let now = try #require(Date(iso8601: "2026-11-16T12:00:00.000Z"))
    let rows = (1...5_000).flatMap { number in
      Metric.allCases.map { metric in
        let used = Int64.random(in: 1_000_000...9_000_000, using: &random)
        return StatusRow(
          organization: Organization(
            id: OrganizationID("org-\(number)"), name: String(UInt64.random(in: 0...(.max), using: &random), radix: 36),
            tags: ["tag-\(number % 20)"]),
          month: month, metric: metric, used: used, quota: used * 2, sinceYesterday: used / 30,
          forecast: Forecast(
            of: metric, used: used, at: now, month: month, period: month.period(in: .gmt), profile: UsageProfile()),
          lastSeenAt: now, state: .firing)
      }
    }
    let frame = PageFrame(
      templates: try PageTemplates(), now: now, zone: .gmt, zoneName: "America/Santiago", version: "1.0.0",
      visitor: PageFrame.Visitor(seesAll: true), warnings: [], freshnessLimit: .days(1))
    let server = Self.server { _ in .page(OverviewPage(rows: rows, lastRun: nil, query: OverviewQuery([:])).html(frame))
    }
    let page = try await server.ask(.get, "/")
    let loaded = try page.body.matches(of: Regex(#"(?:src|href)="(/assets/[^"]+)""#)).map { match in
      String(try #require(match.output[1].substring))
    }
    #expect(loaded.count == 3)
    #expect(page.body.matches(of: try Regex("<(?:img|iframe|object|link|script)")).count == loaded.count)
    var sizes: [Int] = []
    for path in ["/"] + loaded {
      sizes.append(try await server.ask(.get, path, ["Accept-Encoding": "gzip"]).bytes.count)
    }
    #expect(sizes.reduce(0, +) <= 30 << 10, "\(sizes)")
    #expect(PageAsset.script.bytes.count <= 8 << 10)
  }
}
