import FoundationEssentials
import QuotaCore

/// A message as programs get it: an event's body, or a group that holds the bodies of its events; documented in
/// `docs/webhook.md`.
struct MessageBody: Encodable {
  private let message: Message
  private let link: String?

  /// - Parameter link: where more is to be seen.
  init(_ message: Message, link: String? = nil) {
    (self.message, self.link) = (message, link)
  }

  /// The JSON, the same bytes for the same message.
  var bytes: [UInt8] {
    get throws { try MessageJSON.bytes(self) }
  }

  private enum Key: String, CodingKey {
    case schemaVersion = "schema_version"
    case type, timestamp, data
  }

  private enum DataKey: String, CodingKey {
    case messageID = "message_id"
    case occasion, part, parts, severity, count, link, events
  }

  func encode(to encoder: any Encoder) throws {
    switch message {
    case .event(let event): try EventBody(event, link: link).encode(to: encoder)
    case .group(let group):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(SchemaVersion.current, forKey: .schemaVersion)
      try container.encode("alert.group", forKey: .type)
      try container.encode(group.composedAt.iso8601, forKey: .timestamp)
      var data = container.nestedContainer(keyedBy: DataKey.self, forKey: .data)
      try data.encode(group.id, forKey: .messageID)
      try data.encode(group.occasion, forKey: .occasion)
      try data.encodeIfPresent(group.part?.number, forKey: .part)
      try data.encodeIfPresent(group.part?.count, forKey: .parts)
      try data.encode(group.severity, forKey: .severity)
      try data.encode(group.events.count, forKey: .count)
      try data.encodeIfPresent(link, forKey: .link)
      try data.encode(group.events.map { EventBody($0) }, forKey: .events)
    }
  }
}
