import Foundation
import HTTPTypes
import QuotaCore
import TestSupport
import Testing

@testable import WebServer

@Suite("A question to the API")
struct APIQuestionTests {
  /// An address with every kind of parameter, whose answer says how it was understood.
  private static let server: TestServer = {
    let policy = AccessPolicy(
      isLocal: true,
      tokens: [
        .init(name: "client", secret: Secret("client"), scopes: [.read], organizations: [OrganizationID("acme")])
      ], embedding: Embedding(secret: Secret("e"), origins: ["https://app.example.com"]))
    let all = ["a", "b", "c", "d", "e"]
    let list = APIRoutes.Resource("list", parameters: APIPage<Void>.parameters) { question in
      let page = try APIPage(of: all, question) { $0 }
      return page.items.joined() + " " + (page.next ?? "end")
    }
    let values = APIRoutes.Resource("values", parameters: ["all", "month", "count", "organization", "at"]) { question in
      let values: [Any?] = [
        try question.flag("all"), try question.month("month"), try question.count("count", in: 1...10),
        try question.only(), try question.moment("at")?.iso8601,
      ]
      return values.map { $0.map { "\($0)" } ?? "-" }.joined(separator: " ")
    }
    let one = APIRoutes.Resource("organizations/:organization", isEmbeddable: true) { $0.organization?.rawValue ?? "" }
    return TestServer([APIRoutes([list, values, one], policy: { policy }, now: { Date(timeIntervalSince1970: 0) })])
  }()

  @Test("is understood value by value")
  func values() async throws {
    let answer = try await Self.server.ask(
      .get, "/api/v1/values?all=true&month=2026-11&count=7&organization=acme&at=2026-11-05T08:00:00Z")
    #expect(answer.body == "true 2026-11 7 acme 2026-11-05T08:00:00.000Z\n")
    #expect(try await Self.server.ask(.get, "/api/v1/values").body == "false - - - -\n")
  }

  @Test(
    "that is wrong is answered with what is wrong",
    arguments: [
      ("values?mont=2026-11", "there is no parameter \"mont\"; known are all, at, count, month, organization"),
      ("values?token=x", "there is no parameter \"token\"; known are all, at, count, month, organization"),
      ("values?all=1", "\"all\" is true or false"), ("values?all=true&all=false", "\"all\" stands in the query twice"),
      ("values?month=2026-13", "\"month\" is a month such as 2026-11"),
      ("values?month=", "\"month\" is a month such as 2026-11"),
      ("values?count=11", "\"count\" is a whole number from 1 to 10"),
      ("values?count=%2B1", "\"count\" is a whole number from 1 to 10"),
      ("values?count=99999999999999999999", "\"count\" is a whole number from 1 to 10"),
      ("values?at=today", "\"at\" is a time such as 2026-11-05T08:00:00Z"),
      ("list?limit=0", "\"limit\" is a whole number from 1 to 1000"),
      ("values?%0A=1", "there is no parameter \"%0A\"; known are all, at, count, month, organization"),
    ])
  func wrong(path: String, detail: String) async throws {
    let answer = try await Self.server.ask(.get, "/api/v1/\(path)")
    #expect(answer.status == 400)
    #expect(answer.header("Content-Type") == "application/problem+json")
    #expect(answer.body.contains(detail.replacing("\"", with: "\\\"")), "\(answer.body)")
    #expect(answer.body.split(separator: "\n").count == 1)
  }

  @Test("for a list is answered page by page, and after an entry that is gone by saying so")
  func pages() async throws {
    var (seen, path) = ("", "/api/v1/list?limit=2")
    for _ in 1...3 {
      let parts = try await Self.server.ask(.get, path).body.split(separator: " ")
      seen += parts[0]
      path = "/api/v1/list?limit=2&cursor=" + parts[1].trimmingPrefix { $0 == " " }.dropLast()
    }
    #expect(seen == "abcde")
    #expect(path.hasSuffix("cursor=end"))
    for cursor in ["Zg", "%25", "", "a%20b", "_w"] {
      #expect(try await Self.server.ask(.get, "/api/v1/list?cursor=\(cursor)").status == 404, "\(cursor)")
    }
  }

  @Test("that was answered already is answered with that")
  func unchanged() async throws {
    let tag = try #require(try await Self.server.ask(.get, "/api/v1/list").header("ETag"))
    for known in [tag, String(tag.dropFirst(2)), "\"other\", \(tag)", "*"] {
      let answer = try await Self.server.ask(.get, "/api/v1/list", ["If-None-Match": known])
      #expect(answer.status == 304)
      #expect(answer.body.isEmpty)
      #expect(answer.header("ETag") == tag)
    }
    #expect(try await Self.server.ask(.get, "/api/v1/list", ["If-None-Match": "\"other\""]).status == 200)
    let head = try await Self.server.ask(.head, "/api/v1/list")
    #expect(head.status == 200)
    #expect(head.header("ETag") == tag)
    #expect(head.body.isEmpty)
  }

  @Test("about an organization that somebody may not see is answered as about one that there is not")
  func unseen() async throws {
    let client = ["Authorization": "Bearer client"]
    #expect(try await Self.server.ask(.get, "/api/v1/values?organization=acme", client).status == 200)
    let other = try await Self.server.ask(.get, "/api/v1/values?organization=globex", client)
    let none = try await Self.server.ask(.get, "/api/v1/organizations/globex", client)
    #expect(other.status == 404)
    #expect(other.body == none.body)
  }

  @Test("from another site's script is answered to that script only with a token, and from allowed sites")
  func origins() async throws {
    let path = "/api/v1/organizations/acme"
    let client = "Bearer client"
    for (origin, authorization, isReadable) in [
      ("https://app.example.com", client, true), ("https://app.example.com", nil, false),
      ("https://evil.example", client, false), ("null", client, false),
    ] as [(String, String?, Bool)] {
      var headers = ["Origin": origin]
      headers["Authorization"] = authorization
      let answer = try await Self.server.ask(.get, path, headers)
      #expect(answer.status == 200)
      #expect(answer.header("Access-Control-Allow-Origin") == (isReadable ? origin : nil))
      #expect(answer.header("Vary") == "Accept-Encoding, Origin")
      #expect(answer.header("Access-Control-Allow-Credentials") == nil)
    }
    let refused = try await Self.server.ask(
      .get, path, ["Origin": "https://app.example.com", "Authorization": "Bearer wrong"])
    #expect(refused.status == 401)
    #expect(refused.header("Access-Control-Allow-Origin") == "https://app.example.com")
    let asked = try await Self.server.ask(.options, path, ["Origin": "https://app.example.com"])
    #expect(asked.status == 204)
    #expect(asked.header("Access-Control-Allow-Headers") == "Authorization, If-None-Match")
    #expect(
      try await Self.server.ask(.options, path, ["Origin": "https://evil.example"])
        .header("Access-Control-Allow-Origin") == nil)
    #expect(try await Self.server.ask(.options, "/api/v1/list", ["Origin": "https://app.example.com"]).status == 405)
  }
}
