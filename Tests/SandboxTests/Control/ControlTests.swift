import Foundation
import QuotaCore
import Sandbox
import Testing

/// Sends JSON to a control route; a JSON string per call keeps the tests close to what a user types.
private func control(_ method: String, _ path: String, _ body: String = "", on sandbox: Sandbox) async throws -> Answer
{
  try #require(try await send(method, "/sandbox\(path)", to: sandbox, body: body))
}

@Suite(.timeLimit(.minutes(5)))
struct `The control surface` {
  @Test func `explains itself with addresses and keys`() async throws {
    try await withSandbox { sandbox async throws in
      let answer = try await control("GET", "", on: sandbox)
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
      #expect(answer.body == sandbox.help)
      for text in [sandbox.baseURL, "smtp://127.0.0.1:\(sandbox.mail.port)", "globex-key", "Acme Corp"] {
        #expect(answer.body.contains(text), "\(text)")
      }
    }
  }

  @Test func `sets and moves the clock`() async throws {
    try await withSandbox { sandbox async throws in
      let set = try await control("POST", "/clock", #"{"now": "2026-12-01T00:00:00Z"}"#, on: sandbox)
      #expect(set.json?["now"]?.string == "2026-12-01T00:00:00.000Z")
      #expect(set.json?["month"]?.string == "2026-12")
      #expect(set.json?["time_zone"]?.string == "GMT")
      _ = try await control("POST", "/clock", #"{"advance": "6h"}"#, on: sandbox)
      #expect(try sandbox.vendor.now == time("2026-12-01T06:00:00Z"))
      let following = try await control("POST", "/clock", #"{"follow_system": true}"#, on: sandbox)
      #expect(following.json?["follows_system"]?.value == .boolean(true))
      #expect(sandbox.vendor.clock == .system)
    }
  }

  @Test func `sets counters and adds to them`() async throws {
    try await withSandbox { sandbox async throws in
      let november = try month("2026-11")
      let body = #"{"organization": "acme", "pages": 8000, "conversions": 900}"#
      let answer = try await control("POST", "/usage", body, on: sandbox)
      #expect(answer.status == 200)
      #expect(answer.json?["pages"]?.integer == 8_000)
      #expect(sandbox.vendor.usage(of: acme, in: november) == Counters(pages: 8_000, conversions: 900))
      _ = try await control("POST", "/usage", #"{"organization": "acme", "pages": 8100}"#, on: sandbox)
      #expect(sandbox.vendor.usage(of: acme, in: november) == Counters(pages: 8_100, conversions: 900))
      let late = #"{"organization": "acme", "month": "2026-10", "add_pages": 5, "add_conversions": 1}"#
      _ = try await control("POST", "/usage", late, on: sandbox)
      #expect(try sandbox.vendor.usage(of: acme, in: month("2026-10")) == Counters(pages: 5, conversions: 1))
    }
  }

  @Test func `injects faults and removes them`() async throws {
    try await withSandbox { sandbox async throws in
      let body = #"{"fault": "status", "status": 503, "retry_after": "3", "times": 1, "organization": "acme"}"#
      #expect(try await control("POST", "/faults", body, on: sandbox).status == 200)
      let refused = try await usage(sandbox, key: "acme-key")
      #expect(refused?.status == 503)
      #expect(refused?.headers["retry-after"] == "3")
      #expect(try await usage(sandbox, key: "acme-key")?.status == 200)
      _ = try await control("POST", "/faults", #"{"fault": "counters", "pages": "12", "conversions": -1}"#, on: sandbox)
      let ending = #""successful_pages":"12","successful_conversions":-1}"#
      #expect(try await usage(sandbox, key: "acme-key")?.body.hasSuffix(ending) == true)
      #expect(try await control("DELETE", "/faults", on: sandbox).status == 200)
      #expect(try await usage(sandbox, key: "acme-key")?.json?["successful_pages"]?.integer == 0)
    }
  }

  @Test(arguments: Fault.Name.allCases)
  func `knows every fault`(name: Fault.Name) async throws {
    try await withSandbox { sandbox async throws in
      let settings: [Fault.Name: String] = [.status: #", "status": 500"#, .delay: #", "milliseconds": 1"#]
      let body = "{\"fault\": \"\(name.rawValue)\"\(settings[name] ?? "")}"
      let answer = try await control("POST", "/faults", body, on: sandbox)
      #expect(answer.status == 200)
    }
  }

  @Test func `limits the rate`() async throws {
    try await withSandbox { sandbox async throws in
      _ = try await control("POST", "/rate-limit", #"{"requests": 1, "seconds": 3600}"#, on: sandbox)
      _ = try await usage(sandbox, key: "acme-key")
      #expect(try await usage(sandbox, key: "acme-key")?.status == 429)
      _ = try await control("POST", "/rate-limit", #"{"requests": 0}"#, on: sandbox)
      #expect(try await usage(sandbox, key: "acme-key")?.status == 200)
    }
  }

  @Test func `adds organizations and replaces keys`() async throws {
    try await withSandbox { sandbox async throws in
      let body = #"{"id": "hooli", "name": "Hooli", "keys": ["hooli-key"], "pages_per_month": 30000, "seed": 5}"#
      #expect(try await control("POST", "/organizations", body, on: sandbox).status == 200)
      let pages = try #require(try await usage(sandbox, key: "hooli-key")?.json?["successful_pages"]?.integer)
      #expect(pages > 0)
      #expect(
        try await control("POST", "/keys", #"{"revoke": "hooli-key"}"#, on: sandbox).json?["changed"]?.value
          == .boolean(true))
      _ = try await control("POST", "/keys", #"{"organization": "hooli", "add": "new-key"}"#, on: sandbox)
      #expect(try await usage(sandbox, key: "hooli-key")?.status == 401)
      #expect(try await usage(sandbox, key: "new-key")?.status == 200)
      let list = try await control("GET", "/organizations", on: sandbox)
      guard case .array(let entries) = list.json?.value else {
        Issue.record("no list: \(list.body)")
        return
      }
      #expect(entries.map { $0["id"]?.string } == ["acme", "globex", "hooli"])
      #expect(entries.last?["pages"]?.integer == pages)
    }
  }

  @Test func `shows the requests, the webhooks and the mail, and forgets them`() async throws {
    try await withSandbox { sandbox async throws in
      _ = try await usage(sandbox, key: "acme-key")
      let requests = try await control("GET", "/requests", on: sandbox)
      #expect(requests.json?["total"]?.integer == 1)
      #expect(requests.body.contains(#""organization" : "acme""#))
      _ = try await control("POST", "/hooks", #"{"path": "/hooks/x", "answer": "status", "status": 410}"#, on: sandbox)
      let headers = ["Authorization": "Bearer token-of-a-user"]
      #expect(try await send("POST", "/hooks/x", to: sandbox, headers: headers, body: "hello")?.status == 410)
      let hooks = try await control("GET", "/hooks", on: sandbox)
      #expect(hooks.body.contains(#""body" : "hello""#))
      #expect(!hooks.body.contains("token-of-a-user"))
      #expect(try await control("GET", "/mail", on: sandbox).json?["total"]?.integer == 0)
      for path in ["/requests", "/hooks", "/mail"] {
        #expect(try await control("DELETE", path, on: sandbox).status == 200)
        #expect(try await control("GET", path, on: sandbox).json?["total"]?.integer == 0)
      }
      #expect(try await send("POST", "/hooks/x", to: sandbox)?.status == 200)
    }
  }

  @Test(arguments: [
    ("/clock", "", "the body is no JSON"), ("/clock", "[]", "expected an object"),
    ("/clock", "{}", "expected one of"), ("/clock", #"{"now": "tomorrow"}"#, "now: expected a time"),
    ("/clock", #"{"now": "1815-11-05T12:00:00Z"}"#, "now: expected a time"),
    ("/clock", #"{"advance": "6 hours"}"#, "advance: expected a length of time"),
    ("/usage", #"{"organization": "nobody", "pages": 1}"#, "there is no organization \"nobody\""),
    ("/usage", #"{"organization": "acme", "page": 1}"#, "unknown key \"page\""),
    ("/usage", #"{"organization": "acme", "pages": -1}"#, "pages: expected a whole number"),
    ("/usage", #"{"organization": "acme", "pages": 1, "add_pages": 1}"#, "to set them, or"),
    ("/usage", #"{"organization": "acme", "pages": 1, "month": "2026-13"}"#, "month: expected a month"),
    ("/faults", #"{"fault": "explode"}"#, "\"explode\" is not known here"),
    ("/faults", #"{"fault": "status"}"#, "\"status\" is missing"),
    ("/faults", #"{"fault": "status", "status": 100}"#, "from 200 to 599"),
    ("/faults", #"{"fault": "counters", "pages": {}}"#, "pages: expected a number"),
    ("/keys", #"{"add": "key"}"#, "expected either"), ("/rate-limit", "{}", "\"requests\" is missing"),
    ("/organizations", #"{"id": "a b", "keys": ["k"]}"#, "is not an id"),
    ("/hooks", #"{"path": "/api/usage", "answer": "hang"}"#, "has to begin with /hooks/"),
  ])
  func `refuses what it does not understand with one line`(path: String, body: String, text: String) async throws {
    try await withSandbox { sandbox async throws in
      let answer = try await control("POST", path, body, on: sandbox)
      #expect(answer.status == 400)
      let message = try #require(answer.json?["error"]?.string)
      #expect(message.contains(text), "\(message)")
      #expect(!message.contains("\n"))
    }
  }
}
