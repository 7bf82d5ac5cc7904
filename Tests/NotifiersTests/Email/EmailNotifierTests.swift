import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("An e-mail about an event")
struct EmailBodyTests {
  private let from = Mailbox(name: "Quota Watch", address: "quotawatch@example.com")

  private func body(_ event: Event) throws -> EmailBody { try EmailBody(MessageText(.event(event)), from: from) }

  @Test("says it in the subject")
  func subjects() throws {
    #expect(try body(.threshold()).subject == "[quotawatch] Acme Corp: 82 % of pages used (2026-11)")
    #expect(
      try body(.test(of: NotifierID("mail"), now: moment("2026-11-23T12:00"))).subject
        == "[quotawatch] Test: Example Organization: 82 % of pages used (2026-11)")
  }

  @Test("says it in plain text")
  func text() throws {
    #expect(
      try body(.threshold(crossed: ["50%", "80%"])).text == """
        Acme Corp has used 82 % of its pages quota for 2026-11 (8,200 of 10,000).

        ████████████████░░░░

        Crossed: 50 % and 80 %
        When:    between 2026-11-23 12:00 UTC and 2026-11-23 12:15 UTC
        Month:   7 days left
        Rule:    pages-quota (threshold, warning)

        --\(" ")
        quotawatch
        event pages-quota/acme/2026-11/pages/80%/firing/1

        """)
  }

  @Test("has a Message-ID that follows from the message's id")
  func messageID() throws {
    let id = MessageID(Event.threshold().id).distinguished(by: "0123456789abcdef")
    #expect(
      try body(.threshold()).messageID(of: id)
        == "pages-quota/acme/2026-11/pages/80%/firing/1~0123456789abcdef@example.com")
  }

  @Test("is harmless whatever the name", arguments: Hostile.names)
  func hostile(name: String) throws {
    let body = try body(.threshold(organizationName: name, reason: name))
    #expect(!body.subject.unicodeScalars.contains { $0.properties.generalCategory == .control })
    #expect(!body.text.contains("\r") && !body.text.contains("\nBcc:"))
    // The tags of the page itself, whatever stands between them.
    let isVisible = name.unicodeScalars.contains { !$0.properties.isWhitespace && $0 != "\u{200B}" }
    let plain = try self.body(.threshold(organizationName: "x", reason: isVisible ? "x" : ""))
    #expect(body.html.filter { $0 == "<" }.count == plain.html.filter { $0 == "<" }.count)
    #expect(body.html.filter { $0 == "\"" }.count == plain.html.filter { $0 == "\"" }.count)
    #expect(!body.html.contains("'"))
  }

  @Test(
    "encodes what may not stand in a Message-ID, different ids differently",
    arguments: [
      ("a.b", "a.b"), ("a/b%", "a/b%"), ("a b", "a=20b"), ("a=20b", "a=3D20b"), (".a", "=2Ea"), ("a.", "a=2E"),
      ("a..b", "a.=2Eb"), ("a>\r\nBcc: x", "a=3E=0D=0ABcc=3A=20x"), ("ñ", "=C3=B1"), ("a@b", "a=40b"),
    ])
  func dotAtom(text: String, encoded: String) {
    #expect(DotAtom.encoding(text) == encoded)
    #expect(DotAtom.isValid(encoded))
  }
}

@Suite("Sending an e-mail")
struct EmailNotifierTests {
  private let now = moment("2026-11-23T12:00")

  private func configuration(url: String = "smtp+starttls://smtp.example.com:2525") -> NotifierConfiguration {
    NotifierConfiguration(
      EmailChannel(
        url: .text(url), username: "quotawatch", password: .environment("PASSWORD"),
        from: Mailbox(name: "Quota Watch", address: "quotawatch@example.com"),
        to: [Mailbox(address: "a@example.com"), Mailbox(address: "b@example.com")], caFile: "/etc/ca.pem"))
  }

  private func notifier(_ mail: FakeMailTransport) -> any Notifier {
    configuration().notifier(
      id: NotifierID("mail"), http: FakeHTTPTransport(), mail: mail, secrets: FixedSecrets(["PASSWORD": "hunter2-long"])
    )
  }

  private func send(_ mail: FakeMailTransport, payload: [UInt8]? = nil) async throws -> SendOutcome {
    let notifier = notifier(mail)
    let event = Event.threshold()
    return await notifier.send(try payload ?? notifier.compose(.event(event)), id: MessageID(event.id), now: now)
  }

