import Foundation
import Sandbox
import Testing

/// Sends lines to an SMTP server one by one and collects the last line of each answer, the greeting first.
private func dialog(_ lines: [String], with sink: MailSink) async throws -> [String?] {
  let port = sink.port
  return try await onThread {
    var connection = try RawConnection(port: port)
    func answer(_ connection: inout RawConnection) throws -> String? {
      var last = try connection.line()
      while let line = last, line.dropFirst(3).first == "-" { last = try connection.line() }
      return last
    }
    var answers = [try answer(&connection)]
    var isMessage = false
    for line in lines {
      try connection.send(line + "\r\n")
      if isMessage, line != "." { continue }
      isMessage = line == "DATA"
      answers.append(try answer(&connection))
    }
    return answers
  }
}

@Suite(.timeLimit(.minutes(5)))
struct `The mail sink` {
  @Test func `takes a message with its envelope and its dots`() async throws {
    let sink = try await MailSink.start()
    let answers = try await dialog(
      [
        "EHLO client", "MAIL FROM:<a@example.com> SIZE=100 BODY=8BITMIME", "RCPT TO:<b@example.com>",
        "rcpt to:<c@example.com>", "DATA", "Subject: Grüße", "", "..", ".. two", "end", ".", "QUIT",
      ], with: sink)
    #expect(answers.map { $0?.prefix(3) } == ["220", "250", "250", "250", "250", "354", "250", "221"])
    let mail = try #require(try await sink.received.wait(untilTotal: 1).first)
    #expect(mail.sender == "a@example.com")
    #expect(mail.recipients == ["b@example.com", "c@example.com"])
    #expect(mail.username == nil)
    #expect(mail.text == "Subject: Grüße\r\n\r\n.\r\n. two\r\nend\r\n")
    await sink.stop()
  }

  @Test func `lets everybody log in, in three ways`() async throws {
    let sink = try await MailSink.start()
    let plain = Data("\0ops\0secret".utf8).base64EncodedString()
    let name = Data("ops".utf8).base64EncodedString()
    let password = Data("secret".utf8).base64EncodedString()
    let mail = ["MAIL FROM:<>", "RCPT TO:<b@example.com>", "DATA", "Hello", "."]
    for login in [["AUTH PLAIN \(plain)"], ["AUTH PLAIN", plain], ["AUTH LOGIN", name, password]] {
      let answers = try await dialog(["EHLO client"] + login + mail, with: sink)
      #expect(answers[1 + login.count]?.prefix(3) == "235")
      #expect(answers.last??.prefix(3) == "250")
    }
    #expect(sink.received.entries.map(\.username) == ["ops", "ops", "ops"])
    #expect(sink.received.entries.map(\.sender) == ["", "", ""])
    await sink.stop()
  }

  @Test(arguments: [
    (["MAIL FROM:<a@example.com>"], "503"), (["HELO c", "RCPT TO:<a@example.com>"], "503"),
    (["HELO c", "MAIL FROM:<a@example.com>", "DATA"], "503"), (["HELO c", "MAIL FROM:a@example.com"], "501"),
    (["HELO c", "MAIL FROM:<a@example.com>", "RCPT TO:<>"], "501"), (["EHLO c", "AUTH CRAM-MD5"], "504"),
    (["EHLO c", "AUTH PLAIN !"], "501"), (["EHLO c", "MAIL FROM:<a@example.com> SIZE=10485761"], "552"),
    (["HELLO"], "500"), (["NOOP"], "250"),
    (["HELO c", "MAIL FROM:<a@example.com>", "RSET", "RCPT TO:<b@c.de>"], "503"),
  ])
  func `answers what is out of place with its code`(lines: [String], code: String) async throws {
    let sink = try await MailSink.start()
    #expect(try await dialog(lines, with: sink).last??.prefix(3) == Substring(code))
    #expect(sink.received.total == 0)
    await sink.stop()
  }

  @Test func `refuses a message that is too large and takes the next`() async throws {
    let sink = try await MailSink.start()
    let mail = ["MAIL FROM:<a@example.com>", "RCPT TO:<b@example.com>", "DATA"]
    let line = String(repeating: "x", count: 100_000)
    let large = mail + Array(repeating: line, count: 106) + ["."]
    let answers = try await dialog(["HELO c"] + large + mail + ["small", "."], with: sink)
    #expect(answers.map { $0?.prefix(3) } == ["220", "250", "250", "250", "354", "552", "250", "250", "354", "250"])
    #expect(sink.received.entries.map(\.text) == ["small\r\n"])
    await sink.stop()
  }

  @Test func `refuses the recipients that it is told to`() async throws {
    let sink = try await MailSink.start()
    sink.refuse("bad@example.com", with: "550 no such user")
    let answers = try await dialog(
      [
        "HELO c", "MAIL FROM:<a@example.com>", "RCPT TO:<bad@example.com>", "RCPT TO:<b@example.com>", "DATA", "x", ".",
      ],
      with: sink)
    #expect(answers[3] == "550 no such user")
    #expect(sink.received.entries.map(\.recipients) == [["b@example.com"]])
    await sink.stop()
  }

  @Test func `understands Python's smtplib`() async throws {
    let sink = try await MailSink.start()
    let script = """
      import smtplib, sys
      from email.message import EmailMessage
      message = EmailMessage()
      message["Subject"] = "Grüße"; message["From"] = "a@example.com"; message["To"] = "b@example.com"
      message.set_content("one\\n.two\\n")
      message.add_alternative("<p>one</p>", subtype="html")
      with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=20) as client:
          client.login("ops", "secret")
          refused = client.send_message(message)
          assert refused == {}
      """
    let port = sink.port
    let status = try await onThread {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
      process.arguments = ["-I", "-c", script, String(port)]
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    #expect(status == 0)
    let mail = try #require(sink.received.entries.first)
    #expect(mail.username == "ops")
    #expect(mail.recipients == ["b@example.com"])
    #expect(mail.text.contains("\r\n.two\r\n"))
    #expect(mail.text.contains("multipart/alternative"))
    await sink.stop()
  }

  @Test func `ends open connections when it stops`() async throws {
    let sink = try await MailSink.start()
    let port = sink.port
    let (greeted, continuation) = AsyncStream<Void>.makeStream()
    async let ending = onThread {
      var connection = try RawConnection(port: port)
      _ = try connection.line()
      continuation.finish()
      return try connection.line()
    }
    for await _ in greeted {}
    await sink.stop()
    #expect(try await ending == nil)
    await #expect(throws: RawConnection.Failure.self) { try await onThread { _ = try RawConnection(port: port) } }
  }
}
