import CurlTransport
import QuotaCore
import TestSupport
import Testing

@Suite("A mail that cannot be handed over", .timeLimit(.minutes(5)))
struct MailFailureTests {
  /// What the server does, and what has to come of it.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let command: String
    let reply: String
    let stage: MailStage
    var testDescription: String { "\(command) \(reply)" }
    var expected: MailError { .refused(code: Int(reply.prefix(3)) ?? 0, answer: reply, stage) }
  }

  @Test(
    "because the server refuses it, tells the server's answer",
    arguments: [
      Refusal(command: "greeting", reply: "554 not today", stage: .session),
      Refusal(command: "MAIL", reply: "550 5.7.1 not you", stage: .sender),
      Refusal(command: "MAIL", reply: "530 5.7.0 authentication required", stage: .login),
      Refusal(command: "RCPT", reply: "550 5.1.1 no such mailbox", stage: .recipients),
      Refusal(command: "DATA", reply: "452 no space", stage: .content),
      Refusal(command: ".", reply: "554 5.7.1 looks like spam", stage: .content),
      Refusal(command: "MAIL", reply: "421 going down", stage: .sender),
    ])
  func refused(refusal: Refusal) async throws {
    let server = try ScriptedServer.mail([refusal.command: .say(refusal.reply)])
    let message = MailMessage.example(to: ["a", "b"].map { Mailbox(address: "\($0)@example.com") })
    let error = try await makeTransport().failure(of: message, via: .local(port: server.port))
    #expect(error == refusal.expected)
  }

  @Test("to some is told of these, who may get it later from those who never will")
  func byRecipient() async throws {
    let answers = ["RCPT TO:<b@example.com>": "450 4.2.0 greylisted", "RCPT TO:<c@example.com>": "550 5.1.1 nobody"]
    let message = MailMessage.example(to: ["a", "b", "c"].map { Mailbox(address: "\($0)@example.com") })
    let server = try ScriptedServer.mail(answers.mapValues { .say($0) })
    let deferred = [RefusedRecipient(address: "b@example.com", answer: "450 4.2.0 greylisted")]
    let refused = [RefusedRecipient(address: "c@example.com", answer: "550 5.1.1 nobody")]
    #expect(
      try await makeTransport().send(message, via: .local(port: server.port))
        == MailReceipt(answer: "250 taken", refused: refused, deferred: deferred))
    let rest = MailMessage.example(to: ["b", "c"].map { Mailbox(address: "\($0)@example.com") })
    #expect(
      try await makeTransport().send(rest, via: .local(port: server.port))
        == MailReceipt(answer: "550 5.1.1 nobody", refused: refused, deferred: deferred))
  }

  @Test("tells an answer of several lines on one, and no password that it repeats")
  func severalLines() async throws {
    let server = try ScriptedServer.mail([
      "EHLO": .say("250-mail.test\r\n250 AUTH PLAIN LOGIN"), "AUTH": .say("535-5.7.8 not with\r\n535 5.7.8 PASSWORD"),
    ])
    let error = try await makeTransport().failure(
      of: .example(), via: .local(port: server.port, login: ("u", "PASSWORD")))
    #expect(error == .refused(code: 535, answer: "535 5.7.8 not with 5.7.8 ‹secret›", .login))
  }

  @Test("because the password is wrong, tells so")
  func wrongPassword() async throws {
    let authority = try TestCertificateAuthority()
    let sink = try await TestMailServer(.startTLS, certificate: authority.valid, login: ("u", "right"))
    let error = try await makeTransport().failure(
      of: .example(), via: .local(.startTLS, port: sink.port, login: ("u", "WRONG"), caFile: authority.caFile))
    guard case .refused(535, let answer, .login) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(answer.hasPrefix("535 ") && !answer.contains("WRONG"))
  }

  @Test("because there is no way to log in that both sides know, tells so")
  func unknownMechanism() async throws {
    let server = try ScriptedServer.mail(["EHLO": .say("250-mail.test\r\n250 AUTH X-UNKNOWN")])
    let error = try await makeTransport().failure(of: .example(), via: .local(port: server.port, login: ("u", "p")))
    guard case .transport(.refused(let text)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("log in"))
  }

  @Test("because the server has no STARTTLS, is not sent in clear, and neither is the password")
  func noSTARTTLS() async throws {
    for replies in [
      ["EHLO": MailReply.say("250-mail.test\r\n250 AUTH PLAIN LOGIN")],
      ["EHLO": .say("250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN"), "STARTTLS": .say("454 not now")],
    ] {
      let server = try ScriptedServer.mail(replies)
      let error = try await makeTransport().failure(
        of: .example(), via: .local(.startTLS, port: server.port, login: ("u", "p")))
      guard case .transport(.tls) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      let log = await server.log { $0.closedCount == 1 }
      let words = Set(log.lines.map { $0.prefix { $0 != " " } })
      #expect(words.isSubset(of: ["EHLO", "HELO", "STARTTLS", "QUIT"]), "\(log.lines)")
    }
  }

  @Test(
    "because the server's certificate is not trusted, is not sent", arguments: [MailServer.Security.startTLS, .tls])
  func untrusted(security: MailServer.Security) async throws {
    let authority = try TestCertificateAuthority()
    let sink = try await TestMailServer(security == .tls ? .implicit : .startTLS, certificate: authority.valid)
    let error = try await makeTransport().failure(
      of: .example(), via: .local(security, port: sink.port, caFile: authority.strangersFile))
    guard case .transport(.tls) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("because the host is not this machine and plain SMTP is not allowed, connects to nobody")
  func plainElsewhere() async throws {
    // To Linux 0.0.0.0 means this machine, too, but it is no loopback address.
    let server = try ScriptedServer.mail()
    let error = try await makeTransport().failure(of: .example(), via: .local(host: "0.0.0.0", port: server.port))
    guard case .transport(.refused) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(server.log.connectionCount == 0)
    let receipt = try await makeTransport().send(
      .example(), via: .local(host: "0.0.0.0", port: server.port, allowsPlain: true))
    #expect(receipt.answer == "250 taken")
  }

  @Test(
    "to a host that is none is refused", arguments: ["", "a b", "a\r\nb", "user@host", "host/path", "host:25", "a\0"])
  func badHost(host: String) async throws {
    let error = try await makeTransport().failure(of: .example(), via: .local(.tls, host: host, port: 465))
    guard case .transport(.refused) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("because the server breaks off, tells so", arguments: ["greeting", "MAIL", "RCPT", "DATA"])
  func disconnected(command: String) async throws {
    let server = try ScriptedServer.mail([command: .disconnect])
    let error = try await makeTransport().failure(of: .example(), via: .local(port: server.port))
    guard case .transport(let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.kind == .disconnected, "\(reason)")
  }

  @Test("whose answer is missing may have arrived", arguments: [MailReply.disconnect, .hang])
  func unanswered(reply: MailReply) async throws {
    let server = try ScriptedServer.mail([".": reply])
    let error = try await makeTransport().failure(of: .example(), via: .local(port: server.port, timeout: .seconds(1)))
    guard case .unanswered(let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.mayHaveArrived)
  }

  @Test("because nobody listens, tells so")
  func nobodyListens() async throws {
    let server = try ScriptedServer.mail()
    server.stop()
    let error = try await makeTransport().failure(of: .example(), via: .local(port: server.port))
    guard case .transport(.unreachable) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("because the server says nothing, ends at its deadline", arguments: ["greeting", "RCPT"])
  func silence(command: String) async throws {
    let server = try ScriptedServer.mail([command: .hang])
    let error = try await makeTransport().failure(
      of: .example(), via: .local(port: server.port, timeout: .seconds(1)))
    guard case .transport(.timeout) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("ends with its task before the server has it")
  func cancelled() async throws {
    let server = try ScriptedServer.mail(["greeting": .hang])
    let transport = try makeTransport()
    let task = Task { await transport.failure(of: .example(), via: .local(port: server.port)) }
    await server.log { $0.connectionCount == 1 }
    task.cancel()
    #expect(await task.value == .transport(.cancelled))
  }

  @Test("ends with its own deadline when the server has it, whatever becomes of its task")
  func heardOut() async throws {
    let server = try ScriptedServer.mail([".": .hang])
    let transport = try makeTransport()
    let start = ContinuousClock.now
    let task = Task {
      await transport.failure(of: .example(), via: .local(port: server.port, timeout: .seconds(5)))
    }
    await server.log { $0.lines.contains(".") }
    task.cancel()
    #expect(await task.value != nil)
    #expect(start.duration(to: .now) >= .seconds(5), "did not wait for the server's word")
  }

  @Test("holds up neither another mail nor an HTTP exchange")
  func independence() async throws {
    let dead = try ScriptedServer.mail([".": .hang])
    let transport = try makeTransport()
    let waiting = Task {
      await transport.failure(of: .example(), via: .local(port: dead.port, timeout: .seconds(5)))
    }
    await dead.log { $0.lines.contains(".") }
    let mail = try ScriptedServer.mail()
    #expect(try await transport.send(.example(), via: .local(port: mail.port)).answer == "250 taken")
    let web = try ScriptedServer(.http(text: "ok"))
    #expect(try await transport.get(web.url()).text == "ok")
    waiting.cancel()
    _ = await waiting.value
  }

  @Test(
    "is not one that was taken before the server broke off or fell silent", .timeLimit(.minutes(10)),
    arguments: [MailReply.hang, .disconnect])
  func takenAllTheSame(farewell: MailReply) async throws {
    let server = try ScriptedServer.mail(["QUIT": farewell])
    // Who waits for the farewell does not come back within the test's time.
    let receipt = try await makeTransport().send(.example(), via: .local(port: server.port, timeout: .hours(1)))
    #expect(receipt.answer == "250 taken")
  }
}
