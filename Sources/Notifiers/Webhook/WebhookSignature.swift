import Crypto
import FoundationEssentials
import QuotaCore

/// A symmetric signing key of Standard Webhooks 1.0.
struct SigningKey: Sendable {
  private let key: SymmetricKey

  /// Parses `whsec_` and the base64 of 24 to 64 bytes.
  init?(_ secret: Secret) {
    let text = secret.reveal()
    guard text.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(text.dropFirst(6))),
      (24...64).contains(bytes.count)
    else { return nil }
    key = SymmetricKey(data: bytes)
  }

  /// `v1,` and the base64 of the content's HMAC-SHA256.
  func signature(of content: [UInt8]) -> String {
    "v1," + Data(HMAC<SHA256>.authenticationCode(for: content, using: key)).base64EncodedString()
  }
}

/// The three headers by which a receiver recognises a repetition and tells a forgery (Standard Webhooks 1.0).
struct WebhookSignature {
  let messageID: String
  /// Unix time in whole seconds, of this attempt.
  let timestamp: Int64
  /// One for each key, separated by spaces.
  let signatures: String

  init(id: MessageID, time: Date, body: [UInt8], keys: [SigningKey]) {
    self.init(messageID: Self.messageID(for: id), time: time, body: body, keys: keys)
  }

  init(messageID: String, time: Date, body: [UInt8], keys: [SigningKey]) {
    self.messageID = messageID
    timestamp = Int64(time.timeIntervalSince1970.rounded(.down))
    let content = Array("\(messageID).\(timestamp).".utf8) + body
    signatures = keys.map { $0.signature(of: content) }.joined(separator: " ")
  }

  var headers: [TransportRequest.Header] {
    [
      TransportRequest.Header("webhook-id", messageID),
      TransportRequest.Header("webhook-timestamp", "\(timestamp)"),
      TransportRequest.Header("webhook-signature", signatures),
    ]
  }

  /// `msg_` and the first 32 hexadecimal digits of the message id's SHA-256.
  ///
  /// The signed content is `id.timestamp.body`, so the specification forbids dots in the id; message ids may hold some.
  static func messageID(for id: MessageID) -> String {
    "msg_" + SHA256.hash(data: Data(id.rawValue.utf8)).prefix(16).hexadecimal
  }
}
