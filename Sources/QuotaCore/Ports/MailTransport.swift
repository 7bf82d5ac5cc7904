package import FoundationEssentials

/// Sends e-mail over SMTP.
package protocol MailTransport: Sendable {
  /// Hands one message to a server. Throws if no recipient was accepted.
  func send(_ message: MailMessage, via server: MailServer) async throws(MailError) -> MailReceipt

  /// Connects and logs in, and hands over nothing. Returns the server's last answer, one line.
  func probe(_ server: MailServer) async throws(MailError) -> String
}

/// Where and how mail is handed over.
package struct MailServer: Sendable {
  package enum Security: String, Sendable {
    /// Clear text; for loopback, or where the user allows it.
    case plain = "smtp"
    /// STARTTLS, which is required: there is no falling back to clear text.
    case startTLS = "smtp+starttls"
    /// TLS from the first byte.
    case tls = "smtps"
  }

  package let security: Security
  package let host: String
  package let port: Int
  package let username: String?
  package let password: Secret?
  /// A file of certificate authorities (PEM) to trust instead of the system's.
  package let caFile: String?
  /// Whether clear text is allowed to hosts that are not loopback.
  package let allowsPlain: Bool
  /// How long one attempt may take. Once the server has the message, nothing ends the wait for its word but this.
  package let timeout: TimeSpan
  /// What this machine calls itself; nil for its own name.
  package let ehlo: String?

  package init(
    security: Security, host: String, port: Int, username: String? = nil, password: Secret? = nil,
    caFile: String? = nil, allowsPlain: Bool = false, timeout: TimeSpan = .seconds(30), ehlo: String? = nil
  ) {
    self.ehlo = ehlo
    self.security = security
    self.host = host
    self.port = port
    self.username = username
    self.password = password
    self.caFile = caFile
    self.allowsPlain = allowsPlain
    self.timeout = timeout
  }
}

/// A mailbox: an address, and the name shown beside it.
package struct Mailbox: Hashable, Sendable {
  package let name: String?
  /// The address itself, such as `finance@example.com`, without CR, LF, NUL, spaces and angle brackets.
  package let address: String

  package init(name: String? = nil, address: String) {
    self.name = name
    self.address = address
  }
}

/// One e-mail, in text and HTML.
package struct MailMessage: Sendable {
  package let from: Mailbox
  package let to: [Mailbox]
  /// May hold any Unicode but no line break.
  package let subject: String
  package let text: String
  package let html: String
  /// Without angle brackets.
  package let messageID: String
  /// The Message-IDs of what it follows, without angle brackets.
  package let inReplyTo: [String]
  package let date: Date
  /// Whom this attempt is for: all whom the message names, or those of them who are still to have it.
  package let recipients: [Mailbox]

  package init(
    from: Mailbox, to: [Mailbox], subject: String, text: String, html: String, messageID: String,
    inReplyTo: [String] = [], date: Date, recipients: [Mailbox]? = nil
  ) {
    self.inReplyTo = inReplyTo
    self.recipients = recipients ?? to
    self.from = from
    self.to = to
    self.subject = subject
    self.text = text
    self.html = html
    self.messageID = messageID
    self.date = date
  }
}

/// What the server said to a message that it took for at least one recipient.
package struct MailReceipt: Hashable, Sendable {
  /// The server's last answer, one line, such as `250 OK`. Where everybody was deferred or refused it is a refusal.
  package let answer: String
  /// The recipients that it refused for good (5xx), with its answers.
  package let refused: [RefusedRecipient]
  /// Those that it will take later (4xx).
  package let deferred: [RefusedRecipient]

  package init(answer: String, refused: [RefusedRecipient], deferred: [RefusedRecipient] = []) {
    self.answer = answer
    self.refused = refused
    self.deferred = deferred
  }
}

/// A recipient that a server did not take.
package struct RefusedRecipient: Hashable, Sendable {
  package let address: String
  package let answer: String

  package init(address: String, answer: String) {
    self.address = address
    self.answer = answer
  }
}

/// What a mail server may refuse, in the order of a session.
package enum MailStage: Hashable, Sendable {
  /// To talk at all.
  case session
  case login
  case sender
  /// Every recipient.
  case recipients
  case content
}

/// Why it is not known that a message was taken.
package enum MailError: Error, Hashable, Sendable {
  /// The server does not have it.
  case transport(TransportError)
  /// The server was given it, and has not said whether it takes it.
  case unanswered(TransportError)
  /// The server's refusal: an SMTP code such as 535 or 550, its text on one line, and what it refuses.
  case refused(code: Int, answer: String, MailStage)

  /// One line for people.
  package var message: String {
    switch self {
    case .transport(let error), .unanswered(let error): error.message
    case .refused(_, let answer, _): "the mail server answered \(answer)"
    }
  }
}
