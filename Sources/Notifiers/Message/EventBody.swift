import FoundationEssentials
import QuotaCore

/// An event as programs get it, documented field by field in `docs/webhook.md`. What does not apply is left out.
///
/// A field may be added under the same version; one that changes its meaning or goes away raises the version.
struct EventBody: Encodable {
  private let event: Event
  private let link: String?

  /// - Parameter link: where more is to be seen.
  init(_ event: Event, link: String? = nil) {
    (self.event, self.link) = (event, link)
  }

  /// In bytes, as they stand in JSON, so that one event never is a message of its own size.
  private enum Longest {
    static let name = 12_000
    static let reason = 4_000
    static let person = 500
    static let note = 1_500
  }

  /// In one go over the text, since a group has thousands of them.
  private static func clipped(_ text: String, to limit: Int) -> String {
    guard text.utf8.count > limit / MessageJSON.longestScalar else { return text }
    var length = 0
    var end = text.unicodeScalars.startIndex
    for index in text.unicodeScalars.indices {
      length += MessageJSON.length(text.unicodeScalars[index])
      guard length <= limit else { return String(text.unicodeScalars[..<end]) + "…" }
      if length <= limit - "…".utf8.count { end = text.unicodeScalars.index(after: index) }
    }
    return text
  }

  private var type: String {
    switch event.transition {
    case .firing: "alert.firing"
    case .resolved: "alert.resolved"
    case .acknowledged: "alert.acknowledged"
    case .expired: "alert.expired"
    case .retired: "alert.retired"
    case .reopened: "alert.reopened"
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
    case organization, rule, severity, month, metric, level, crossed, firing, episode, flapping, acknowledgement
    case used, quota, threshold
    case percentUsed = "percent_used"
    case periodEnd = "period_end"
    case observedAfter = "observed_after"
    case observedAt = "observed_at"
    case projected
    case projectedLow = "projected_low"
    case projectedHigh = "projected_high"
    case probability
    case exhaustedFrom = "exhausted_from"
    case exhaustedTo = "exhausted_to"
    case dailyAllowance = "daily_allowance"
    case windowSeconds = "window_seconds"
    case baseline, before
    case otherOrganization = "other_organization"
    case amount, currency, limit, compared, affected, doubted, failure
    case reason, link
    case possibleRepetitionSince = "possible_repetition_since"
  }

  private enum FlappingKey: String, CodingKey { case count, since }

  private enum AcknowledgementKey: String, CodingKey { case by, at, until, note }

  private enum OrganizationKey: String, CodingKey { case id, name }

  private enum RuleKey: String, CodingKey { case id, type }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(SchemaVersion.current, forKey: .schemaVersion)
    try container.encode(type, forKey: .type)
    try container.encode(event.occurredAt.iso8601, forKey: .timestamp)

    var data = container.nestedContainer(keyedBy: DataKey.self, forKey: .data)
    try data.encode(event.id, forKey: .eventID)
    if let id = event.organization {
      var organization = data.nestedContainer(keyedBy: OrganizationKey.self, forKey: .organization)
      try organization.encode(id, forKey: .id)
      try organization.encode(Self.clipped(event.organizationName, to: Longest.name), forKey: .name)
    }
    var rule = data.nestedContainer(keyedBy: RuleKey.self, forKey: .rule)
    try rule.encode(event.rule, forKey: .id)
    try rule.encode(event.topic, forKey: .type)
    try data.encode(event.severity, forKey: .severity)
    try data.encodeIfPresent(event.month, forKey: .month)
    try data.encodeIfPresent(event.metric, forKey: .metric)
    try data.encodeIfPresent(event.level, forKey: .level)
    try data.encode(event.crossed, forKey: .crossed)
    try data.encode(event.firing, forKey: .firing)
    try data.encode(event.episode, forKey: .episode)
    try encode(event.flapping, into: &data)
    try encode(event.acknowledgement, into: &data)
    try data.encode(Self.clipped(event.reason, to: Longest.reason), forKey: .reason)
    try data.encodeIfPresent(event.possibleRepetitionSince?.iso8601, forKey: .possibleRepetitionSince)
    try encode(event.evidence, into: &data)
    try data.encodeIfPresent(link, forKey: .link)
  }

  private func encode(_ flapping: Flapping?, into data: inout KeyedEncodingContainer<DataKey>) throws {
    guard let flapping else { return }
    var container = data.nestedContainer(keyedBy: FlappingKey.self, forKey: .flapping)
    try container.encode(flapping.count, forKey: .count)
    try container.encode(flapping.since.iso8601, forKey: .since)
  }

  private func encode(
    _ acknowledgement: Acknowledgement?, into data: inout KeyedEncodingContainer<DataKey>
  ) throws {
    guard let acknowledgement else { return }
    var container = data.nestedContainer(keyedBy: AcknowledgementKey.self, forKey: .acknowledgement)
    try container.encode(Self.clipped(acknowledgement.by, to: Longest.person), forKey: .by)
    try container.encode(acknowledgement.at.iso8601, forKey: .at)
    try container.encodeIfPresent(acknowledgement.until?.iso8601, forKey: .until)
    try container.encodeIfPresent(acknowledgement.note.map { Self.clipped($0, to: Longest.note) }, forKey: .note)
  }

  private func encode(_ evidence: Evidence, into data: inout KeyedEncodingContainer<DataKey>) throws {
    try data.encodeIfPresent(event.percentUsed, forKey: .percentUsed)
    try data.encodeIfPresent(evidence.used, forKey: .used)
    try data.encodeIfPresent(evidence.quota, forKey: .quota)
    try data.encodeIfPresent(evidence.threshold, forKey: .threshold)
    try data.encodeIfPresent(evidence.periodEnd?.iso8601, forKey: .periodEnd)
    try data.encodeIfPresent(evidence.observedAfter?.iso8601, forKey: .observedAfter)
    try data.encodeIfPresent(evidence.observedAt?.iso8601, forKey: .observedAt)
    try data.encodeIfPresent(evidence.projected, forKey: .projected)
    try data.encodeIfPresent(evidence.projectedLow, forKey: .projectedLow)
    try data.encodeIfPresent(evidence.projectedHigh, forKey: .projectedHigh)
    try data.encodeIfPresent(evidence.probability, forKey: .probability)
    try data.encodeIfPresent(evidence.exhaustedFrom?.iso8601, forKey: .exhaustedFrom)
    try data.encodeIfPresent(evidence.exhaustedTo?.iso8601, forKey: .exhaustedTo)
    try data.encodeIfPresent(evidence.dailyAllowance, forKey: .dailyAllowance)
    try data.encodeIfPresent(evidence.windowSeconds, forKey: .windowSeconds)
    try data.encodeIfPresent(evidence.baseline, forKey: .baseline)
    try data.encodeIfPresent(evidence.before, forKey: .before)
    try data.encodeIfPresent(evidence.otherOrganization, forKey: .otherOrganization)
    try data.encodeIfPresent(evidence.amount, forKey: .amount)
    try data.encodeIfPresent(evidence.currency, forKey: .currency)
    try data.encodeIfPresent(evidence.limit, forKey: .limit)
    try data.encodeIfPresent(evidence.compared, forKey: .compared)
    try data.encodeIfPresent(evidence.affected, forKey: .affected)
    try data.encodeIfPresent(evidence.doubted, forKey: .doubted)
    try data.encodeIfPresent(evidence.failure, forKey: .failure)
  }
}
