import CurlTransport
import QuotaCore
import TestSupport
import Testing

@Suite("A mail with a line break or NUL where it would become a header or a command", .timeLimit(.minutes(5)))
struct MailInjectionTests {
  private static let injected: [(String, MailMessage)] =
    ["\r\nBcc: x@evil.example", "\n", "\r", "\0", "\u{7F}"].flatMap {
      [
        ("subject", MailMessage.example(subject: "a\($0)b")),
        ("sender's name", .example(from: Mailbox(name: "a\($0)b", address: "a@example.com"))),
        ("sender", .example(from: Mailbox(address: "a@example.com\($0)b"))),
        ("recipient's name", .example(to: [Mailbox(name: "a\($0)b", address: "a@example.com")])),
        ("recipient", .example(to: [Mailbox(address: "ok@example.com"), Mailbox(address: "a@example.com\($0)b")])),
        ("Message-ID", .example(messageID: "a\($0)b")),
      ]
    } + [
      ("closing bracket in a recipient", .example(to: [Mailbox(address: "a@example.com> NOTIFY=NEVER")])),
      ("closing bracket in a sender", .example(from: Mailbox(address: "a@example.com>"))),
      ("bracket in a Message-ID", .example(messageID: "a>b")), ("empty Message-ID", .example(messageID: "")),
      ("empty recipient", .example(to: [Mailbox(address: "")])), ("no recipient", .example(to: [])),
      ("recipient outside of ASCII", .example(to: [Mailbox(address: "jörg@example.com")])),
    ]

  @Test("is refused, and nothing is connected")
  func injection() async throws {
    let server = try ScriptedServer.mail()
    let transport = try makeTransport()
    for (what, message) in Self.injected {
      guard case .transport(.refused) = await transport.failure(of: message, via: .local(port: server.port)) else {
        Issue.record("a bad \(what) is not refused")
        continue
      }
    }
    for login in [("u\r\nx", "p"), ("u", "p\0x"), ("u\0", "p"), ("u", "p\n")] {
      guard
        case .transport(.refused(let text)) = await transport.failure(
          of: .example(), via: .local(port: server.port, login: login))
      else {
        Issue.record("a bad login is not refused")
        continue
      }
      #expect(!text.contains(login.1))
    }
    #expect(server.log.connectionCount == 0)
  }
}
