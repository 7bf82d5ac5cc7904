import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("The settings of a notifier")
struct NotifierConfigurationTests {
  private func decode(_ text: String) throws -> (value: NotifierConfiguration?, issues: [ConfigurationIssue]) {
    try decodeConfiguration(text) {
      NotifierConfiguration(from: $0, timeZone: { _ in .gmt }, templateFile: { _ in nil })
    }
  }

  @Test("of Slack")
  func slack() throws {
    let decoded = try decode(#"{"type": "slack", "url": {"env": "URL"}, "allow_http": true, "ca_file": "ca.pem"}"#)
    #expect(decoded.issues.isEmpty)
    let endpoint = WebEndpoint(url: .secret(.environment("URL")), allowsPlainHTTP: true, caFile: "ca.pem")
    #expect(decoded.value?.channel == .slack(SlackConfiguration(endpoint: endpoint)))
    #expect(decoded.value?.secrets == [.environment("URL")])
  }

  @Test("of a webhook")
  func webhook() throws {
    let decoded = try decode(
      #"{"type": "webhook", "url": "https://a.example", "secret": [{"env": "A"}, {"file": "/b"}], "headers": {"X-Key": {"env": "C"}}}"#
    )
    #expect(decoded.issues.isEmpty)
    #expect(decoded.value?.secrets == [.environment("A"), .file("/b"), .environment("C")])
    let one = try decode(#"{"type": "webhook", "url": {"env": "U"}, "secret": {"env": "A"}}"#)
    #expect(one.value?.secrets == [.environment("U"), .environment("A")])
  }

  @Test("of e-mail")
  func email() throws {
    let decoded = try decode(
      #"{"type": "email", "url": "smtp+starttls://smtp.example.com:587", "username": "u", "password": {"env": "P"}, "from": "Quota Watch <q@example.com>", "to": ["f@example.com"]}"#
    )
    #expect(decoded.issues.isEmpty)
    let settings = EmailConfiguration(
      url: .text("smtp+starttls://smtp.example.com:587"), username: "u", password: .environment("P"),
      from: Mailbox(name: "Quota Watch", address: "q@example.com"), to: [Mailbox(address: "f@example.com")])
    #expect(decoded.value?.channel == .email(settings))
    #expect(decoded.value?.secrets == [.environment("P")])
  }

  @Test("keep an absolute CA file and place a relative one beside the configuration")
  func paths() throws {
    for (written, resolved) in [("ca.pem", "/etc/q/ca.pem"), ("/x/ca.pem", "/x/ca.pem")] {
      let texts = [
        #"{"type": "slack", "url": {"env": "U"}, "ca_file": "\#(written)"}"#,
        #"{"type": "webhook", "url": {"env": "U"}, "secret": {"env": "S"}, "ca_file": "\#(written)"}"#,
        #"{"type": "email", "url": "smtps://m.example", "from": "a@b.example", "to": ["a@b.example"], "ca_file": "\#(written)"}"#,
      ]
      for text in texts {
        switch try decode(text).value?.resolvingPaths(in: "/etc/q").channel {
        case .slack(let settings): #expect(settings.endpoint.caFile == resolved)
        case .webhook(let settings): #expect(settings.endpoint.caFile == resolved)
        case .email(let settings): #expect(settings.caFile == resolved)
        default: Issue.record("not decoded")
        }
      }
    }
  }

  @Test(
    "are refused with the place and the reason",
    arguments: [
      (#"{}"#, "", #""type" is missing"#),
      (#"{"type": "slak", "url": 1}"#, "type", #"did you mean "slack"?"#),
      (#"{"type": "slack"}"#, "", #""url" is missing"#),
      (#"{"type": "slack", "url": "https://hooks.slack.com/x"}"#, "url", "a secret must not stand"),
      (#"{"type": "slack", "url": {"env": "U"}, "secret": {"env": "S"}}"#, "secret", "unknown key"),
      (#"{"type": "webhook", "url": "https://a.example"}"#, "", #""secret" is missing"#),
      (#"{"type": "webhook", "url": "http://a.example", "secret": {"env": "S"}}"#, "url", "plain http"),
      (#"{"type": "webhook", "url": "https://u:p@a.example", "secret": {"env": "S"}}"#, "url", "user name or password"),
      (#"{"type": "webhook", "url": "ftp://a.example", "secret": {"env": "S"}}"#, "url", "expected an address"),
      (#"{"type": "webhook", "url": "https://a.example/\r\nX: y", "secret": {"env": "S"}}"#, "url", "line breaks"),
      (#"{"type": "webhook", "url": "https://a.example", "secret": []}"#, "secret", "at least 1"),
      (
        #"{"type": "webhook", "url": "https://a.example", "secret": [{"env": "A"}, {"env": "B"}, {"env": "C"}]}"#,
        "secret",
        "one secret, or two"
      ),
      (
        #"{"type": "webhook", "url": {"env": "U"}, "secret": {"env": "S"}, "headers": {"Webhook-Signature": {"env": "C"}}}"#,
        "headers.Webhook-Signature", "set by quotawatch itself"
      ),
      (
        #"{"type": "webhook", "url": {"env": "U"}, "secret": {"env": "S"}, "headers": {"content-type": {"env": "C"}}}"#,
        "headers.content-type", "set by quotawatch itself"
      ),
      (
        #"{"type": "webhook", "url": {"env": "U"}, "secret": {"env": "S"}, "headers": {"X Y": {"env": "C"}}}"#,
        #"headers["X Y"]"#, "cannot be the name"
      ),
      (
        #"{"type": "webhook", "url": {"env": "U"}, "secret": {"env": "S"}, "headers": {"A": {"env": "C"}, "a": {"env": "D"}}}"#,
        "headers.a", "twice"
      ),
      (
        #"{"type": "webhook", "url": {"env": "U"}, "secret": {"env": "S"}, "headers": {"A": "token"}}"#, "headers.A",
        "a secret must not stand"
      ),
      (
        #"{"type": "email", "url": "smtp://mail.example.com", "from": "a@b.example", "to": ["a@b.example"]}"#, "url",
        "plain smtp"
      ),
      (
        #"{"type": "email", "url": "https://mail.example.com", "from": "a@b.example", "to": ["a@b.example"]}"#, "url",
        "expected \"smtp+starttls"
      ),
      (#"{"type": "email", "url": "smtps://m.example", "from": "a@b.example", "to": []}"#, "to", "at least 1"),
      (#"{"type": "email", "url": "smtps://m.example", "from": "a@b.example", "to": ["x"]}"#, "to[0]", "a mailbox"),
      (
        #"{"type": "email", "url": "smtps://m.example", "from": "a@b.example", "to": ["a@b.example", "A <a@b.example>"]}"#,
        "to[1]", "twice"
      ),
      (
        #"{"type": "email", "url": "smtps://m.example", "from": "a@b.example\r\nBcc: c@d.example", "to": ["a@b.example"]}"#,
        "from", "a mailbox"
      ),
      (
        #"{"type": "email", "url": "smtps://m.example", "username": "u", "from": "a@b.example", "to": ["a@b.example"]}"#,
        "",
        "give both or neither"
      ),
    ])
  func refused(text: String, path: String, message: String) throws {
    let decoded = try decode(text)
    let issue = decoded.issues.first { $0.message.contains(message) }
    #expect(issue?.path == path)
    #expect(decoded.value == nil || issue?.message.hasPrefix("unknown key") == true)
    #expect(!decoded.issues.contains { $0.message.contains("u:p@") })
  }

  @Test(
    "take plain protocols to loopback, and elsewhere on request",
    arguments: [
      #"{"type": "webhook", "url": "http://127.0.0.1:8080/x", "secret": {"env": "S"}}"#,
      #"{"type": "webhook", "url": "http://localhost:8080", "secret": {"env": "S"}}"#,
      #"{"type": "webhook", "url": "HTTP://[::1]:8080/", "secret": {"env": "S"}}"#,
      #"{"type": "webhook", "url": "http://a.example", "secret": {"env": "S"}, "allow_http": true}"#,
      #"{"type": "email", "url": "smtp://127.0.0.1:2525", "from": "a@localhost", "to": ["a@b.example"]}"#,
      #"{"type": "email", "url": "smtp://[::1]", "from": "a@localhost", "to": ["a@b.example"]}"#,
      #"{"type": "email", "url": "smtp://m.example", "from": "a@b.example", "to": ["a@b.example"], "allow_plain": true}"#,
    ])
  func plain(text: String) throws {
    let decoded = try decode(text)
    #expect(decoded.issues.isEmpty)
    #expect(decoded.value != nil)
  }
}
