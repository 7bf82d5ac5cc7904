import CurlTransport
import Foundation
import QuotaCore
import TestSupport
import Testing

@Suite("The headers of a mail", .timeLimit(.minutes(5)))
struct MailHeaderTests {
  private static let subjects = [
    "Plain", "", "100% of 10,000 pages", "Größe: 80 % erreicht — Ärger", "用量已达到配额的百分之八十", "\u{1F389} done",
    String(repeating: "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} ", count: 20) + "x",
    String(repeating: "long enough to be folded ", count: 12) + "end", String(repeating: "x", count: 400),
    "=?utf-8?Q?not_encoded?=", "under_score =3D ?=", "  spaces around  ", "a\tb",
  ]

  private static let names = [
    "Finance", "Finance, Inc.", "Jörg \"Joe\" Müller", "O'Neil (Sales) <x@y>", "back\\slash \"quoted\"", "財務部",
    String(repeating: "Department of very long names ", count: 10) + "end",
  ]

  private func received(_ messages: [MailMessage]) async throws -> [CapturedMail] {
    let sink = try await TestMailServer()
    let transport = try makeTransport()
    for message in messages { _ = try await transport.send(message, via: .local(port: sink.port)) }
    return try await sink.mails(atLeast: messages.count)
  }

  /// The header lines as they came, without the one whose form libcurl decides.
  private func lines(_ mail: CapturedMail) -> [String] {
    let text = String(decoding: mail.data, as: UTF8.self).replacing("\r\n", with: "\n")
    let head = text.prefix(upTo: text.firstRange(of: "\n\n")?.lowerBound ?? text.endIndex)
    return head.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("Content-Type: ") }
  }

  @Test("carry any subject in lines of ASCII of a legal length")
  func subjects() async throws {
    let mails = try await received(Self.subjects.map { .example(subject: $0) })
    #expect(mails.map { $0.header("subject") } == Self.subjects.map { [$0] })
    for line in mails.flatMap(lines) {
      #expect(line.utf8.count <= 78 && line.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(line)")
      for word in line.split(separator: " ") where word.hasPrefix("=?") { #expect(word.count <= 75) }
    }
  }

  @Test("split no character between two encoded words")
  func wholeCharacters() async throws {
    let mails = try await received([.example(subject: String(repeating: "x\u{1F389}ß", count: 60))])
    let words = mails.flatMap(lines).flatMap { $0.split(separator: " ") }.filter { $0.hasPrefix("=?utf-8?Q?") }
    #expect(words.count > 5)
    for word in words {
      let content = word.dropFirst("=?utf-8?Q?".count).dropLast(2).replacing("=", with: "%")
      #expect(content.removingPercentEncoding != nil, "\(word)")
    }
  }

  @Test("carry any name beside an address")
  func names() async throws {
    let mailboxes = Self.names.map { Mailbox(name: $0, address: "finance@example.com") }
    let other = Mailbox(address: "two@example.com")
    let mails = try await received(mailboxes.map { .example(from: $0, to: [$0, other, $0]) })
    for (name, mail) in zip(Self.names, mails) {
      #expect(mail.from == [[name, "finance@example.com"]])
      #expect(mail.to == [[name, "finance@example.com"], ["", "two@example.com"], [name, "finance@example.com"]])
      #expect(mail.defects.isEmpty)
    }
    #expect(mails.flatMap(lines).allSatisfy { $0.utf8.count <= 78 })
  }

  @Test("fold a long list of recipients")
  func manyRecipients() async throws {
    let mailboxes = (0..<60).map {
      Mailbox(name: $0.isMultiple(of: 2) ? "Number \($0)" : nil, address: "n\($0)@example.com")
    }
    let mail = try #require(try await received([.example(to: mailboxes)]).first)
    #expect(mail.recipients == mailboxes.map(\.address))
    #expect(mail.to == mailboxes.map { [$0.name ?? "", $0.address] })
    #expect(lines(mail).allSatisfy { $0.utf8.count <= 78 })
  }
}
