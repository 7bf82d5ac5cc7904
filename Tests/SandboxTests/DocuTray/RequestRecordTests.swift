import QuotaCore
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `The vendor's record of requests` {
  @Test func `tells who asked what and what was answered`() async throws {
    try await withSandbox { sandbox async throws in
      let november = try month("2026-11")
      sandbox.vendor.setUsage(of: acme, in: november, to: Counters(pages: 7, conversions: 3))
      _ = try await usage(sandbox, key: "acme-key")
      _ = try await usage(sandbox, key: "globex-key", query: "?year=2026&month=13")
      _ = try await usage(sandbox, key: "a-key-of-somebody")
      sandbox.vendor.inject(.html)
      _ = try await usage(sandbox, key: "acme-key")
      let requests = sandbox.vendor.requests.entries
      #expect(
        requests.map(\.outcome) == [
          .usage(november, Counters(pages: 7, conversions: 3)), .status(400), .status(401), .fault(.html),
        ])
      #expect(requests.map(\.organization) == [acme, globex, nil, acme])
      #expect(requests.map(\.query) == [nil, "year=2026&month=13", nil, nil])
      #expect(requests.map(\.endpoint) == Array(repeating: "GET /api/usage", count: 4))
      let now = sandbox.vendor.now
      #expect(requests.allSatisfy { $0.vendorTime == now })
      #expect(requests[2].keyHash == VendorRequest.hash(ofKey: "a-key-of-somebody"))
      #expect(!String(describing: requests).contains("a-key-of-somebody"))
      #expect(sandbox.vendor.requestCount(of: acme) == 2)
      sandbox.vendor.clearRequests()
      #expect(sandbox.vendor.requests.total == 0)
      #expect(sandbox.vendor.requestCount(of: acme) == 0)
    }
  }

  @Test func `hashes keys by FNV-1a`() {
    // The published test vectors of the 64-bit variant.
    #expect(VendorRequest.hash(ofKey: "") == "cbf29ce484222325")
    #expect(VendorRequest.hash(ofKey: "a") == "af63dc4c8601ec8c")
    #expect(VendorRequest.hash(ofKey: "foobar") == "85944171f73967e8")
  }

  @Test func `keeps the latest only, and counts all`() async throws {
    try await withSandbox(remembering: 3) { sandbox async throws in
      for number in 1...11 { _ = try await usage(sandbox, key: "acme-key", query: "?year=2026&month=\(number)") }
      #expect(sandbox.vendor.requests.total == 11)
      #expect(sandbox.vendor.requestCount(of: acme) == 11)
      #expect(sandbox.vendor.requests.entries.map(\.query) == [9, 10, 11].map { "year=2026&month=\($0)" })
    }
  }

  @Test func `stops waiting when the task is cancelled`() async throws {
    try await withSandbox { sandbox async throws in
      let waiting = Task { try await sandbox.vendor.requests.wait(untilTotal: 1) }
      waiting.cancel()
      await #expect(throws: CancellationError.self) { try await waiting.value }
    }
  }
}
