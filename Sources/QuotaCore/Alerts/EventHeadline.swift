/// The first line of a message, short and as a sentence.
package struct EventHeadline: Sendable {
  /// Whom it is about.
  package let name: String
  /// Such as `82 % of pages used (2026-11)`.
  package let what: TimedText
  /// Such as `Acme Corp has used 82 % of its pages quota for 2026-11 (8,200 of 10,000)`.
  package let sentence: TimedText

  /// Such as `Acme Corp: 82 % of pages used (2026-11)`.
  package var short: TimedText { "\(name): \(what)" }

  init(_ name: String, _ what: TimedText, _ sentence: TimedText) {
    self.name = name
    self.what = what
    self.sentence = sentence
  }

  package init(_ event: Event) {
    let cleaned = ForeignText.line(event.organizationName, limit: 100)
    self = event.topic.kind.headline(of: event, cleaned.isEmpty ? event.organization?.rawValue ?? "DocuTray" : cleaned)
  }

  /// The event's own reason, where there is nothing better to say.
  static func reason(of event: Event, _ name: String) -> EventHeadline {
    let reason = TimedText(stamped: event.shownReason)
    return EventHeadline(name, reason, "\(name): \(reason)")
  }
}

extension Event {
  /// The reason on one line, as far as there is room for it.
  package var shownReason: String { ForeignText.line(reason, limit: 500) }
}
