import CLibcurl
import QuotaCore
import Synchronization

/// One message on its way to one server.
///
/// Whoever makes it checks everything; then one thread performs it, and anybody may cancel it.
final class MailTransfer: @unchecked Sendable {
  private let message: MailMessage
  private let server: MailServer
  private let address: Address
  private let sender: String
  private let recipients: TextList
  private let headers: TextList
  private var replies = ServerReplies()
  private var deadline = ContinuousClock.now
  private let isCancelled = Atomic(false)

  init(_ message: MailMessage, via server: MailServer, _ proxies: Proxies) throws(TransportError) {
    self.message = message
    self.server = server
    address = try Address(server, proxies)
    sender = try message.from.path()
    recipients = try TextList(recipientsOf: message)
    headers = try TextList(headersOf: message)
    try HeaderText.check(server.username ?? "", what: "the mail user name")
    try HeaderText.check(server.password?.reveal() ?? "", what: "the mail password")
  }

  /// Ends the session within about a second.
  func cancel() {
    isCancelled.store(true, ordering: .relaxed)
  }

  /// Hands the message over, on a thread that may block.
  func perform() -> Result<MailReceipt, MailError> {
    do throws(TransportError) {
      let easy = try EasyHandle()
      let body = try MailBody(message, for: easy)
      return try withExtendedLifetime(body) { () throws(TransportError) in
        try prepare(easy, body)
        // libcurl leaves its farewell out of the total timeout, so that is watched here, too.
        deadline = .now + .seconds(server.timeout.seconds + 1)
        return judge(easy.perform(), easy)
      }
    } catch {
      return .failure(.transport(error))
    }
  }

  private func prepare(_ easy: EasyHandle, _ body: MailBody) throws(TransportError) {
    try easy.setSafeOptions(for: address, timeout: server.timeout, caFile: server.caFile)
    try easy.setSession(with: server)
    try easy.set(CURLOPT_MAIL_FROM, sender)
    try easy.set(CURLOPT_MAIL_RCPT, pointer: recipients.head)
    try easy.set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1)
    try easy.set(CURLOPT_HTTPHEADER, pointer: headers.head)
    try easy.set(CURLOPT_MIMEPOST, pointer: body.pointer)

    let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
    try easy.set(CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
    try easy.set(CURLOPT_HEADERDATA, pointer: context)
    try easy.set(CURLOPT_HEADERFUNCTION) { data, size, count, context in
      guard let context else { return 0 }
      let transfer = Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue()
      let line = String(decoding: UnsafeRawBufferPointer(start: data, count: size * count), as: UTF8.self)
      return transfer.replies.add(line) ? size * count : 0
    }
    try easy.set(CURLOPT_NOPROGRESS, 0)
    try easy.set(CURLOPT_XFERINFODATA, pointer: context)
    try easy.set(CURLOPT_XFERINFOFUNCTION) { context, _, _, _, _ in
      guard let context else { return 1 }
      return Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
    }
  }

  /// Whether there is no more waiting, not even for the server's farewell.
  private var isOver: Bool {
    // A server that has the message is heard out (RFC 5321, section 4.5.3.2.6): it would come once more.
    (isCancelled.load(ordering: .relaxed) && !replies.hasMessage) || ContinuousClock.now > deadline || acceptance != nil
  }

  private var acceptance: (answer: ServerReplies.Reply, recipients: ArraySlice<ServerReplies.Reply>)? {
    replies.acceptance(recipients: message.recipients.count)
  }

  /// The server's own word comes first: once it has taken the message, nothing that follows makes it untaken.
  private func judge(_ code: CURLcode, _ easy: EasyHandle) -> Result<MailReceipt, MailError> {
    if let (answer, answers) = acceptance { return .success(receipt(answer, answers)) }
    if isCancelled.load(ordering: .relaxed) { return .failure(failure(.cancelled)) }
    switch code {
    case CURLE_LOGIN_DENIED, CURLE_REMOTE_ACCESS_DENIED, CURLE_SEND_ERROR, CURLE_WEIRD_SERVER_REPLY:
      if let answers = replies.deferral(recipients: message.recipients.count), let answer = answers.last {
        return .success(receipt(answer, answers))
      }
      if let refusal = replies.lastRefusal {
        return .failure(.refused(code: refusal.code, answer: line(refusal.text), replies.stage))
      }
    case CURLE_ABORTED_BY_CALLBACK:
      return .failure(failure(.timeout("\(address.host) did not answer in time")))
    case CURLE_OK:
      return .failure(failure(.protocolViolation("\(address.host) did not say whether it took the message")))
    default: break
    }
    return .failure(failure(TransportError(code, to: address, easy)))
  }

  private func failure(_ error: TransportError) -> MailError {
    replies.hasMessage ? .unanswered(error) : .transport(error)
  }

  private func receipt(_ answer: ServerReplies.Reply, _ answers: ArraySlice<ServerReplies.Reply>) -> MailReceipt {
    let refused = zip(message.recipients, answers).filter { $1.isRefusal }
    func recipients(_ isMeant: (Int) -> Bool) -> [RefusedRecipient] {
      refused.filter { isMeant($1.code) }.map { RefusedRecipient(address: $0.address, answer: line($1.text)) }
    }
    return MailReceipt(answer: line(answer.text), refused: recipients { $0 >= 500 }, deferred: recipients { $0 < 500 })
  }

  private func line(_ text: String) -> String {
    ForeignText.line(text, hiding: server.password.map { [$0] } ?? [])
  }
}
