import Foundation
import QuotaCore
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `A fault of the vendor` {
  @Test(arguments: [
    (401, #"{"error":"Unauthorized"}"#), (403, #"{"message":"Access denied to this execution"}"#),
    (500, #"{"message":"Internal server error: simulated"}"#),
    (503, #"{"message":"Internal server error: simulated"}"#), (418, #"{"message":"simulated"}"#),
    (408, #"{"message":"The document could not be downloaded within 30 seconds"}"#),
  ])
  func `answers a status with the body that is documented for it`(status: Int, body: String) async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(.status(status))
      let answer = try #require(try await usage(sandbox, key: "acme-key"))
      #expect(answer.status == status)
      #expect(answer.body == body)
    }
  }

  @Test func `answers a status with a body and a retry-after of its own`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(.status(429, body: "later", retryAfter: "Wed, 21 Oct 2026 07:28:00 GMT"))
      let answer = try #require(try await usage(sandbox, key: "acme-key"))
      #expect(answer.status == 429)
      #expect(answer.body == "later")
      #expect(answer.headers["retry-after"] == "Wed, 21 Oct 2026 07:28:00 GMT")
    }
  }

  @Test func `happens as often as it was told, one after the other`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(.status(503), times: 2)
      sandbox.vendor.inject(.status(429), times: 1)
      var statuses: [Int?] = []
      for _ in 0..<4 { statuses.append(try await usage(sandbox, key: "acme-key")?.status) }
      #expect(statuses == [503, 503, 429, 200])
    }
  }

  @Test func `strikes one organization, or everyone until it is cleared`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(.status(500), for: acme)
      #expect(try await usage(sandbox, key: "acme-key")?.status == 500)
      #expect(try await usage(sandbox, key: "acme-second-key")?.status == 500)
      #expect(try await usage(sandbox, key: "globex-key")?.status == 200)
      sandbox.vendor.inject(.status(502))
      #expect(try await usage(sandbox, key: "acme-key")?.status == 500)
      #expect(try await usage(sandbox, key: "globex-key")?.status == 502)
      #expect(try await usage(sandbox, key: "nobody")?.status == 502)
      sandbox.vendor.clearFaults(of: acme)
      #expect(try await usage(sandbox, key: "acme-key")?.status == 502)
      sandbox.vendor.clearFaults()
      #expect(try await usage(sandbox, key: "acme-key")?.status == 200)
    }
  }

  @Test func `ends the connection without an answer`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(.disconnect, times: 1)
      #expect(try await usage(sandbox, key: "acme-key") == nil)
      #expect(try await usage(sandbox, key: "acme-key")?.status == 200)
    }
  }

  @Test func `ends the connection in the middle of the body`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(.brokenBody)
      let answer = try #require(try await usage(sandbox, key: "acme-key"))
      #expect(answer.status == 200)
      #expect(!answer.isComplete)
      #expect(answer.body.hasPrefix(#"{"year":2026,"month":11"#))
    }
  }

  @Test(arguments: [Fault.truncated, .garbage, .html])
  func `answers 200 with a whole body that is no JSON`(fault: Fault) async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(fault)
      let answer = try #require(try await usage(sandbox, key: "acme-key"))
      #expect(answer.status == 200)
      #expect(answer.isComplete)
      #expect(!answer.body.isEmpty)
      #expect(answer.json == nil)
      #expect((answer.headers["content-type"] == "text/html; charset=utf-8") == (fault == .html))
    }
  }

  @Test(arguments: [
    (Fault.counters(pages: "-5", conversions: "1.5"), #""successful_pages":-5,"successful_conversions":1.5}"#),
    (.counters(pages: "\"12\"", conversions: "null"), #""successful_pages":"12","successful_conversions":null}"#),
    (.counters(pages: nil, conversions: "1"), #""month":11,"successful_conversions":1}"#),
    (.counters(pages: nil, conversions: nil), #"{"year":2026,"month":11}"#),
    (.wrongMonth, #"{"year":2026,"month":12,"successful_pages":0,"successful_conversions":0}"#),
  ])
  func `answers 200 with what no counter is`(fault: Fault, ending: String) async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(fault)
      let answer = try #require(try await usage(sandbox, key: "acme-key"))
      #expect(answer.status == 200)
      #expect(answer.body.hasSuffix(ending))
      #expect(answer.json != nil)
    }
  }

  @Test func `holds an answer back until it is released`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(.hang, times: 1)
      async let held = usage(sandbox, key: "acme-key")
      try await sandbox.vendor.requests.wait(untilTotal: 1)
      // While one hangs, others are answered.
      #expect(try await usage(sandbox, key: "globex-key")?.status == 200)
      sandbox.vendor.releaseHanging()
      #expect(try await held?.status == 200)
    }
  }

  @Test func `makes an answer late`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(.delay(milliseconds: 50))
      let start = ContinuousClock.now
      #expect(try await usage(sandbox, key: "acme-key")?.status == 200)
      #expect(ContinuousClock.now - start >= .milliseconds(50))
    }
  }
}

