import FoundationEssentials
import HTTPTypes
import QuotaCore
import Synchronization
import Testing

@testable import WebServer

@Suite("Who may ask a server")
struct AccessPolicyTests {
  private static let token = AccessPolicy.Token(
    name: "prometheus", secret: Secret("s3cret-s3cret"), scopes: [.metrics], organizations: [OrganizationID("acme")])

  private static func visitor(
    _ policy: AccessPolicy, from peer: String? = "203.0.113.9", authorization: String? = nil,
    session: String? = nil, headers: [String: String] = [:]
  ) async throws -> AccessPolicy.Visitor? {
    try await policy.visitor(from: peer, authorization: authorization, session: session) { headers[$0] }
  }

  @Test("on this machine is everybody, and nobody with a wrong token")
  func local() async throws {
    let policy = AccessPolicy(isLocal: true, tokens: [Self.token])
    #expect(try await Self.visitor(policy)?.scopes == [.read, .metrics])
    #expect(try await Self.visitor(policy, authorization: "Bearer wrong") == nil)
    #expect(try await Self.visitor(policy, authorization: "Bearer") == nil)
    #expect(try await Self.visitor(policy, authorization: "Basic czNjcmV0")?.source == .machine)
    for header in ["Forwarded", "X-Forwarded-For", "X-Real-IP"] {
      #expect(try await Self.visitor(policy, from: "127.0.0.1", headers: [header: "203.0.113.9"]) == nil, "\(header)")
    }
  }

  @Test("on this machine may act without a token where that is allowed, and never where a past moment is shown")
  func actions() async throws {
    var policy = AccessPolicy(isLocal: true)
    policy.allowsActionsOnLoopback = true
    #expect(try await Self.visitor(policy)?.scopes == [.read, .metrics, .act])
    policy.allowsActing = false
    #expect(try await Self.visitor(policy)?.scopes == [.read, .metrics])
  }

  @Test("has signed in with a token, and is who they were before if it opens nothing any more")
  func sessions() async throws {
    let policy = AccessPolicy(isLocal: true, tokens: [Self.token])
    let visitor = try await Self.visitor(policy, session: "s3cret-s3cret")
    #expect(visitor?.name == "prometheus" && visitor?.source == .session)
    #expect(try await Self.visitor(policy, session: "revoked")?.source == .machine)
    #expect(try await Self.visitor(AccessPolicy(isLocal: false), session: "revoked") == nil)
  }

