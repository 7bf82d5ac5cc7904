package import FoundationEssentials

/// Why nobody may hear of an alert that fires.
package enum AlertMark: String, Codable, Hashable, CaseIterable, Sendable {
  /// A silence holds it back.
  case silenced
  /// Somebody has taken charge of it.
  case acknowledged
  /// It goes back and forth: its turns are told when it has been calm, and the figures may be on the other side now.
  case flapping
  /// A channel has not taken what tells it, and is tried again.
  case retrying
}

/// What is to be said of alerts besides that they fire.
package struct AlertMarks: Sendable {
  private let silences: [Silence]
  /// By subject, the levels; an event without any tells of all.
  private let retried: [String: Set<Level>]
  private let now: Date

  /// - Parameters:
  ///   - silences: those that are not over.
  ///   - pending: the messages that no channel has taken yet.
  package init(silences: [Silence] = [], pending: [PendingMessage] = [], now: Date) {
    self.now = now
    self.silences = silences.filter { $0.isActive(at: now) }
    retried = pending.flatMap(\.notices).map(\.event).reduce(into: [:]) { retried, event in
      retried[event.subject, default: []].formUnion(event.crossed)
    }
  }

  /// In the order of ``AlertMark/allCases``; nothing for an alert that does not fire.
  package func marks(of alert: Alert) -> [AlertMark] {
    guard alert.status == .firing else { return [] }
    let key = alert.key
    var marks: [AlertMark] = []
    if silences.contains(where: { $0.covers(key) }) { marks.append(.silenced) }
    if alert.isAcknowledged(at: now) { marks.append(.acknowledged) }
    if alert.flapping?.lastHeldAt != nil { marks.append(.flapping) }
    if !retried.isEmpty, let levels = retried[key.subject], key.level.map(levels.contains) ?? true {
      marks.append(.retrying)
    }
    return marks
  }

  /// What is to be said of several alerts together.
  package func marks(of alerts: [Alert]) -> [AlertMark] {
    let found = Set(alerts.flatMap { marks(of: $0) })
    return AlertMark.allCases.filter(found.contains)
  }
}
