package import FoundationEssentials

/// The identity of a message, which follows from the events that it tells: the event's own id, or the first event's with
/// the number of the others, as in `pages-quota/acme/2026-11/pages/80%/firing/1+41`.
///
/// An event is told to a notifier in one message only, so that the first event names the group.
package typealias MessageID = ID<Message>

extension MessageID {
  package init(_ event: EventID) {
    self.init(event.rawValue)
  }
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

  package var id: MessageID {
    switch self {
    case .event(let event): MessageID(event.id)
    case .group(let group): group.id
    }
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

  /// Nil without events.
  package init?(_ events: [Event], occasion: Occasion, composedAt: Date) {
    guard !events.isEmpty else { return nil }
    self.events = events.sorted(by: Self.isMoreUrgent)
    self.occasion = occasion
    self.composedAt = composedAt
    part = nil
  }

  private init(_ number: Int, of count: Int, _ events: some Sequence<Event>, of group: EventGroup) {
    self.events = Array(events)
    occasion = group.occasion
    composedAt = group.composedAt
    part = Part(number: number, count: count)
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

  package var id: MessageID {
    let first = events.map(\.id).min() ?? EventID(rawValue: "")
    return MessageID(rawValue: "\(first)+\(events.count - 1)")
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
