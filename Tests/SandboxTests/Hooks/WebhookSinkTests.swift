import Sandbox
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `The webhook sink` {
  @Test func `keeps what was sent as it was sent`() async throws {
    try await withSandbox { sandbox async throws in
      let body = "{\"text\":  \"ä\"}\n"
      let answer = try await send(
        "POST", "/hooks/ops/team?x=1", to: sandbox,
        headers: ["Content-Type": "application/json", "Webhook-Id": "1"], body: body)
      #expect(answer?.status == 200)
      let hook = try #require(sandbox.hooks.received.entries.first)
      #expect(hook.method == "POST")
      #expect(hook.path == "/hooks/ops/team")
      #expect(hook.query == "x=1")
      #expect(hook.header("webhook-id") == "1")
      #expect(hook.header("content-type") == "application/json")
      #expect(hook.body == Array(body.utf8))
      #expect(sandbox.hooks.received(on: "/hooks/ops").isEmpty)
    }
  }

  @Test func `answers like Slack below its path`() async throws {
    try await withSandbox { sandbox async throws in
      let answer = try await send("POST", "/slack/alerts", to: sandbox, body: "{}")
      #expect(answer?.status == 200)
      #expect(answer?.body == "ok")
    }
  }

  @Test func `answers a path as planned, and then as usual`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.hooks.plan(.status(429, body: "rate_limited", retryAfter: "7"), times: 1, on: "/slack/alerts")
      sandbox.hooks.plan(.disconnect, times: 1, on: "/slack/alerts")
      let refused = try await send("POST", "/slack/alerts", to: sandbox, body: "{}")
      #expect(refused?.status == 429)
      #expect(refused?.body == "rate_limited")
      #expect(refused?.headers["retry-after"] == "7")
      #expect(try await send("POST", "/slack/other", to: sandbox)?.status == 200)
      #expect(try await send("POST", "/slack/alerts", to: sandbox) == nil)
      #expect(try await send("POST", "/slack/alerts", to: sandbox)?.status == 200)
      // Those that were not accepted were received all the same.
      #expect(sandbox.hooks.received(on: "/slack/alerts").count == 3)
    }
  }

  @Test func `answers as planned until that is taken back`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.hooks.plan(.status(410), on: "/hooks/gone")
      #expect(try await send("POST", "/hooks/gone", to: sandbox)?.status == 410)
      #expect(try await send("POST", "/hooks/gone", to: sandbox)?.status == 410)
      sandbox.hooks.clearAnswers(on: "/hooks/gone")
      #expect(try await send("POST", "/hooks/gone", to: sandbox)?.status == 200)
    }
  }

  @Test func `holds an answer back until it is released`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.hooks.plan(.hang, times: 1, on: "/hooks/slow")
      async let held = send("POST", "/hooks/slow", to: sandbox)
      try await sandbox.hooks.received.wait(untilTotal: 1)
      sandbox.hooks.releaseHanging()
      #expect(try await held?.status == 200)
    }
  }

  @Test func `lets a test wait for what is still to come`() async throws {
    try await withSandbox { sandbox async throws in
      async let received = sandbox.hooks.received.wait(untilTotal: 2)
      _ = try await send("POST", "/hooks/a", to: sandbox)
      _ = try await send("PUT", "/hooks/b", to: sandbox)
      #expect(try await received.map(\.path) == ["/hooks/a", "/hooks/b"])
    }
  }
}
