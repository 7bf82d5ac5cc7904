import QuotaCore

/// An event of the Events API v2, without its routing key.
struct PagerDutyEvent: Encodable {
  /// In characters.
  static let longestSummary = 1_024

  private let event: Event
  private let action: IncidentAction
  private let texts: Texts

  init(_ event: Event, _ texts: Texts) {
    self.event = event
    action = IncidentAction(event)
    self.texts = texts
  }

  private struct Link: Encodable {
    let href: String
    let text = MessageText.linkLabel
  }

  private enum Key: String, CodingKey {
    case action = "event_action"
    case key = "dedup_key"
    case payload, client, links
  }

  private enum PayloadKey: String, CodingKey {
    case summary, source, severity, timestamp, component, group
    case kind = "class"
    case details = "custom_details"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(action.word, forKey: .action)
    try container.encode(IncidentKey(event).text(atMost: 255), forKey: .key)
    guard action == .open || action == .update else { return }
    try container.encode("quotawatch", forKey: .client)
    if let link = texts.link { try container.encode([Link(href: link)], forKey: .links) }
    let text = EventText(event, in: texts.zone)
    var payload = container.nestedContainer(keyedBy: PayloadKey.self, forKey: .payload)
    try payload.encode(texts.title ?? ForeignText.clipped(text.subject, to: Self.longestSummary), forKey: .summary)
    try payload.encode("quotawatch", forKey: .source)
    try payload.encode(event.severity, forKey: .severity)
    try payload.encode(event.occurredAt.iso8601, forKey: .timestamp)
    try payload.encodeIfPresent(event.metric?.rawValue, forKey: .component)
    try payload.encodeIfPresent(event.organization?.rawValue, forKey: .group)
    try payload.encode("\(event.topic)", forKey: .kind)
    try payload.encode(EventBody(event), forKey: .details)
  }
}

extension IncidentAction {
  fileprivate var word: String {
    switch self {
    case .open, .update: "trigger"
    case .acknowledge: "acknowledge"
    case .close: "resolve"
    }
  }
}
