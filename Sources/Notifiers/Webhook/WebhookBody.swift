import FoundationEssentials
import QuotaCore

/// The body of a webhook, documented field by field in `docs/webhook.md`. What does not apply to an event is left out.
///
/// A field may be added under the same version; one that changes its meaning or goes away raises the version.
struct WebhookBody: Encodable {
  static let schemaVersion = 1

  private let event: Event

  init(_ event: Event) {
    self.event = event
  }

  /// The JSON, the same bytes for the same event.
  var bytes: [UInt8] {
    get throws { try MessageJSON.bytes(self) }
  }

  private var type: String {
    switch event.transition {
    case .firing: "alert.firing"
    case .resolved: "alert.resolved"
    case .acknowledged: "alert.acknowledged"
    case .reminder: "alert.reminder"
    case .test: "test"
    }
  }

  private enum Key: String, CodingKey {
    case schemaVersion = "schema_version"
    case type, timestamp, data
  }

  private enum DataKey: String, CodingKey {
    case eventID = "event_id"
    case organization, rule, severity, month, metric, level, crossed, used, quota, threshold
    case percentUsed = "percent_used"
    case periodEnd = "period_end"
    case observedAfter = "observed_after"
    case observedAt = "observed_at"
    case reason
  }

  private enum OrganizationKey: String, CodingKey { case id, name }

  private enum RuleKey: String, CodingKey { case id, type }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.schemaVersion, forKey: .schemaVersion)
    try container.encode(type, forKey: .type)
    try container.encode(event.occurredAt.iso8601, forKey: .timestamp)

    var data = container.nestedContainer(keyedBy: DataKey.self, forKey: .data)
    try data.encode(event.id, forKey: .eventID)
    var organization = data.nestedContainer(keyedBy: OrganizationKey.self, forKey: .organization)
    try organization.encode(event.organization, forKey: .id)
    try organization.encode(event.organizationName, forKey: .name)
    var rule = data.nestedContainer(keyedBy: RuleKey.self, forKey: .rule)
    try rule.encode(event.rule, forKey: .id)
    try rule.encode(event.topic, forKey: .type)
    try data.encode(event.severity, forKey: .severity)
    try data.encodeIfPresent(event.month, forKey: .month)
    try data.encodeIfPresent(event.metric, forKey: .metric)
    try data.encodeIfPresent(event.level, forKey: .level)
    try data.encode(event.crossed, forKey: .crossed)
    try data.encodeIfPresent(event.evidence.used, forKey: .used)
    try data.encodeIfPresent(event.evidence.quota, forKey: .quota)
    try data.encodeIfPresent(event.evidence.threshold, forKey: .threshold)
    try data.encodeIfPresent(event.percentUsed, forKey: .percentUsed)
    try data.encodeIfPresent(event.evidence.periodEnd?.iso8601, forKey: .periodEnd)
    try data.encodeIfPresent(event.evidence.observedAfter?.iso8601, forKey: .observedAfter)
    try data.encodeIfPresent(event.evidence.observedAt?.iso8601, forKey: .observedAt)
    try data.encode(event.reason, forKey: .reason)
  }
}
