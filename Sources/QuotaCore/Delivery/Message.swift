package import FoundationEssentials

/// The identity of a message. What is queued has the name of what it tells and a digest of everything else that makes it
/// this message, as in `pages-quota/acme/2026-11/pages/80%/firing/1+41~3f9a0c51d27be846`; see ``Message/id`` for the name.
package typealias MessageID = ID<Message>

extension MessageID {
  package init(_ event: EventID) {
    self.init(event.rawValue)
  }

  /// The id with the digest that makes it unique.
  package func distinguished(by digest: String) -> MessageID { MessageID("\(rawValue)~\(digest)") }
}

/// What is told to one notifier at once: an event, or several in one go.
package enum Message: Hashable, Sendable {
  case event(Event)
  case group(EventGroup)

  /// The events, the most urgent first.
  package var events: [Event] {
    switch self {
    case .event(let event): [event]
    case .group(let group): group.events
    }
  }

  /// The event's own id, or the first event's with the number of the others. A group that was queued has the id that it
  /// is sent under.
  package var id: MessageID {
    switch self {
    case .event(let event): MessageID(event.id)
    case .group(let group): group.id
    }
  }

  /// The message under another id, where its body says one.
  package func identified(as id: MessageID) -> Message {
    switch self {
    case .event: return self
    case .group(var group):
      group.id = id
      return .group(group)
    }
  }

  /// 0 for what only says that something is over, and more the more severe the most urgent event is.
  package var urgency: Int {
    events.map { event in
      event.transition.isEnd ? 0 : 1 + (Severity.allCases.firstIndex(of: event.severity) ?? 0)
    }.max() ?? 0
  }
}

/// Several events in one message: never empty.
package struct EventGroup: Hashable, Sendable {
  /// Why they come together.
  package enum Occasion: String, Hashable, Codable, Sendable {
    /// One run has found more of them than are told one by one.
    case run
    /// The notifier's `digest`.
    case digest
    /// Quiet hours, a silence or doubt about the vendor's data have ended; what was resolved meanwhile is left out.
    case caughtUp = "caught_up"
    /// More messages than the notifier's `max_messages` were due in one run.
    case overflow
    /// A backup was restored; all of them may have been told before.
    case restored
  }

  package let occasion: Occasion
  /// The most urgent first; at least one.
  package let events: [Event]
  package let composedAt: Date
  /// Which part of a larger group it is; nil for a whole one.
  package let part: Part?

  /// One of the messages that a group was too large for.
  package struct Part: Hashable, Sendable {
    /// From 1.
    package let number: Int
    /// At least 2.
    package let count: Int
  }
  package internal(set) var id: MessageID

  /// Nil without events.
  package init?(_ events: [Event], occasion: Occasion, composedAt: Date) {
    guard !events.isEmpty else { return nil }
    self.events = events.sorted(by: Self.isMoreUrgent)
    self.occasion = occasion
    self.composedAt = composedAt
    part = nil
    id = Self.name(self.events)
  }

  private init(_ number: Int, of count: Int, _ events: some Sequence<Event>, of group: EventGroup) {
    self.events = Array(events)
    occasion = group.occasion
    composedAt = group.composedAt
    part = Part(number: number, count: count)
    id = Self.name(self.events)
  }

  /// The group in so many parts of about the same number of events, in their order.
  ///
  /// - Parameter count: from 2 to the number of events.
  func parts(_ count: Int) -> [EventGroup] {
    (0..<count).map { index in
      let range = (events.count * index / count)..<(events.count * (index + 1) / count)
      return EventGroup(index + 1, of: count, events[range], of: self)
    }
  }

  private static func name(_ events: [Event]) -> MessageID {
    MessageID("\(events.map(\.id).min() ?? EventID(""))+\(events.count - 1)")
  }

  /// The most urgent event's severity among those that fire; of a group without any, `info`.
  package var severity: Severity {
    events.filter { $0.transition != .resolved }.map(\.severity).max() ?? .info
  }

  /// Firing before resolved, then by severity, by share of the quota, and by what they are about.
  private static func isMoreUrgent(_ first: Event, _ second: Event) -> Bool {
    let (a, b) = (rank(first), rank(second))
    return a == b ? (first.subject, first.id) < (second.subject, second.id) : a > b
  }

  private static func rank(_ event: Event) -> [Int64] {
    let severity = Int64(Severity.allCases.firstIndex(of: event.severity) ?? 0)
    return [event.transition == .resolved ? 0 : 1, severity, event.percentUsed ?? -1]
  }
}

extension [Int64] {
  fileprivate static func > (first: [Int64], second: [Int64]) -> Bool { second.lexicographicallyPrecedes(first) }
}
