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
    /// What of it says everything where it stands in a sentence; nil for the whole value.
    var gist: String?
    /// The zone in which its times are shown.
    var zone = TimeZone.gmt

    /// Whether a sentence says it already.
    func isTold(in sentence: String) -> Bool { sentence.contains(gist ?? value) }

    /// Whether somebody else has written a part of it.
    var isForeign: Bool { pieces.contains { if case .foreign = $0 { true } else { false } } }

    /// The value where addresses become links by themselves: what others have written makes none.
    var shown: String { isForeign ? Unlinked.text(value) : value }

    var value: String {
      pieces.map {
        switch $0 {
        case .own(let text), .foreign(let text): text
        case .time(let date): date.words(in: zone)
        }
      }.joined()
    }
  }

  let tone: Tone
  let severity: Severity
  /// Whose event it is; nil for one about the vendor's data as a whole.
  let organization: OrganizationID?
  /// What the event is about: the organization's name, or the vendor's.
  let name: String
  /// Few words on one line: who and what.
  let subject: String
  /// The same without who.
  let what: String
  /// One sentence.
  let headline: String
  /// The sentence where the subject and the details stand beside it; nil if it would only repeat them.
  let lead: String?
  let details: [Detail]
  /// How much of the quota is used; nil where there is none.
  let percentUsed: Int64?
  /// `8,200 of 10,000 pages`; nil for an event without a counter.
  let figures: String?

  /// What stands before something that may have been told already.
  static let repetition = "Possibly a repetition: "

  /// - Parameters:
  ///   - zone: in which times are shown.
  ///   - marksRepetition: false where the message says of all its events that they may be repetitions.
  init(_ event: Event, in zone: TimeZone = .gmt, marksRepetition: Bool = true) {
    tone = Tone(event)
    severity = event.severity
    organization = event.organization
    percentUsed = event.percentUsed
    figures = event.topic.kind.figures(of: event)
    let words = EventHeadline(event)
    name = words.name
    let isMarked = marksRepetition && event.possibleRepetitionSince != nil
    let mark = (isMarked ? Self.repetition : "") + Self.mark(event.transition)
    let (subject, sentence) = (mark + words.short.text(in: zone), mark + words.sentence.text(in: zone))
    (self.subject, headline) = (subject, sentence)
    what = words.what.text(in: zone)
    let isToldByFigures = event.topic.kind.isToldByFigures && event.transition != .test
    lead = isToldByFigures ? nil : sentence
    let first =
      [Self.usage(event, beside: subject), Self.levels(event)].compactMap { $0 } + Self.firing(event)
    let rest = [
      Self.moment(event), Self.month(event, beside: subject),
      Self.flapping(event), Self.acknowledgement(event), Self.restored(event),
      Detail(
        label: "Rule",
        pieces: [.foreign(event.rule.rawValue), .own(" (\(event.topic), \(event.severity.rawValue))")]),
      isToldByFigures ? nil : Self.reason(event),
    ].compactMap { $0 }
    details = (first + Self.evidence(event) + rest).map { detail in
      var detail = detail
      detail.zone = zone
      return detail
    }
  }

  private static func mark(_ transition: Event.Transition) -> String {
    switch transition {
    case .firing, .reopened: ""
    case .resolved: "Resolved: "
    case .acknowledged: "Acknowledged: "
    case .expired: "Month over: "
    case .retired: "No longer watched: "
    case .reminder: "Reminder: "
    case .test: "Test: "
    }
  }

  private static func usage(_ event: Event, beside subject: String) -> Detail? {
    guard let figures = event.topic.kind.figures(of: event) else { return nil }
    let share = event.percentUsed.map { "\($0.grouped) %" }.flatMap { subject.contains($0) ? nil : " (\($0))" } ?? ""
    let gist = event.evidence.used.map { MessageFormat.figures(used: $0, quota: event.evidence.quota, metric: nil) }
    return Detail(label: "Used", pieces: [.own(figures + share)], gist: gist)
  }

  private static func levels(_ event: Event) -> Detail? {
    guard !event.crossed.isEmpty else { return nil }
    let label = event.transition == .resolved ? "Now below" : "Crossed"
    return Detail(label: label, pieces: [.own(MessageFormat.list(event.crossed.map(MessageFormat.level)))])
  }

  /// What a resolution has not ended: the levels that are reached, and those that go back and forth and are not told as
  /// over before they have been calm.
  private static func firing(_ event: Event) -> [Detail] {
    guard event.transition == .resolved else { return [] }
    let (used, quota) = (event.evidence.used ?? .max, event.evidence.quota)
    let reached = event.firing.filter { $0.threshold(quota: quota).map { used >= $0 } ?? true }
    let others = event.firing.filter { !reached.contains($0) }
    return [("Still at", reached), ("Not calm yet", others)].compactMap { label, levels in
      levels.isEmpty
        ? nil : Detail(label: label, pieces: [.own(MessageFormat.list(levels.map(MessageFormat.level)))])
    }
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

  private static func restored(_ event: Event) -> Detail? {
    event.possibleRepetitionSince.map { since in
      Detail(
        label: "Restored",
        pieces: [.own("a backup was put in place, which does not know what was told since "), .time(since)])
    }
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
    guard isVisible else { return nil }
    let pieces = TimedText(stamped: reason).parts.map { part in
      switch part {
      case .words(let words): Piece.foreign(words)
      case .time(let date), .day(let date): Piece.time(date)
      }
    }
    return Detail(label: "Reason", pieces: pieces)
  }

  private static func month(_ event: Event, beside subject: String) -> Detail? {
    guard let month = event.month else { return nil }
    let left = event.evidence.periodEnd.map { MessageFormat.timeLeft(from: event.occurredAt, to: $0) }
    let name = subject.contains(month.description) ? nil : month.description
    let words = [name, left].compactMap { $0 }
    return words.isEmpty ? nil : Detail(label: "Month", pieces: [.own(words.joined(separator: ", "))])
  }
}
