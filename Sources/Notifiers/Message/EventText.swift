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

    /// Whether somebody else has written a part of it.
    var isForeign: Bool { pieces.contains { if case .foreign = $0 { true } else { false } } }

    /// The value where addresses become links by themselves: what others have written makes none.
    var shown: String { isForeign ? Unlinked.text(value) : value }

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

  let tone: Tone
  let severity: Severity
  /// What the event is about: the organization's name, or the vendor's.
  let name: String
  /// Few words on one line: who and what.
  let subject: String
  /// The same without who.
  let what: String
  /// One sentence.
  let headline: String
  let details: [Detail]
  /// How much of the quota is used; nil where there is none.
  let percentUsed: Int64?
  /// `8,200 of 10,000 pages`; nil for an event without a counter.
  let figures: String?

  init(_ event: Event) {
    tone = Tone(event)
    severity = event.severity
    percentUsed = event.percentUsed
    figures = event.topic.kind.figures(of: event)
    let headline = EventHeadline(event)
    name = headline.name
    let mark =
      switch event.transition {
      case .firing, .reopened: ""
      case .resolved: "Resolved: "
      case .acknowledged: "Acknowledged: "
      case .expired: "Month over: "
      case .retired: "No longer watched: "
      case .reminder: "Reminder: "
      case .test: "Test: "
      }
    subject = mark + headline.short
    what = headline.what
    self.headline = mark + headline.sentence
    let first = [Self.usage(event), Self.levels(event), Self.firing(event)].compactMap { $0 }
    let rest = [
      Self.moment(event), Self.month(event),
      Self.flapping(event), Self.acknowledgement(event),
      Detail(
        label: "Rule",
        pieces: [.foreign(event.rule.rawValue), .own(" (\(event.topic), \(event.severity.rawValue))")]),
      Self.reason(event),
    ].compactMap { $0 }
    details = first + Self.evidence(event) + rest
  }

  private static func usage(_ event: Event) -> Detail? {
    guard let figures = event.topic.kind.figures(of: event) else { return nil }
    let share = event.percentUsed.map { " (\($0.grouped) %)" } ?? ""
    return Detail(label: "Used", pieces: [.own(figures + share)])
  }

  private static func levels(_ event: Event) -> Detail? {
    guard !event.crossed.isEmpty else { return nil }
    let label = event.transition == .resolved ? "Now below" : "Crossed"
    return Detail(label: label, pieces: [.own(MessageFormat.list(event.crossed.map(MessageFormat.level)))])
  }

  /// What a resolution has not ended.
  private static func firing(_ event: Event) -> Detail? {
    guard event.transition == .resolved, !event.firing.isEmpty else { return nil }
    return Detail(label: "Still at", pieces: [.own(MessageFormat.list(event.firing.map(MessageFormat.level)))])
  }

  private static func flapping(_ event: Event) -> Detail? {
    guard let flapping = event.flapping else { return nil }
    return Detail(
      label: "Flapping",
      pieces: [
        .own("goes back and forth: came true \(flapping.count.grouped) times since "),
        .time(flapping.since),
      ])
  }

  private static func acknowledgement(_ event: Event) -> Detail? {
    guard let acknowledgement = event.acknowledgement else { return nil }
    var pieces: [Piece] = [.own("by "), .foreign(ForeignText.line(acknowledgement.by, limit: 100)), .own(" at ")]
    pieces.append(.time(acknowledgement.at))
    if let until = acknowledgement.until { pieces += [.own(" until "), .time(until)] }
    let note = acknowledgement.note.map { ForeignText.line($0, limit: 300) } ?? ""
    if !note.isEmpty { pieces += [.own(": "), .foreign(note)] }
    return Detail(label: "Taken care of", pieces: pieces)
  }

  private static func moment(_ event: Event) -> Detail? {
    switch (event.evidence.observedAfter, event.evidence.observedAt) {
    case (let after?, _) where event.topic.kind.observedAfterLabel != nil:
      Detail(label: event.topic.kind.observedAfterLabel ?? "", pieces: [.time(after)])
    case (let after?, let at?):
      Detail(label: "When", pieces: [.own("between "), .time(after), .own(" and "), .time(at)])
    case (nil, let at?):
      Detail(label: "Seen", pieces: [.time(at)])
    case (_, nil): nil
    }
  }

  /// Services refuse a field without a value.
  private static func reason(_ event: Event) -> Detail? {
    let reason = event.shownReason
    let isVisible = reason.unicodeScalars.contains { !$0.properties.isDefaultIgnorableCodePoint }
    return isVisible ? Detail(label: "Reason", pieces: [.foreign(reason)]) : nil
  }

  private static func month(_ event: Event) -> Detail? {
    guard let month = event.month else { return nil }
    let left = event.evidence.periodEnd.map { ", " + MessageFormat.timeLeft(from: event.occurredAt, to: $0) } ?? ""
    return Detail(label: "Month", pieces: [.own("\(month)\(left)")])
  }
}
