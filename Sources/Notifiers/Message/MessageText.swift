import FoundationEssentials
import QuotaCore

/// What there is to say of a message, in words and in the same words for every channel; a channel only lays it out.
///
/// Names and reasons come from others and may hold anything that prints: a channel escapes what it takes from here.
struct MessageText {
  let id: MessageID
  let tone: Tone
  /// Few words on one line.
  let subject: String
  /// One sentence.
  let headline: String
  /// How much of the quota is used; nil where there is none, and for a group.
  let percentUsed: Int64?
  /// What there is to know of the one event; empty for a group.
  let details: [EventText.Detail]
  /// The events of a group, the most urgent first; empty for one event.
  let rows: [EventText]

  init(_ message: Message) {
    id = message.id
    switch message {
    case .event(let event):
      let text = EventText(event)
      tone = text.tone
      subject = text.subject
      headline = text.headline
      percentUsed = text.percentUsed
      details = text.details
      rows = []
    case .group(let group):
      let events = group.events.map { EventText($0) }
      let words = GroupHeadline(group, events)
      tone = Tone(group)
      subject = words.short
      headline = words.sentence
      percentUsed = nil
      details = []
      rows = events
    }
  }
}

extension EventText {
  /// The event in a line of a group, such as `Acme Corp: 82 % of pages used (2026-11), 8,200 of 10,000 pages`.
  var row: String { figures.map { "\(subject), \($0)" } ?? subject }
}
