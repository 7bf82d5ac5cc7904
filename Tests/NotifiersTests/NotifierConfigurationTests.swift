import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("The settings of a notifier")
struct NotifierConfigurationTests {
  private func decode(_ text: String, in directory: String = ".") throws -> (
    value: NotifierConfiguration?, issues: [ConfigurationIssue]
  ) {
    try decodeConfiguration(text, among: ConfigurationSurroundings(directory: directory)) {
      $0.decoded(as: NotifierConfiguration.shape)
    }
  }

  @Test("of Slack")
  func slack() throws {
    let decoded = try decode(#"{"type": "slack", "url": {"env": "URL"}, "allow_http": true, "ca_file": "ca.pem"}"#)
    #expect(decoded.issues.isEmpty)
    let endpoint = WebEndpoint(url: .secret(.environment("URL")), allowsPlainHTTP: true, caFile: "ca.pem")
    #expect(decoded.value?.channel as? SlackChannel == SlackChannel(endpoint: endpoint))
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
    let settings = EmailChannel(
      url: .text("smtp+starttls://smtp.example.com:587"), username: "u", password: .environment("P"),
      from: Mailbox(name: "Quota Watch", address: "q@example.com"), to: [Mailbox(address: "f@example.com")])
    #expect(decoded.value?.channel as? EmailChannel == settings)
    #expect(decoded.value?.secrets == [.environment("P")])
  }

  @Test(
    "of every other channel",
    arguments: [
      (#"{"type": "teams", "url": {"env": "U"}}"#, 1), (#"{"type": "discord", "url": {"env": "U"}}"#, 1),
      (#"{"type": "mattermost", "url": {"env": "U"}}"#, 1), (#"{"type": "pagerduty", "routing_key": {"env": "K"}}"#, 1),
      (#"{"type": "opsgenie", "api_key": {"env": "K"}, "url": {"env": "U"}}"#, 2),
      (#"{"type": "telegram", "token": {"env": "T"}, "chat_id": -1001234567890, "thread_id": 7}"#, 1),
      (#"{"type": "telegram", "token": {"env": "T"}, "chat_id": "@example"}"#, 1),
      (#"{"type": "ntfy", "url": "https://ntfy.sh/topic-1", "token": {"env": "T"}}"#, 1),
      (
        #"{"type": "command", "command": ["bin/tell", "-v"], "timeout_seconds": 5, "environment": {"A": {"env": "B"}}}"#,
        1
      ),
    ])
  func others(text: String, secrets: Int) throws {
    let decoded = try decode(text)
    #expect(decoded.issues.isEmpty)
    #expect(decoded.value?.secrets.count == secrets)
  }

  @Test("place a program with a slash beside the configuration")
  func program() throws {
    let decoded = try decode(#"{"type": "command", "command": ["bin/tell", "a/b"]}"#, in: "/etc/q")
    #expect(decoded.value?.channel as? CommandChannel == CommandChannel(["/etc/q/bin/tell", "a/b"]))
    let bare = try decode(#"{"type": "command", "command": ["tell"]}"#, in: "/etc/q")
    #expect(bare.value?.channel as? CommandChannel == CommandChannel(["tell"]))
  }

  @Test("say when and how it is told")
  func policy() throws {
    let decoded = try decode(
      #"{"type": "slack", "url": {"env": "U"}, "organization": "acme", "send_resolved": false, "group_above": 5, "max_messages": 9, "digest": {"at": "09:00", "days": ["mon"]}, "quiet_hours": {"from": "22:00", "to": "07:00"}, "time_zone": "UTC"}"#
    )
    #expect(decoded.issues.isEmpty)
    let policy = try #require(decoded.value?.policy)
    #expect(policy.organization == OrganizationID("acme") && !policy.sendsResolved)
    #expect(policy.groupAbove == 5 && policy.maximumMessages == 9 && policy.digest?.days == [.monday])
    #expect(policy.quietHours?.from.minutes == 22 * 60 && policy.zone == .gmt)
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
        switch try decode(text, in: "/etc/q").value?.channel {
        case let settings as SlackChannel: #expect(settings.endpoint.caFile == resolved)
        case let settings as WebhookChannel: #expect(settings.endpoint.caFile == resolved)
        case let settings as EmailChannel: #expect(settings.caFile == resolved)
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
      (
        #"{"type": "pagerduty", "routing_key": {"env": "K"}, "digest": {"at": "09:00"}}"#, "digest", "keeps an incident"
      ),
      (#"{"type": "opsgenie", "api_key": {"env": "K"}, "group_above": 2}"#, "group_above", "keeps an incident"),
      (#"{"type": "opsgenie", "api_key": {"env": "K"}, "max_messages": 2}"#, "max_messages", "keeps an incident"),
      (#"{"type": "discord", "url": "https://discord.com/api/webhooks/1/x"}"#, "url", "a secret must not stand"),
      (#"{"type": "telegram", "token": {"env": "T"}, "chat_id": "example"}"#, "chat_id", "a chat's number"),
      (#"{"type": "telegram", "token": {"env": "T"}, "chat_id": 1.5}"#, "chat_id", "a chat's number"),
      (#"{"type": "ntfy", "url": "https://ntfy.sh/"}"#, "url", "a topic's address"),
      (#"{"type": "ntfy", "url": "https://ntfy.sh/a/b"}"#, "url", "a topic's address"),
      (#"{"type": "command", "command": []}"#, "command", "at least 1"),
      (#"{"type": "command", "command": ["a"], "timeout_seconds": 0}"#, "timeout_seconds", "from 1 to 300"),
      (
        #"{"type": "command", "command": ["a"], "environment": {"A B": {"env": "C"}}}"#, #"environment["A B"]"#,
        "cannot be the name"
      ),
      (
        #"{"type": "command", "command": ["a"], "environment": {"QUOTAWATCH_X": {"env": "C"}}}"#,
        "environment.QUOTAWATCH_X", "set by quotawatch itself"
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
    let isKeyOnly = ["unknown key", "pagerduty keeps", "opsgenie keeps"].contains {
      issue?.message.hasPrefix($0) == true
    }
    #expect(decoded.value == nil || isKeyOnly)
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
