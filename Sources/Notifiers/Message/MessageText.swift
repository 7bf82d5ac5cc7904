import FoundationEssentials
import QuotaCore

/// What there is to say of a message, in words and in the same words for every channel; a channel only lays it out.
///
/// Names and reasons come from others and may hold anything that prints: a channel escapes what it takes from here.
struct MessageText {
  let id: MessageID
  let tone: Tone
  /// The severity as configured.
  let severity: Severity
  /// Few words on one line.
  let subject: String
  /// One sentence.
  let headline: String
  /// A sentence for where the subject stands above; nil if it would only repeat what stands there.
  let lead: String?
  /// How much of the quota is used; nil where there is none, and for a group.
  let percentUsed: Int64?
  /// What there is to know of the one event; empty for a group.
  private let allDetails: [EventText.Detail]
  /// The events of a group, the most urgent first; empty for one event.
  let rows: [EventText]
  /// Where more is to be seen; nil for nowhere.
  let link: String?

  /// What there is to know of the one event besides the subject and ``lead``; empty for a group.
  var details: [EventText.Detail] { lead.map { details(beside: $0) } ?? allDetails }

  /// What there is to know of the one event besides ``headline``.
  var detailsBesideHeadline: [EventText.Detail] { details(beside: headline) }

  /// - Parameter texts: whose zone its times are in, and where it leads.
  init(_ message: Message, _ texts: Texts = Texts()) {
    id = message.id
    link = texts.link
    switch message {
    case .event(let event):
      let text = EventText(event, in: texts.zone)
      (tone, severity) = (text.tone, text.severity)
      (subject, headline, lead) = (text.subject, text.headline, text.lead)
      percentUsed = text.percentUsed
      allDetails = text.details
      rows = []
    case .group(let group):
      let events = group.events.map {
        EventText($0, in: texts.zone, marksRepetition: group.occasion != .restored)
      }
      let words = GroupHeadline(group, events)
      (tone, severity) = (Tone(group), group.severity)
      (subject, headline, lead) = (words.short, words.sentence, words.lead)
      percentUsed = nil
      allDetails = []
      rows = events
    }
  }

  private func details(beside sentence: String) -> [EventText.Detail] {
    allDetails.filter { !$0.isTold(in: sentence) }
  }

  /// What a link to more is called.
  static let linkLabel = "Show details"
}

extension EventText {
  /// The event in a line of a group, such as `Acme Corp: 82 % of pages used (2026-11), 8,200 of 10,000 pages`.
  var row: String { figures.map { "\(subject), \($0)" } ?? subject }
}
