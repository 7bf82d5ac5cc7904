import CurlTransport
import QuotaCore
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("An address", .timeLimit(.minutes(5)))
struct AddressTests {
  @Test(
    "is refused if it is not https, or http to loopback, or holds what does not belong there",
    arguments: [
      "http://example.com/SECRET", "http://127.0.0.1.evil.com/SECRET", "http://localhost.evil.com/SECRET",
      "http://localhost@evil.com/SECRET", "http://127.0.0.1:80@evil.com/SECRET", "http://evil.com#@127.0.0.1/SECRET",
      "http://evil.com\\@127.0.0.1/SECRET", "http://127.0.0.1\\@evil.com/SECRET", "http://10.0.0.1/SECRET",
      "http://[::2]/SECRET", "http://[::ffff:10.0.0.1]/SECRET", "http://128.0.0.1/SECRET",
      "http://2130706434.com/SECRET",
      "https://user@example.com/SECRET", "https://user:SECRET@example.com/", "http://user@127.0.0.1/SECRET",
      "file:///etc/passwd", "ftp://127.0.0.1/SECRET", "smtp://127.0.0.1/SECRET", "gopher://127.0.0.1/SECRET",
      "127.0.0.1/SECRET", "//127.0.0.1/SECRET", "", "https://", "https:///SECRET", "https:/SECRET", "https:SECRET",
      "https:/SECRET?://", "SECRET",
      "https://example.com/SECRET\r\nX-Injected: 1", "https://example.com/SECRET\0", "https://example.com/a SECRET",
      "https://exa\nmple.com/SECRET", "https://example.com:99999/SECRET", "https://[::1/SECRET",
    ])
  func refused(url: String) async throws {
    let error = try #require(try await makeTransport().failure(of: TransportRequest(.get, url: Secret(url))))
    #expect(error.kind == .refused, "\(error)")
    #expect(!error.message.contains("SECRET"))
    #expect(!error.isRetryable)
  }

  @Test(
    "of this machine may be plain http", arguments: ["127.0.0.1", "localhost", "LOCALHOST", "127.1", "0x7f000001"])
  func loopback(host: String) async throws {
    let server = try ScriptedServer(.http(text: "here"))
    #expect(try await makeTransport().get("http://\(host):\(server.port)/").text == "here")
  }

  @Test("elsewhere may be plain http only if that is allowed, and nothing is connected otherwise")
  func plainHTTP() async throws {
    // To Linux 0.0.0.0 means this machine, too, but it is no loopback address.
    let server = try ScriptedServer(.http(text: "here"))
    var request = TransportRequest(.get, url: Secret("http://0.0.0.0:\(server.port)/"))
    #expect(try await makeTransport().failure(of: request)?.kind == .refused)
    #expect(server.log.connectionCount == 0)
    request.allowsPlainHTTP = true
    #expect(try await makeTransport().send(request).text == "here")
  }

  @Test("of this machine is never asked of a proxy, others are")
  func proxy() async {
    // In a process of its own, because the environment belongs to all tests.
    await #expect(processExitsWith: .success) {
      let proxy = try ScriptedServer(.http(text: "proxy"))
      let server = try ScriptedServer(.http(text: "server"))
      for name in ["http_proxy", "all_proxy"] { setenv(name, proxy.url(), 1) }
      for name in ["no_proxy", "NO_PROXY"] { unsetenv(name) }
      let transport = try makeTransport()
      #expect(try await transport.get(server.url()).text == "server")
      #expect(try await transport.get("http://localhost:\(server.port)/").text == "server")
      #expect(proxy.log.connectionCount == 0)
      var request = TransportRequest(.get, url: Secret("http://elsewhere.invalid/"))
      request.allowsPlainHTTP = true
      #expect(try await transport.send(request).text == "proxy")
      #expect(proxy.log.requests.map(\.target) == ["http://elsewhere.invalid/"])
    }
  }
}
