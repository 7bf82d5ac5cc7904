package import QuotaCore
import Synchronization

/// A mail server that answers from a script and remembers what it was given.
package final class FakeMailTransport: MailTransport {
  /// A message and where it went.
  package struct Submission: Sendable {
    package let message: MailMessage
    package let server: MailServer
  }

  private let answer: Result<MailReceipt, MailError>
  private let received = Mutex<[Submission]>([])

  package init(_ answer: Result<MailReceipt, MailError> = .success(MailReceipt(answer: "250 OK", refused: []))) {
    self.answer = answer
  }

  package var submissions: [Submission] { received.withLock { $0 } }

  package func send(_ message: MailMessage, via server: MailServer) async throws(MailError) -> MailReceipt {
    received.withLock { $0.append(Submission(message: message, server: server)) }
    return try answer.get()
  }

  package func probe(_ server: MailServer) async throws(MailError) -> String {
    try answer.get().answer
  }
}
