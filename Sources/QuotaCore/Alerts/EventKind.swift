/// What an event can be about: a rule's kind, or something that concerns all organizations at once.
package protocol EventKind: Sendable {
  /// A sentence on what it tells.
  static var summary: String { get }

  /// Whether it tells of something that has happened, not of a state: it is told at once, each time anew, and nothing
  /// resolves it.
  static var isMomentary: Bool { get }

  /// Whether it is told at once and by itself, since nothing is watched meanwhile.
  static var cannotWait: Bool { get }

  /// Whether it waits while every key is refused, which is told as one.
  static var waitsForKeys: Bool { get }

  /// Whether the short headline and the figures tell everything, so that the sentence and the reason only repeat it.
  static var isToldByFigures: Bool { get }

  /// What ``Evidence/observedAfter`` is called where it counts alone.
  static var observedAfterLabel: String? { get }

  /// The first line of a message, without a word for the transition.
  ///
  /// - Parameter name: whom it is about.
  static func headline(of event: Event, _ name: String) -> EventHeadline

  /// What was used, such as `8,200 of 10,000 pages`; nil for an event without a counter.
  static func figures(of event: Event) -> String?
}

extension EventKind {
  package static var isMomentary: Bool { false }
  package static var cannotWait: Bool { false }
  package static var waitsForKeys: Bool { false }
  package static var isToldByFigures: Bool { false }
  package static var observedAfterLabel: String? { nil }

  package static func figures(of event: Event) -> String? {
    guard let used = event.evidence.used, let metric = event.metric else { return nil }
    return MessageFormat.figures(used: used, quota: event.evidence.quota, metric: metric)
  }
}

extension Event.Topic {
  /// What it is about.
  package var kind: any EventKind.Type {
    switch self {
    case .rule(let type): type.kind
    case .breaker: Breaker.self
    case .retirement: RetirementHold.self
    case .undelivered: DeadLetter.self
    case .keys: KeyRefusal.self
    }
  }
}