@Suite(.timeLimit(.minutes(5)))
struct `A key` {
  @Test func `is refused once it is revoked, and a new one is accepted`() async throws {
    try await withSandbox { sandbox async throws in
      #expect(sandbox.vendor.revokeKey("globex-key"))
      #expect(!sandbox.vendor.revokeKey("globex-key"))
      #expect(try await usage(sandbox, key: "globex-key")?.status == 401)
      #expect(sandbox.vendor.addKey("globex-renewed", to: globex))
      #expect(try await usage(sandbox, key: "globex-renewed")?.status == 200)
      #expect(sandbox.vendor.organizations.map(\.keys) == [["acme-key", "acme-second-key"], ["globex-renewed"]])
      #expect(!sandbox.vendor.addKey("key", to: OrganizationID("nobody")))
    }
  }

  @Test func `belongs to the organization that got it last`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.setUsage(of: globex, in: try month("2026-11"), to: Counters(pages: 5, conversions: 5))
      sandbox.vendor.addKey("acme-key", to: globex)
      #expect(try await usage(sandbox, key: "acme-key")?.json?["successful_pages"]?.integer == 5)
      #expect(sandbox.vendor.organizations.first?.keys == ["acme-second-key"])
    }
  }
}

@Suite(.timeLimit(.minutes(5)))
struct `The vendor's rate limit` {
  @Test func `refuses what is too much with the documented body, for one organization only`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.limitRate(RateLimit(requests: 2, perSeconds: 3_600), of: acme)
      #expect(try await usage(sandbox, key: "acme-key")?.status == 200)
      #expect(try await usage(sandbox, key: "acme-second-key")?.status == 200)
      let refused = try #require(try await usage(sandbox, key: "acme-key"))
      #expect(refused.status == 429)
      let json = try #require(refused.json)
      #expect(json["error"]?.string == "Rate limit exceeded")
      #expect(json["limitType"]?.string == "hour")
      #expect(json["limit"]?.integer == 2)
      #expect(json["remaining"]?.integer == 0)
      #expect(json["resetTime"]?.integer != nil)
      let seconds = try #require(json["retryAfter"]?.integer)
      #expect((3_500...3_600).contains(seconds))
      #expect(refused.headers["retry-after"] == String(seconds))
      #expect(try await usage(sandbox, key: "globex-key")?.status == 200)
      sandbox.vendor.limitRate(nil, of: acme)
      #expect(try await usage(sandbox, key: "acme-key")?.status == 200)
    }
  }

  @Test func `counts all organizations together if it is everyone's`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.limitRate(RateLimit(requests: 1, perSeconds: 86_400))
      #expect(try await usage(sandbox, key: "acme-key")?.status == 200)
      #expect(try await usage(sandbox, key: "globex-key")?.status == 429)
    }
  }
}
