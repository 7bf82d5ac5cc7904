import Foundation
import QuotaCore
import TestSupport
import Testing

@testable import CurlTransport

@Suite("HTTPS", .timeLimit(.minutes(5)))
struct TLSTests {
  private let authority: TestCertificateAuthority

  init() throws {
    authority = try TestCertificateAuthority()
  }

  private static func request(_ port: Int, host: String = "localhost", trusting caFile: String?) -> TransportRequest {
    TransportRequest(
      .get, url: Secret("https://\(host):\(port)/SECRET"), headers: [.init("X-API-Key", "SECRET")], caFile: caFile)
  }

  @Test("reaches a server whose certificate is right", arguments: ["localhost", "127.0.0.1"])
  func valid(host: String) async throws {
    let server = try await HTTPSServer(authority.valid)
    let response = try await makeTransport().send(Self.request(server.port, host: host, trusting: authority.caFile))
    #expect(response.text == "ok")
  }

  @Test("trusts whom SSL_CERT_FILE names, unless a request names somebody else")
  func environment() async throws {
    let server = try await HTTPSServer(authority.valid)
    func transport(_ file: String) throws -> CurlTransport {
      try CurlTransport(userAgent: "quotawatch/test", proxies: Proxies { $0 == "SSL_CERT_FILE" ? file : nil })
    }
    let request = Self.request(server.port, trusting: nil)
    #expect(try await transport(authority.caFile).send(request).text == "ok")
    #expect(try await transport(authority.strangersFile).failure(of: request)?.kind == .tls)
    let named = Self.request(server.port, trusting: authority.caFile)
    #expect(try await transport(authority.strangersFile).send(named).text == "ok")
  }

  @Test("uses a connection again, but not for a request that trusts somebody else")
  func reuse() async throws {
    let server = try await HTTPSServer(authority.valid)
    let transport = try makeTransport()
    for _ in 0..<3 { _ = try await transport.send(Self.request(server.port, trusting: authority.caFile)) }
    let error = await transport.failure(of: Self.request(server.port, trusting: authority.strangersFile))
    #expect(error?.kind == .tls)
    #expect(Set(try await server.requests(atLeast: 3).map(\.connection)).count == 1)
  }

  @Test("refuses a server that it cannot trust, before anything is sent")
  func untrusted() async throws {
    let valid = try await HTTPSServer(authority.valid)
    let expired = try await HTTPSServer(authority.expired)
    let elsewhere = try await HTTPSServer(authority.elsewhere)
    for (server, caFile, reason) in [
      (valid, authority.strangersFile, "unknown authority"), (valid, nil, "unknown authority"),
      (expired, authority.caFile, "expired"), (elsewhere, authority.caFile, "another host"),
      (valid, "/nowhere/ca.pem", "cannot be read"),
    ] {
      let error = try #require(try await makeTransport().failure(of: Self.request(server.port, trusting: caFile)))
      #expect(error.kind == .tls)
      #expect(error.message.contains(reason) && error.message.contains("localhost"), "\(error)")
      #expect(!error.message.contains("SECRET"))
    }
    for server in [valid, expired, elsewhere] { #expect(try await server.requests().isEmpty) }
  }

  @Test("refuses TLS older than 1.2, even where the system's OpenSSL would take it")
  func oldVersion() async {
    // In a process of its own, because OpenSSL reads its configuration once.
    await #expect(processExitsWith: .success) {
      let authority = try TestCertificateAuthority()
      let configuration = authority.caFile + ".cnf"
      try """
      openssl_conf = initial
      [initial]
      ssl_conf = protocols
      [protocols]
      system_default = lenient
      [lenient]
      MinProtocol = TLSv1
      CipherString = ALL:@SECLEVEL=0
      """.write(toFile: configuration, atomically: true, encoding: .utf8)
      setenv("OPENSSL_CONF", configuration, 1)
      let transport = try makeTransport()
      let old = try await HTTPSServer(authority.valid, newestVersion: "TLSv1_1")
      let error = await transport.failure(of: TLSTests.request(old.port, trusting: authority.caFile))
      #expect(error?.kind == .tls)
      let new = try await HTTPSServer(authority.valid, newestVersion: "TLSv1_2")
      let response = try await transport.send(TLSTests.request(new.port, trusting: authority.caFile))
      #expect(response.text == "ok")
    }
  }

  @Test("to a server that speaks plain HTTP is an error")
  func plainServer() async throws {
    let server = try ScriptedServer(.raw("HTTP/1.1 200 OK\r\n\r\n"))
    let error = try await makeTransport().failure(of: Self.request(server.port, trusting: authority.caFile))
    #expect(error?.kind == .tls)
  }
}
