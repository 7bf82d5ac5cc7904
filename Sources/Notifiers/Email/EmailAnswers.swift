import QuotaCore

/// What a mail server's refusal means: by the class of its code (RFC 5321, section 4.2.1), by what it refuses, and by its
/// enhanced code (RFC 3463) where it gives one.
enum EmailAnswers {
  /// - Parameters:
  ///   - reason: the refusal on one line.
  ///   - place: where the password comes from, in words.
  static func outcome(code: Int, reason: String, stage: MailStage, password place: String?) -> SendOutcome {
    guard code >= 500 else { return .retryable(reason: reason) }
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
    code == 552 || ["5.3.4", "5.2.3"].contains { reason.contains(" \($0) ") || reason.hasSuffix(" \($0)") }
  }
}
