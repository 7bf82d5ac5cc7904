import QuotaCore

/// What a mail server's refusal means: by the class of its code (RFC 5321, section 4.2.1), by what it refuses, and by its
/// enhanced code (RFC 3463) where it gives one.
enum EmailAnswers {
  /// - Parameters:
  ///   - reason: the refusal on one line.
  ///   - place: where the password comes from, in words.
  static func outcome(code: Int, reason: String, stage: MailStage, password place: String?) -> SendOutcome {
    guard code >= 500 else { return .retryable(reason: reason) }
    if isAboutFullMailbox(code, reason, stage) {
      return .retryable(reason: "\(reason) – the recipients' mailboxes are full, as the server says")
    }
    if isAboutEncryption(code, reason) {
      return .channelDead(
        reason: "\(reason) – the server wants encryption: begin \"url\" with smtp+starttls:// or smtps://")
    }
    if isAboutSize(code, reason) { return .rejected(reason: "\(reason) – the message is too large for the server") }
    switch stage {
    case .session:
      return .channelDead(
        reason: "\(reason) – the server does not talk to this machine: look at \"url\", or ask who runs it")
    case .login:
      let origin = place.map { " (\($0))" } ?? ""
      return .channelDead(
        reason: "\(reason) – the server refuses the login: look at \"username\" and \"password\"\(origin)")
    case .sender:
      return .channelDead(
        reason: "\(reason) – the server does not send for this address: look at \"from\", \"username\" and \"password\""
      )
    case .recipients:
      return .channelDead(reason: "\(reason) – the server takes none of the recipients: look at \"to\" and \"from\"")
    case .content: return .rejected(reason: "\(reason) – the server does not take this message")
    }
  }

  /// 552, or an enhanced code that says so: x.3.4 and x.2.3.
  private static func isAboutSize(_ code: Int, _ reason: String) -> Bool {
    code == 552 || holds(["5.3.4", "5.2.3"], reason)
  }

  /// x.2.2, or 552 to a recipient without a word of the message's size, which passes (RFC 5321, section 4.5.3.1.10).
  private static func isAboutFullMailbox(_ code: Int, _ reason: String, _ stage: MailStage) -> Bool {
    holds(["5.2.2"], reason) || code == 552 && stage == .recipients && !holds(["5.3.4", "5.2.3"], reason)
  }

  /// RFC 3207, section 4.
  private static func isAboutEncryption(_ code: Int, _ reason: String) -> Bool {
    code == 530 && reason.uppercased().contains("STARTTLS")
  }

  /// Whether a refusal holds one of some enhanced codes.
  private static func holds(_ codes: [String], _ reason: String) -> Bool {
    codes.contains { reason.contains(" \($0) ") || reason.hasSuffix(" \($0)") }
  }
}
