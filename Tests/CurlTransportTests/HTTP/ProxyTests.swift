import QuotaCore
import TestSupport
import Testing

@testable import CurlTransport

@Suite("A proxy", .timeLimit(.minutes(5)))
struct ProxyTests {
  private static func proxies(_ variables: [String: String]) -> Proxies { Proxies { variables[$0] } }

  private static func failure(
    through proxy: String, to url: String = "https://vendor.invalid/api/usage", timeout: TimeSpan = .seconds(30)
  ) async throws -> TransportError? {
    let transport = try CurlTransport(userAgent: "quotawatch/test", proxies: proxies(["https_proxy": proxy]))
    return await transport.failure(of: TransportRequest(.get, url: Secret(url), timeout: timeout))
  }

  @Test(
    "that does not connect is named, with what it says",
    arguments: [
      (403, "forbids the connection to vendor.invalid (HTTP 403)"), (407, "asks for a login (HTTP 407)"),
      (502, "does not connect to vendor.invalid (HTTP 502)"), (302, "does not connect to vendor.invalid (HTTP 302)"),
    ])
  func refusals(status: Int, words: String) async throws {
    let server = try ScriptedServer(.http(status, [("Proxy-Authenticate", "Basic realm=x")]))
    let error = try await Self.failure(through: "http://user:pass-word@127.0.0.1:\(server.port)/")
    #expect(error?.kind == .unreachable)
    #expect(error?.message.hasPrefix("the proxy 127.0.0.1:\(server.port) ") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("pass-word") == false)
    #expect(server.log.requests.first?.line == "CONNECT vendor.invalid:443 HTTP/1.1")
  }

  @Test("that nobody listens at, that breaks off and that says nothing is named")
  func silence() async throws {
    let dead = try await Self.failure(through: "127.0.0.1:1")
    #expect(dead == .unreachable("the proxy 127.0.0.1:1 cannot be connected to: Connection refused"))
    let unknown = try await Self.failure(through: "http://proxy.invalid:3128")
    #expect(unknown == .unreachable("the name of the proxy proxy.invalid:3128 cannot be resolved"))
    let rude = try ScriptedServer(.disconnect)
    let broken = try await Self.failure(through: "http://127.0.0.1:\(rude.port)")
    #expect(
      broken
        == .unreachable("the proxy 127.0.0.1:\(rude.port) broke off before it had connected to vendor.invalid"))
    let slow = try ScriptedServer(.hang)
    let late = try await Self.failure(through: "http://127.0.0.1:\(slow.port)", timeout: .seconds(1))
    #expect(late == .timeout("the proxy 127.0.0.1:\(slow.port) did not connect to vendor.invalid in time"))
  }

  @Test("that has connected is not to blame for what the host does")
  func connected() async throws {
    let server = try ScriptedServer(.raw("HTTP/1.1 200 Connection established\r\n\r\nno TLS at all"))
    let error = try await Self.failure(through: "http://127.0.0.1:\(server.port)")
    #expect(error?.kind == .tls)
    #expect(error?.message.contains("proxy") == false)
  }

  @Test("is not asked for loopback")
  func loopback() async throws {
    let server = try ScriptedServer(.http(text: "straight"))
    let transport = try CurlTransport(
      userAgent: "quotawatch/test", proxies: Self.proxies(["http_proxy": "http://127.0.0.1:1", "ALL_PROXY": "x:1"]))
    #expect(try await transport.get(server.url()).text == "straight")
  }

  @Test(
    "is the one that curl would take",
    arguments: [
      (["https_proxy": "a:1"], "https", "h.example", "a:1"), (["HTTPS_PROXY": "http://b"], "https", "h.example", "b"),
      (["HTTP_PROXY": "a:1"], "http", "h.example", nil), (["http_proxy": "a:1"], "http", "h.example", "a:1"),
      (["http_proxy": "a:1"], "https", "h.example", nil),
      (["all_proxy": "socks5h://u:p@c:9/x"], "https", "h.example", "c:9"),
      (["https_proxy": "", "ALL_PROXY": "d"], "https", "h.example", "d"),
      (["https_proxy": "a:1", "no_proxy": "*"], "https", "h.example", nil),
      (["https_proxy": "a:1", "NO_PROXY": "x.example, h.example"], "https", "H.example.", nil),
      (["https_proxy": "a:1", "no_proxy": ".example"], "https", "h.example", nil),
      (["https_proxy": "a:1", "no_proxy": "ample"], "https", "h.example", "a:1"),
      (["https_proxy": "a:1", "no_proxy": "h.example.org"], "https", "h.example", "a:1"),
      (["https_proxy": "a:1", "no_proxy": "10.0.0.0/9"], "https", "10.127.1.1", nil),
      (["https_proxy": "a:1", "no_proxy": "10.0.0.0/9"], "https", "10.128.1.1", "a:1"),
      (["https_proxy": "a:1", "no_proxy": "10.1.1.1"], "https", "10.1.1.1", nil),
      (["https_proxy": "a:1", "no_proxy": "[fd00::]/8"], "https", "fd12::1", nil),
      (["https_proxy": "a:1", "no_proxy": "fd00::/8"], "https", "fd12::1", nil),
      (["https_proxy": "a:1", "no_proxy": "x, *"], "https", "h.example", nil),
      (["https_proxy": "a:1", "no_proxy": "*.example"], "https", "h.example", nil),
      (["https_proxy": "a:1", "no_proxy": "*.xample"], "https", "h.example", "a:1"),
      (["https_proxy": "a:1", "no_proxy": "h.example:443"], "https", "h.example", nil),
      (["https_proxy": "a:1", "no_proxy": "h.example:8443"], "https", "h.example", "a:1"),
      (["https_proxy": "a:1", "no_proxy": "10.0.0.0/9:443"], "https", "10.1.1.1", nil),
      (["https_proxy": "a:1", "no_proxy": "[fd12::1]:443"], "https", "fd12::1", nil),
      (["https_proxy": "a:1", "no_proxy": "[fd12::1]:444"], "https", "fd12::1", "a:1"),
      (["https_proxy": "a:1", "no_proxy": "[fd00::]/8:443"], "https", "fd12::1", nil),
      (["https_proxy": "a:1", "no_proxy": "[fd00::]/8:444"], "https", "fd12::1", "a:1"),
      ([:], "https", "h.example", nil),
    ] as [([String: String], String, String, String?)])
  func choice(variables: [String: String], scheme: String, host: String, name: String?) {
    #expect(Self.proxies(variables).proxy(to: host, port: 443, scheme: scheme)?.name == name)
  }
}
