import FoundationEssentials
import QuotaCore

/// The fields of a message for templates, documented in `docs/templates.md`. A field that does not apply is missing.
struct TemplateValues {
  private let message: Message
  private let format: TextFormat
  private let texts: Texts

  /// How many events a template gets; a group's least urgent ones are left out, and `more` says how many.
  static let mostEvents = 100

  /// - Parameter texts: whose zone its words are in, and where it leads.
  init(_ message: Message, _ format: TextFormat, _ texts: Texts = Texts()) {
    (self.message, self.format, self.texts) = (message, format, texts)
  }

  func object(_ lookups: TemplateLookups) -> TemplateObject {
    let text = MessageText(message, texts)
    let shown = message.events.prefix(Self.mostEvents)
    var values: [String: Any] = [:]
    if case .event(let event) = message { values = self.values(of: event, lookups) }
    values["message_id"] = escaped(text.id.rawValue)
    values["subject"] = escaped(text.subject)
    values["headline"] = escaped(text.headline)
    values["symbol"] = escaped(text.tone.symbol)
    values["color"] = literal("#\(text.tone.colour)")
    values["events"] = shown.map { TemplateObject(values: self.values(of: $0, lookups), lookups: lookups) }
    values["event_count"] = literal(message.events.count)
    if message.events.count > shown.count { values["more"] = literal(message.events.count - shown.count) }
    if let link = texts.link { values["link"] = literal(link) }
    if case .group(let group) = message {
      let first = group.events.first
      if let id = first?.organization, group.events.allSatisfy({ $0.organization == id }) {
        values["organization_id"] = escaped(id)
        values["organization_name"] = escaped(text.rows.first?.name ?? id.rawValue)
      }
      values["is_group"] = true
      values["occasion"] = escaped(group.occasion.rawValue)
      values["severity"] = escaped(group.severity.rawValue)
      values["occurred_at"] = literal(group.composedAt.iso8601)
    }
    return TemplateObject(values: values, lookups: lookups)
  }

  private func escaped(_ value: some CustomStringConvertible) -> EscapedText {
    EscapedText(renderText: format.escaped(value.description))
  }

  private func literal(_ value: some CustomStringConvertible) -> EscapedText {
    EscapedText(renderText: format.literal(value.description))
  }

  private func values(of event: Event, _ lookups: TemplateLookups) -> [String: Any] {
    let text = EventText(event, in: texts.zone)
    var values: [String: Any] = [
      "is_firing": [.firing, .reopened].contains(event.transition), "is_resolved": event.transition == .resolved,
      "is_reminder": event.transition == .reminder, "is_acknowledged": event.transition == .acknowledged,
      "is_expired": event.transition == .expired, "is_test": event.transition == .test,
      "details": text.details.map { detail in
        TemplateObject(values: ["label": escaped(detail.label), "value": escaped(detail.value)], lookups: lookups)
      },
    ]
    for (name, value) in Self.words(of: event, text) where value != nil { values[name] = value.map { escaped($0) } }
    for (name, value) in Self.literals(of: event, text) where value != nil { values[name] = value.map { literal($0) } }
    return values
  }

  /// What is words, or has a name or an id in it.
  private static func words(of event: Event, _ text: EventText) -> [(String, String?)] {
    [
      ("event_id", event.id.rawValue), ("transition", event.transition.rawValue), ("subject", text.subject),
      ("headline", text.headline), ("what", text.what), ("symbol", text.tone.symbol), ("figures", text.figures),
      ("severity", event.severity.rawValue), ("organization_id", event.organization?.rawValue),
      ("organization_name", text.name), ("rule", event.rule.rawValue), ("rule_type", event.topic.description),
      ("metric", event.metric?.rawValue), ("level", event.level?.description), ("crossed", list(event.crossed)),
      ("firing", list(event.firing)), ("reason", ForeignText.line(event.reason, limit: 500)),
      ("other_organization", event.evidence.otherOrganization?.rawValue),
      ("acknowledged_by", event.acknowledgement.map { ForeignText.line($0.by, limit: 100) }),
      ("acknowledgement_note", event.acknowledgement?.note.map { ForeignText.line($0, limit: 300) }),
    ]
  }

  /// Figures, times and a colour, which nobody else has written.
  private static func literals(of event: Event, _ text: EventText) -> [(String, String?)] {
    let evidence = event.evidence
    return [
      ("color", "#\(text.tone.colour)"), ("month", event.month?.description), ("episode", "\(event.episode)"),
      ("occurred_at", event.occurredAt.iso8601),
      ("used", number(evidence.used)), ("quota", number(evidence.quota)), ("threshold", number(evidence.threshold)),
      ("percent_used", number(event.percentUsed)), ("observed_after", evidence.observedAfter?.iso8601),
      ("observed_at", evidence.observedAt?.iso8601), ("period_end", evidence.periodEnd?.iso8601),
      ("projected", number(evidence.projected)), ("projected_low", number(evidence.projectedLow)),
      ("projected_high", number(evidence.projectedHigh)), ("probability", number(evidence.probability)),
      ("exhausted_from", evidence.exhaustedFrom?.iso8601),
      ("exhausted_to", evidence.exhaustedTo?.iso8601), ("daily_allowance", number(evidence.dailyAllowance)),
      ("window_seconds", number(evidence.windowSeconds)), ("baseline", number(evidence.baseline)),
      ("before", number(evidence.before)), ("amount", evidence.amount), ("currency", evidence.currency),
      ("limit", evidence.limit), ("compared", number(evidence.compared)),
      ("affected", number(evidence.affected)), ("flapping_count", number(event.flapping?.count)),
      ("flapping_since", event.flapping?.since.iso8601),
      ("acknowledged_until", event.acknowledgement?.until?.iso8601),
      ("possible_repetition_since", event.possibleRepetitionSince?.iso8601),
    ]
  }

  private static func number(_ number: Int64?) -> String? { number.map { "\($0)" } }

  private static func list(_ levels: [Level]) -> String? {
    levels.isEmpty ? nil : levels.map(\.description).joined(separator: ", ")
  }

  /// Every name that a template may use.
  static let names: Set<String> = {
    let event = Event.test(of: NotifierID("n"), now: Date(timeIntervalSince1970: 0))
    let text = EventText(event)
    return Set((words(of: event, text) + literals(of: event, text)).map(\.0)).union([
      "message_id", "link", "event_count", "events", "more", "is_group", "occasion", "is_firing", "is_resolved",
      "is_reminder", "is_acknowledged", "is_expired", "is_test", "details", "label", "value",
    ])
  }()
}
