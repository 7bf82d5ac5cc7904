import CurlTransport
import QuotaCore
import TestSupport
import Testing

@Suite("A mail server that is tried out", .timeLimit(.minutes(5)))
struct MailProbeTests {
  private func failure(of server: MailServer) async throws -> MailError? {
    let transport = try makeTransport()
    do throws(MailError) {
      let answer = try await transport.probe(server)
      Issue.record("answered \(answer)")
      return nil
    } catch {
      return error
    }
  }

  @Test("is greeted and gets no message")
  func accepted() async throws {
    let server = try ScriptedServer.mail(["NOOP": .say("250 still here")])
    #expect(try await makeTransport().probe(.local(port: server.port)) == "250 still here")
    let log = await server.log { $0.closedCount == 1 }
    #expect(log.lines.map { $0.prefix { $0 != " " } } == ["EHLO", "NOOP", "QUIT"])
  }

  @Test("tells that a password is wrong, and gets none where it cannot be encrypted")
  func refused() async throws {
    let authority = try TestCertificateAuthority()
    let sink = try await TestMailServer(.startTLS, certificate: authority.valid, login: ("u", "right"))
    func server(_ port: Int, password: String) -> MailServer {
      .local(.startTLS, port: port, login: ("u", password), caFile: authority.caFile)
    }
    #expect(try await makeTransport().probe(server(sink.port, password: "right")).hasPrefix("250 "))
    guard case .refused(535, let answer, .login) = try await failure(of: server(sink.port, password: "WRONG")) else {
      Issue.record("the password is not refused")
      return
    }
    #expect(!answer.contains("WRONG"))

    let plain = try ScriptedServer.mail(["EHLO": .say("250-mail.test\r\n250 AUTH PLAIN")])
    guard case .transport(.tls) = try await failure(of: server(plain.port, password: "p")) else {
      Issue.record("the missing STARTTLS is not told")
      return
    }
    #expect(plain.log.lines.allSatisfy { $0.hasPrefix("EHLO") || $0.hasPrefix("QUIT") })
  }

  @Test("elsewhere in plain is refused, and nothing is connected")
  func plainElsewhere() async throws {
    let server = try ScriptedServer.mail()
    guard case .transport(.refused) = try await failure(of: .local(host: "0.0.0.0", port: server.port)) else {
      Issue.record("plain SMTP is not refused")
      return
    }
    #expect(server.log.connectionCount == 0)
  }
}
