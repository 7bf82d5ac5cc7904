import CurlTransport
import Foundation
import QuotaCore
import TestSupport

extension MailMessage {
  /// A message in which a test changes what it is about.
  static func example(
    from: Mailbox = Mailbox(name: "Quota Watch", address: "quotawatch@example.com"),
    to: [Mailbox] = [Mailbox(address: "finance@example.com")], subject: String = "80% of the pages are used",
    text: String = "8200 of 10000 pages\n", html: String = "<p>8200 of 10000 pages</p>\n",
    messageID: String = "pages-quota/acme/2026-11/pages/80=25/firing/1@quotawatch"
  ) -> MailMessage {
    MailMessage(
      from: from, to: to, subject: subject, text: text, html: html, messageID: messageID,
      // 2026-11-23 12:34:56 UTC, a Monday.
      date: Date(timeIntervalSince1970: 1_795_437_296))
  }
}

extension MailServer {
  /// A server on loopback.
  static func local(
    _ security: Security = .plain, host: String = "localhost", port: Int, login: (String, String)? = nil,
    caFile: String? = nil, allowsPlain: Bool = false, timeout: TimeSpan = .seconds(20)
  ) -> MailServer {
    MailServer(
      security: security, host: host, port: port, username: login?.0, password: login.map { Secret($0.1) },
      caFile: caFile, allowsPlain: allowsPlain, timeout: timeout)
  }
}

/// What a scripted mail server does when it is asked something.
enum MailReply: Sendable {
  case say(String)
  case hang
  case disconnect
}

extension ScriptedServer {
  /// A mail server that answers by the first word of each command, and otherwise as one that takes everything.
  ///
  /// - Parameter replies: by a whole line, or by `greeting`, `EHLO`, `AUTH`, `MAIL`, `RCPT`, `DATA`, `.` (the message's end), `QUIT`.
  static func mail(_ replies: [String: MailReply] = [:]) throws -> ScriptedServer {
    let usual = ["greeting": "220 mail.test", "DATA": "354 go ahead", ".": "250 taken", "QUIT": "221 bye"]
    return try ScriptedServer(session: { connection in
      func answers(_ word: String) -> Bool {
        switch replies[word] ?? .say(usual[word] ?? "250 ok") {
        case .say(let text): return connection.send(text + "\r\n")
        case .hang:
          connection.hang()
          return false
        case .disconnect: return false
        }
      }
      guard answers("greeting") else { return }
      while let line = connection.readLine() {
        // A recipient may have an answer of its own.
        let word = replies[line] == nil ? String(line.prefix { $0 != " " }).uppercased() : line
        guard answers(word) else { return }
        guard word == "DATA", replies[word] == nil else { continue }
        while let line = connection.readLine(), line != "." {}
        guard answers(".") else { return }
      }
    })
  }
}
