import QuotaCore

extension TextList {
  /// The headers of a message. libcurl adds those of the MIME structure.
  convenience init(headersOf message: MailMessage) throws(TransportError) {
    self.init()
    try HeaderText.check(message.subject, what: "the subject")
    for id in [message.messageID] + message.inReplyTo {
      guard HeaderText.isPrintable(id), id.utf8.allSatisfy({ $0 < 0x80 }),
        !id.contains(where: { "<>".contains($0) }), !id.isEmpty
      else { throw .refused("the Message-ID holds characters that are not allowed") }
    }
    try append("Date: \(MailDate.text(message.date))")
    try append(HeaderEncoding.header("From", message.from.pieces()))
    try append(HeaderEncoding.header("To", Self.pieces(message.to)))
    try append(HeaderEncoding.header("Subject", HeaderEncoding.text(message.subject)))
    try append("Message-ID: <\(message.messageID)>")
    if !message.inReplyTo.isEmpty {
      try append(HeaderEncoding.header("In-Reply-To", message.inReplyTo.map { "<\($0)>" }))
    }
    // What several references of a reply to several messages would mean is not defined (RFC 5322, section 3.6.4).
    if message.inReplyTo.count == 1 { try append("References: <\(message.inReplyTo[0])>") }
    try append("Auto-Submitted: auto-generated")
    try append("Content-Type: multipart/alternative")
  }

  /// The recipients for the SMTP commands.
  convenience init(recipientsOf message: MailMessage) throws(TransportError) {
    self.init()
    guard !message.recipients.isEmpty else { throw .refused("the message has no recipient") }
    for mailbox in message.recipients { try append(mailbox.path()) }
  }

  private static func pieces(_ mailboxes: [Mailbox]) throws(TransportError) -> [String] {
    var pieces: [String] = []
    for mailbox in mailboxes {
      if let last = pieces.popLast() { pieces.append("\(last),") }
      pieces += try mailbox.pieces()
    }
    return pieces
  }
}

extension Mailbox {
  /// The address in angle brackets, as SMTP commands take it.
  func path() throws(TransportError) -> String {
    guard HeaderText.isPrintable(address), address.utf8.allSatisfy({ $0 < 0x80 }), !address.isEmpty,
      !address.contains(where: { "<>".contains($0) })
    else { throw .refused("an e-mail address holds characters that are not allowed") }
    return "<\(address)>"
  }

  fileprivate func pieces() throws(TransportError) -> [String] {
    guard let name, !name.isEmpty else { return [address] }
    try HeaderText.check(name, what: "the name beside an e-mail address")
    return HeaderEncoding.phrase(name) + [try path()]
  }
}
