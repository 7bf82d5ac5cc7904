import QuotaCore

/// What tells a message from every other, here and in any other installation: the installation, whom it is for, what it
/// tells, and its bytes.
struct MessageIdentity: Sendable {
  let installation: String
  let notifier: NotifierID
  /// The notifier's `type`.
  let channel: String

  /// The id of a message that was composed, and its bytes, which may name it.
  func identified(
    _ message: Message, _ payload: [UInt8], by notifier: any Notifier
  ) throws -> (id: MessageID, payload: [UInt8]) {
    let members = message.events.map(\.id.rawValue).joined(separator: "\n")
    let content = Array([installation, self.notifier.rawValue, channel, members, ""].joined(separator: "\0").utf8)
    let id = message.id.distinguished(by: String(ContentDigest.sha256(content + payload).prefix(16)))
    guard case .group = message else { return (id, payload) }
    return (id, try notifier.compose(message.identified(as: id)))
  }
}