  @Test("hands over what was composed, with the time of the attempt")
  func delivered() async throws {
    let mail = FakeMailTransport(.success(MailReceipt(answer: "250 2.0.0 OK: queued", refused: [])))
    #expect(try await send(mail) == .delivered(answer: "250 2.0.0 OK: queued"))
    let sent = try #require(mail.submissions.first)
    let body = try EmailBody(MessageText(.event(.threshold())), from: sent.message.from)
    #expect(sent.message.subject == body.subject)
    #expect(sent.message.text == body.text)
    #expect(sent.message.html == body.html)
    #expect(sent.message.messageID == body.messageID(of: MessageID(Event.threshold().id)))
    #expect(sent.message.date == now)
    #expect(sent.message.to.map(\.address) == ["a@example.com", "b@example.com"])
    #expect(sent.server.security == .startTLS)
    #expect(sent.server.host == "smtp.example.com")
    #expect(sent.server.port == 2525)
    #expect(sent.server.username == "quotawatch")
    #expect(sent.server.password == Secret("hunter2-long"))
    #expect(sent.server.caFile == "/etc/ca.pem")
  }

  @Test("names the recipients that were refused")
  func refused() async throws {
    let receipt = MailReceipt(
      answer: "250 OK", refused: [RefusedRecipient(address: "b@example.com", answer: "550 5.1.1 no\r\nsuch user")])
    #expect(
      try await send(FakeMailTransport(.success(receipt)))
        == .delivered(answer: "250 OK", remark: "refused: b@example.com (550 5.1.1 no such user)"))
  }

  @Test("tries those alone who were put off, with the same text and Message-ID")
  func deferred() async throws {
    let receipt = MailReceipt(
      answer: "250 OK", refused: [], deferred: [RefusedRecipient(address: "b@example.com", answer: "452 mailbox full")])
    let outcome = try await send(FakeMailTransport(.success(receipt)))
    guard case .deferred(let rest, let answer, let remark) = outcome else { Issue.record("\(outcome)"); return }
    #expect(answer == "deferred: b@example.com (452 mailbox full)")
    #expect(remark == nil)
    let (first, second) = (FakeMailTransport(), FakeMailTransport())
    _ = try await send(first)
    #expect(try await send(second, payload: rest) == .delivered(answer: "250 OK"))
    let (whole, part) = (
      try #require(first.submissions.first?.message), try #require(second.submissions.first?.message)
    )
    #expect(part.recipients.map(\.address) == ["b@example.com"])
    #expect(part.to == whole.to)
    #expect(part.messageID == whole.messageID)
    #expect(part.text == whole.text)
  }

  @Test("tries everybody again with the same bytes where all were deferred")
  func allDeferred() async throws {
    let receipt = MailReceipt(
      answer: "451 greylisted", refused: [],
      deferred: ["a@example.com", "b@example.com"].map { RefusedRecipient(address: $0, answer: "451 greylisted") })
    let outcome = try await send(FakeMailTransport(.success(receipt)))
    guard case .deferred(let rest, _, nil) = outcome else { Issue.record("\(outcome)"); return }
    #expect(try rest == notifier(FakeMailTransport()).compose(.event(.threshold())))
  }

  @Test("is not broken where those are refused in the end who were deferred before")
  func refusedAfterDeferral() async throws {
    let receipt = MailReceipt(
      answer: "250 OK", refused: [], deferred: [RefusedRecipient(address: "b@example.com", answer: "452 mailbox full")])
    guard case .deferred(let rest, _, _) = try await send(FakeMailTransport(.success(receipt))) else {
      Issue.record("not deferred")
      return
    }
    let refusal = FakeMailTransport(.failure(.refused(code: 550, answer: "550 5.1.1 no such user", .recipients)))
    #expect(
      try await send(refusal, payload: rest)
        == .delivered(
          answer: "the others have it", remark: "refused: the mail server answered 550 5.1.1 no such user"))
  }

  @Test("refers to the message that told the firing which it follows")
  func threads() async throws {
    let mail = FakeMailTransport()
    let email = notifier(mail)
    let (firing, resolution) = (MessageID(Event.threshold().id).distinguished(by: "1"), Event.threshold(.resolved))
    let payload = try email.compose(.event(resolution))
    _ = await email.send(try email.compose(.event(.threshold())), id: firing, now: now)
    _ = await email.send(
      try email.threaded(payload, behind: [firing]), id: MessageID(resolution.id).distinguished(by: "2"), now: now)
    let sent = mail.submissions.map(\.message)
    #expect(sent.first?.inReplyTo == [])
    #expect(sent.last?.inReplyTo == sent.first.map { [$0.messageID] })
  }

  @Test("says whom to ask if the login is refused, and does not repeat the password")
  func login() async throws {
    let rejected = try await send(
      FakeMailTransport(.failure(.refused(code: 535, answer: "535 bad password hunter2-long", .login))))
    #expect(
      rejected
        == .channelDead(
          reason: "the mail server answered 535 bad password ‹secret› – the server refuses the login: look at "
            + "\"username\" and \"password\" (environment variable PASSWORD)"))
  }

  @Test(
    "tells what is refused for good from what passes",
    arguments: [
      (421, "421 going down", .session, "passes"), (451, "451 4.7.1 greylisted", .recipients, "passes"),
      (452, "452 4.3.1 no space", .content, "passes"), (454, "454 4.7.0 try later", .login, "passes"),
      (554, "554 5.7.1 blocked", .session, "channel"), (550, "550 5.7.1 not you", .sender, "channel"),
      (550, "550 5.1.1 no such user", .recipients, "channel"), (554, "554 5.7.1 looks like spam", .content, "message"),
      (552, "552 5.2.2 mailbox full", .recipients, "passes"), (552, "552 quota", .recipients, "passes"),
      (552, "552 5.2.2 mailbox full", .content, "passes"), (530, "530 issue STARTTLS first", .login, "channel"),
      (552, "552 too big", .sender, "message"), (554, "554 5.3.4 too big", .content, "message"),
      (554, "554 5.3.4", .recipients, "message"),
    ] as [(Int, String, MailStage, String)])
  func refusals(code: Int, answer: String, stage: MailStage, kind: String) async throws {
    switch try await send(FakeMailTransport(.failure(.refused(code: code, answer: answer, stage)))) {
    case .delivered, .deferred: Issue.record("delivered")
    case .retryable(let reason, nil): #expect(kind == "passes" && reason.contains(answer))
    case .retryable: Issue.record("a retry-after out of nowhere")
    case .unknown: Issue.record("a refusal is an answer")
    case .rejected(let reason): #expect(kind == "message" && reason.contains(answer))
    case .channelDead(let reason): #expect(kind == "channel" && reason.contains(answer))
    }
  }

  @Test("may be tried again if the server cannot be reached")
  func failed() async throws {
    let unreachable = try await send(FakeMailTransport(.failure(.transport(.unreachable("no route")))))
    #expect(unreachable == .retryable(reason: "no route"))
  }

  @Test("may have arrived if the server has it and does not answer")
  func unanswered() async throws {
    let lost = try await send(FakeMailTransport(.failure(.unanswered(.disconnected("the connection broke")))))
    #expect(lost == .unknown(reason: "the connection broke"))
  }

  @Test("says of a full mailbox and of a server that wants encryption what they are")
  func advice() async throws {
    for (code, answer, stage, advice) in [
      (552, "552 5.2.2 mailbox full", .recipients, "mailboxes are full"),
      (552, "552 too many messages", .recipients, "mailboxes are full"),
      (530, "530 5.7.0 Must issue a STARTTLS command first", .login, "the server wants encryption"),
      (530, "530 Must issue a starttls command first", .sender, "the server wants encryption"),
      (552, "552 5.3.4 message too big", .sender, "too large"),
    ] as [(Int, String, MailStage, String)] {
      let outcome = try await send(FakeMailTransport(.failure(.refused(code: code, answer: answer, stage))))
      #expect("\(outcome)".contains(advice), "\(outcome)")
    }
  }

  @Test(
    "gives up on stored bytes that are no e-mail", arguments: ["", "{}", #"{"text":"a Slack message","blocks":[]}"#])
  func foreignPayload(payload: String) async throws {
    let mail = FakeMailTransport()
    guard case .rejected = try await send(mail, payload: Array(payload.utf8)) else {
      Issue.record("sent")
      return
    }
    #expect(mail.submissions.isEmpty)
  }

  @Test("says which secret is missing")
  func missing() async {
    #expect(await configuration().problem(fetching: FixedSecrets()) == "environment variable PASSWORD is not set")
    #expect(await configuration().problem(fetching: FixedSecrets(["PASSWORD": "x"])) == nil)
  }
}