  @Test("is answered no more for a minute after twenty wrong tokens, also with the right one, and others are")
  func failures() async throws {
    let seconds = Mutex(0.0)
    var policy = AccessPolicy(isLocal: false, tokens: [Self.token])
    policy.failures = FailureLimit(elapsed: { seconds.withLock { $0 } })
    // The same one again is no further try.
    for _ in 1...100 { #expect(try await Self.visitor(policy, authorization: "Bearer wrong") == nil) }
    for number in 2...20 { #expect(try await Self.visitor(policy, authorization: "Bearer wrong-\(number)") == nil) }
    for token in ["wrong", "s3cret-s3cret"] {
      var problem: Problem?
      do { _ = try await Self.visitor(policy, authorization: "Bearer \(token)") } catch let error as Problem {
        problem = error
      }
      #expect(problem?.status == .tooManyRequests && problem?.headers[.retryAfter] == "60")
    }
    #expect(try await Self.visitor(policy, from: "203.0.113.8", authorization: "Bearer s3cret-s3cret") != nil)
    seconds.withLock { $0 = 61 }
    #expect(try await Self.visitor(policy, authorization: "Bearer s3cret-s3cret") != nil)
  }

  @Test("is answered with a right token that cannot be found by trying, whoever shows wrong ones at the same address")
  func failuresOfOthers() async throws {
    let long = String(repeating: "s3cret", count: 6)
    var policy = AccessPolicy(
      isLocal: false,
      tokens: [
        Self.token, .init(name: "mara", secret: Secret(long), scopes: [.read], organizations: nil),
      ])
    let stored = StoredToken(
      name: "kim", hash: "", scopes: [.read], organizations: nil, createdAt: .distantPast, createdBy: "root",
      expiresAt: nil)
    policy.storedToken = { $0 == "stored" ? stored : nil }
    for number in 1...20 { #expect(try await Self.visitor(policy, authorization: "Bearer wrong-\(number)") == nil) }
    #expect(try await Self.visitor(policy, authorization: "Bearer \(long)")?.name == "mara")
    #expect(try await Self.visitor(policy, authorization: "Bearer stored")?.name == "kim")
    await #expect(throws: Problem.self) { try await Self.visitor(policy, authorization: "Bearer s3cret-s3cret") }
    await #expect(throws: Problem.self) { try await Self.visitor(policy, authorization: "Bearer \(long)x") }
  }

  @Test("from elsewhere is who shows a token, with that token's rights")
  func tokens() async throws {
    let policy = AccessPolicy(isLocal: false, tokens: [Self.token])
    #expect(try await Self.visitor(policy) == nil)
    for header in ["Bearer s3cret-s3cret", "bearer s3cret-s3cret"] {
      let visitor = try await Self.visitor(policy, authorization: header)
      #expect(visitor?.name == "prometheus")
      #expect(visitor?.scopes == [.metrics])
      #expect(visitor?.organizations == [OrganizationID("acme")])
    }
    for header in ["Bearer s3cret-s3cre", "Bearer s3cret-s3cret ", "Bearer", "Bearer ", "s3cret-s3cret", ""] {
      #expect(try await Self.visitor(policy, authorization: header) == nil, "\(header)")
    }
  }

  @Test("is whom a proxy names, if it is that proxy who says so")
  func proxy() async throws {
    let peers = [try #require(AddressRange("10.0.0.0/8"))]
    let policy = AccessPolicy(isLocal: false, proxy: .init(header: "X-Forwarded-User", peers: peers))
    let headers = ["X-Forwarded-User": "mara"]
    #expect(try await Self.visitor(policy, from: "10.1.2.3", headers: headers)?.name == "mara")
    // What it has asked them by may come along.
    let passed = try await Self.visitor(policy, from: "10.1.2.3", authorization: "Basic bWFyYTpw", headers: headers)
    #expect(passed?.name == "mara" && passed?.source == .proxy)
    #expect(try await Self.visitor(policy, from: "10.1.2.3", authorization: "Bearer p", headers: headers) == nil)
    #expect(try await Self.visitor(policy, from: "::ffff:10.1.2.3", headers: headers)?.name == "mara")
    #expect(try await Self.visitor(policy, from: "11.1.2.3", headers: headers) == nil)
    #expect(try await Self.visitor(policy, from: nil, headers: headers) == nil)
    #expect(try await Self.visitor(policy, from: "10.1.2.3", headers: ["X-Forwarded-User": ""]) == nil)
  }

  @Test(
    "asks for this server, by its address or one of its names",
    arguments: [
      ("localhost", true), ("localhost:8787", true), ("127.0.0.1:8787", true), ("[::1]:8787", true), ("10.2.3.4", true),
      ("usage.example.com", true), ("USAGE.example.com:443", true), ("evil.example", false),
      ("localhost.evil.example", false), ("", false), (nil, false),
    ] as [(String?, Bool)])
  func hosts(host: String?, isOurs: Bool) {
    #expect(AccessPolicy(isLocal: true, hosts: ["Usage.Example.com"]).answers(to: host) == isOurs)
  }

  @Test(
    "may be in a range of addresses",
    arguments: [
      ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.1", "192.0.2.1", true),
      ("192.0.2.1", "192.0.2.2", false), ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false),
      ("0.0.0.0/0", "1.2.3.4", true), ("0.0.0.0/0", "::1", false), ("10.0.0.0/8", "nonsense", false),
    ])
  func ranges(range: String, address: String, isInside: Bool) throws {
    #expect(try #require(AddressRange(range)).contains(address) == isInside)
  }

  @Test(
    "is in no range that is none",
    arguments: ["", "10.0.0.0/33", "10.0.0/8", "::1/129", "a", "10.0.0.0/", "10.0.0.0/+8"])
  func wrongRanges(text: String) {
    #expect(AddressRange(text) == nil)
  }
}
