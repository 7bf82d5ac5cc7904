@testable import Notifiers
import QuotaCore
import Testing

@Suite("Addresses")
struct WebAddressTests {
  @Test(
    "may be used if they are plain addresses with a host",
    arguments: [
      ("https://hooks.example.com/a/b?c=d", true), ("https://example.com", true), ("https://example.com:8443/", true),
      ("HTTPS://EXAMPLE.COM", true), ("https://[2001:db8::1]/x", true), ("https://10.0.0.1", true),
      ("http://127.0.0.1", true), ("http://127.9.9.9:80", true), ("http://localhost", true), ("http://[::1]:1", true),
      ("http://127.0.0.1.example.com", false), ("http://127.0.0.256", false), ("http://127.1", false),
      ("http://localhost.example.com", false), ("http://example.com", false), ("https://", false),
      ("https:///x", false),
      ("https://:80", false), ("https://a:0", false), ("https://a:65536", false), ("https://a:8o", false),
      ("https://a:", false), ("https://a:80:80", false), ("https://[::1", false), ("https://[x]", false),
      ("https://a..b", false), ("https://user@example.com", false), ("https://example.com\\@evil.example", false),
      ("https://exa mple.com", false), ("https://example.com/ä", false), ("//example.com", false),
      ("example.com", false),
      ("file:///etc/passwd", false), ("https://example.com/\u{0}", false), ("https://example.com@evil.example/", false),
    ])
  func addresses(text: String, isUsable: Bool) {
    #expect((WebAddress.problem(in: text, allowsPlainHTTP: false) == nil) == isUsable)
  }

  @Test(
    "of mail servers have a usual port each",
    arguments: [
      ("smtp+starttls://m.example", MailServer.Security.startTLS, "m.example", 587),
      ("smtps://m.example", .tls, "m.example", 465), ("smtp://localhost", .plain, "localhost", 25),
      ("smtp+starttls://[::1]:2525", .startTLS, "::1", 2525),
    ])
  func mail(text: String, security: MailServer.Security, host: String, port: Int) throws {
    let address = try #require(MailAddress(text))
    #expect(address.security == security)
    #expect(address.host == host)
    #expect(address.port == port)
  }

  @Test(
    "of mail servers hold nothing else",
    arguments: [
      "smtp://", "smtps://m.example/", "smtps://u@m.example", "smtps://m.example:x", "imap://m.example", "m.example",
    ])
  func noMail(text: String) {
    #expect(MailAddress(text) == nil)
  }

  @Test(
    "of people are strict",
    arguments: [
      ("a@b.example", nil, "a@b.example"), ("A B <a@b.example>", "A B", "a@b.example"),
      ("\"B, A\" <a@b.example>", "B, A", "a@b.example"), ("<a@b.example>", nil, "a@b.example"),
      ("Ångström <a.b+c@b.example>", "Ångström", "a.b+c@b.example"), ("root@localhost", nil, "root@localhost"),
    ] as [(String, String?, String)])
  func mailboxes(text: String, name: String?, address: String) {
    #expect(Mailbox(text) == Mailbox(name: name, address: address))
  }

  @Test(
    "of people that could carry more than one address, header or command are refused",
    arguments: [
      "", "a", "a@", "@b", "a@b@c", "a b@c.example", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example",
      "A\r\nB <a@b.example>", "A <a@b.example", "A <a@b.example> x", "a@b..example", "a@-b.example", ".a@b.example",
      "a..b@c.example", "a@b.example\u{0}", "A \"B <a@b.example>", "A <b> <a@b.example>", "ä@b.example", "a@bä.example",
      "A\u{202E} <a@b.example>", "a@[127.0.0.1]",
    ])
  func noMailboxes(text: String) {
    #expect(Mailbox(text) == nil)
  }
}
