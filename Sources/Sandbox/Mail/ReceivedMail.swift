package import FoundationEssentials

/// One message that a ``MailSink`` took.
package struct ReceivedMail: Sendable {
  /// The envelope's sender; empty for a bounce.
  package let sender: String
  /// The envelope's recipients that were accepted.
  package let recipients: [String]
  /// The name that the client logged in with, if it did.
  package let username: String?
  /// Headers and body as they were sent, dots unstuffed, every line ended by CR LF.
  package let raw: [UInt8]
  /// By the machine's clock.
  package let receivedAt: Date

  /// ``raw`` as text; bytes that are not UTF-8 become `�`.
  package var text: String { String(decoding: raw, as: UTF8.self) }
}
