import FoundationEssentials
import Hummingbird
import QuotaCore

/// `/sandbox/mail`: which mail arrived.
extension Control {
  private struct Listing: Encodable {
    let total: Int
    /// The latest, newest last.
    let mail: [Entry]
  }

  private struct Entry: Encodable {
    let sender: String
    let recipients: [String]
    let username: String?
    /// Headers and body; bytes that are not UTF-8 become `�`.
    let message: String
    let receivedAt: Date
  }

  func registerMail(on router: Router<SandboxContext>) {
    router.get("/sandbox/mail") { _, _ in
      let received = mail.received
      let entries = received.entries.suffix(Self.listed).map {
        Entry(
          sender: $0.sender, recipients: $0.recipients, username: $0.username, message: $0.text,
          receivedAt: $0.receivedAt)
      }
      return try ControlExchange.answer(Listing(total: received.total, mail: entries))
    }
    router.delete("/sandbox/mail") { _, _ in
      mail.received.clear()
      return try ControlExchange.answer(Done())
    }
  }
}
