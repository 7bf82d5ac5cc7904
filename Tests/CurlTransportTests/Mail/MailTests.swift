import CurlTransport
import Foundation
import QuotaCore
import TestSupport
import Testing

@Suite("A mail", .timeLimit(.minutes(5)))
struct MailTests {
  @Test("arrives over STARTTLS and a login, whole")
  func startTLS() async throws {
    let authority = try TestCertificateAuthority()
    let sink = try await TestMailServer(.startTLS, certificate: authority.valid, login: ("quotawatch", "pass word"))
    let receipt = try await makeTransport().send(
      .example(),
      via: .local(.startTLS, port: sink.port, login: ("quotawatch", "pass word"), caFile: authority.caFile))
    #expect(receipt == MailReceipt(answer: "250 2.0.0 taken", refused: []))

    let mail = try #require(try await sink.mails(atLeast: 1).first)
    #expect(mail.encrypted)
    #expect(mail.login == "quotawatch")
    #expect(mail.sender == "quotawatch@example.com")
    #expect(mail.recipients == ["finance@example.com"])
    #expect(mail.from == [["Quota Watch", "quotawatch@example.com"]])
    #expect(mail.to == [["", "finance@example.com"]])
    #expect(mail.header("subject") == ["80% of the pages are used"])
    #expect(mail.header("message-id") == ["<pages-quota/acme/2026-11/pages/80=25/firing/1@quotawatch>"])
    #expect(mail.header("date") == ["Mon, 23 Nov 2026 12:34:56 +0000"])
    #expect(mail.header("auto-submitted") == ["auto-generated"])
    #expect(mail.header("mime-version") == ["1.0"])
    #expect(mail.types == ["multipart/alternative", "text/plain", "text/html"])
    #expect(mail.text == "8200 of 10000 pages\n")
    #expect(mail.html == "<p>8200 of 10000 pages</p>\n")
    #expect(mail.defects.isEmpty)
  }

  @Test("arrives over TLS from the first byte")
  func implicitTLS() async throws {
    let authority = try TestCertificateAuthority()
    let sink = try await TestMailServer(.implicit, certificate: authority.valid, login: ("u", "p"))
    _ = try await makeTransport().send(
      .example(), via: .local(.tls, port: sink.port, login: ("u", "p"), caFile: authority.caFile))
    let mail = try #require(try await sink.mails(atLeast: 1).first)
    #expect(mail.encrypted)
    #expect(mail.login == "u")
  }

  @Test("arrives in plain on this machine")
  func plain() async throws {
    let sink = try await TestMailServer()
    _ = try await makeTransport().send(.example(), via: .local(port: sink.port))
    #expect(try await sink.mails(atLeast: 1).count == 1)
  }

  @Test("goes to the others if one recipient is refused, and says which")
  func oneRefused() async throws {
    let sink = try await TestMailServer(refusing: ["bad@example.com"])
    let receipt = try await makeTransport().send(
      .example(to: ["one", "bad", "two"].map { Mailbox(address: "\($0)@example.com") }),
      via: .local(port: sink.port))
    #expect(receipt.refused == [RefusedRecipient(address: "bad@example.com", answer: "550 5.1.1 no such mailbox")])
    #expect(receipt.answer == "250 2.0.0 taken")
    let mail = try #require(try await sink.mails(atLeast: 1).first)
    #expect(mail.recipients == ["one@example.com", "two@example.com"])
  }

  @Test("that the server puts off can be sent again")
  func putOff() async throws {
    let sink = try await TestMailServer(failures: 1)
    let transport = try makeTransport()
    let server = MailServer.local(port: sink.port)
    #expect(
      await transport.failure(of: .example(), via: server)
        == .refused(code: 451, answer: "451 4.3.0 try again later", .content))
    #expect(try await transport.send(.example(), via: server).answer == "250 2.0.0 taken")
    #expect(try await sink.mails(atLeast: 1).count == 1)
  }

  @Test("keeps every line, also those that SMTP or its encoding could take for something else")
  func lines() async throws {
    let text =
      ".\r\n..\n.hidden\nFrom here\ntrailing \n\u{1F389} Größe = 80%\n" + String(repeating: "lång ", count: 400) + "\n"
    let sink = try await TestMailServer()
    _ = try await makeTransport().send(.example(text: text, html: "<p>\(text)</p>\n"), via: .local(port: sink.port))
    let mail = try #require(try await sink.mails(atLeast: 1).first)
    let expected = text.replacing("\r\n", with: "\n")
    #expect(mail.text == expected)
    #expect(mail.html == "<p>\(expected)</p>\n")
    // A line feed alone would be encoded: readers would see one very long line.
    #expect(!String(decoding: mail.data, as: UTF8.self).contains("=0A"))
    let body = mail.data.split(separator: UInt8(ascii: "\n")).drop { !$0.starts(with: Array("--".utf8)) }
    let longest = body.map(\.count).max() ?? 0
    #expect(longest <= 78)
  }
}
