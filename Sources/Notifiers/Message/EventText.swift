import FoundationEssentials
import QuotaCore

/// What there is to say of an event, in words and in the same words for every channel; a channel only lays it out.
///
/// Names and reasons come from others and may hold anything that prints: a channel escapes what it takes from here.
struct EventText {
  /// A part of a detail's value.
  enum Piece: Hashable {
    /// Words of our own, without anything from outside.
    case own(String)
    /// Something that a user, the vendor or a server has written.
    case foreign(String)
    case time(Date)
  }

  /// One line under the headline.
  struct Detail: Hashable {
    let label: String
    let pieces: [Piece]

    /// The value with its times in UTC.
    var value: String {
      pieces.map {
        switch $0 {
        case .own(let text), .foreign(let text): text
        case .time(let date): MessageFormat.time(date)
        }
      }.joined()
    }
  }

  let eventID: EventID
  let transition: Event.Transition
  let severity: Severity
  /// Few words on one line: who and what.
  let subject: String
  /// One sentence.
  let headline: String
  let details: [Detail]
  /// How much of the quota is used; nil where there is none.
  let percentUsed: Int64?

  init(_ event: Event) {
    eventID = event.id
    transition = event.transition
    severity = event.severity
    percentUsed = event.percentUsed
    let headline = EventHeadline(event)
    let mark =
      switch event.transition {
      case .firing: ""
      case .resolved: "Resolved: "
      case .acknowledged: "Acknowledged: "
      case .reminder: "Reminder: "
      case .test: "Test: "
      }
    subject = mark + headline.short
    self.headline = mark + headline.sentence
    details = [
      Self.usage(event), Self.levels(event), Self.moment(event), Self.month(event),
      Detail(
        label: "Rule",
        pieces: [.foreign(event.rule.rawValue), .own(" (\(event.topic), \(event.severity.rawValue))")]),
      Detail(label: "Reason", pieces: [.foreign(ForeignText.line(event.reason, limit: 500))]),
    ].compactMap { $0 }
  }

  private static func usage(_ event: Event) -> Detail? {
    guard let used = event.evidence.used, let metric = event.metric else { return nil }
    let figures = MessageFormat.figures(used: used, quota: event.evidence.quota, metric: metric)
    let share = event.percentUsed.map { " (\(MessageFormat.number($0)) %)" } ?? ""
    return Detail(label: "Used", pieces: [.own(figures + share)])
  }

  private static func levels(_ event: Event) -> Detail? {
    guard !event.crossed.isEmpty else { return nil }
    let label = event.transition == .resolved ? "Now below" : "Crossed"
    return Detail(label: label, pieces: [.own(MessageFormat.list(event.crossed.map(MessageFormat.level)))])
  }

  private static func moment(_ event: Event) -> Detail? {
    switch (event.evidence.observedAfter, event.evidence.observedAt) {
    case (let after?, _) where event.topic == .rule(.stale):
      Detail(label: "Last read", pieces: [.time(after)])
    case (let after?, let at?):
      Detail(label: "When", pieces: [.own("between "), .time(after), .own(" and "), .time(at)])
    case (nil, let at?):
      Detail(label: "Seen", pieces: [.time(at)])
    case (_, nil): nil
    }
  }

  private static func month(_ event: Event) -> Detail? {
    guard let month = event.month else { return nil }
    let left = event.evidence.periodEnd.map { ", " + MessageFormat.timeLeft(from: event.occurredAt, to: $0) } ?? ""
    return Detail(label: "Month", pieces: [.own("\(month)\(left)")])
  }
}
