package import FoundationEssentials

/// A message that was given up, and what it was to tell.
package struct DeadLetter: Hashable, Sendable {
  package let message: MessageID
  package let notifier: NotifierID
  package let diedAt: Date
  /// Why, in one line.
  package let reason: String
  package let events: [Event]

  package init(message: MessageID, notifier: NotifierID, diedAt: Date, reason: String, events: [Event]) {
    self.message = message
    self.notifier = notifier
    self.diedAt = diedAt
    self.reason = reason
    self.events = events
  }

  /// The rule that the events about dead letters bear, and that a silence may name.
  package static let rule = RuleID("undelivered")

  /// For how long a dead letter that nobody dismisses shows in the exit code of runs. The time that was noted may lie in
  /// the future, where a clock was ahead.
  package func isAlarming(at now: Date) -> Bool { now < diedAt + .hours(24) && now > diedAt - .hours(24) }

  /// Whether it speaks of an alert, alone or among others.
  package func concerns(_ key: AlertKey) -> Bool {
    events.contains { event in
      event.subject == key.subject && (key.level == nil || event.crossed.contains { $0 == key.level })
    }
  }
}

extension Event {
  /// What the other channels are told when a notifier is gone from the configuration while incidents that it opened are
  /// open.
  ///
  /// - Parameter count: of the incidents; at least 1.
  package static func departed(
    _ notifier: NotifierID, leaving count: Int, of organizations: Set<OrganizationID>, at now: Date
  ) -> Event {
    var evidence = Evidence(observedAt: now)
    evidence.affected = Int64(count)
    let incidents = "\(count.counted("incident"))\(about(organizations))"
    return Event(
      id: EventID(rawValue: "\(DeadLetter.rule)/\(notifier)/departed/\(now.milliseconds)"), transition: .firing,
      rule: DeadLetter.rule, topic: .undelivered, severity: .warning, organization: nil, organizationName: "",
      reason:
        "\(notifier) is not configured any more, and nothing closes the \(incidents) that it has opened: configure "
        + "the notifier again before \(count == 1 ? "its alert ends, or close it" : "their alerts end, or close them") by hand",
      evidence: evidence, occurredAt: now)
  }

  /// ` about acme, globex, initech and 4 more`; nothing for nobody.
  private static func about(_ organizations: Set<OrganizationID>) -> String {
    let names = organizations.map(\.rawValue).sorted()
    guard !names.isEmpty else { return "" }
    return " about \(names.prefix(3).joined(separator: ", "))"
      + (names.count > 3 ? " and \((names.count - 3).grouped) more" : "")
  }

  /// What the other channels are told of messages that one channel did not take; nil for those that speak of nothing else
  /// themselves, so that no two channels tell each other of each other for ever.
  ///
  /// - Parameter letters: of one notifier, at least one, the oldest first.
  package static func undelivered(_ letters: [DeadLetter], disabled: ChannelHealth.Disabled?, at now: Date) -> Event? {
    let lost = letters.filter { letter in letter.events.contains { $0.topic != .undelivered } }
    guard let first = lost.first else { return nil }
    let events = lost.flatMap(\.events)
    let messages = "\(lost.count.counted("message"))\(about(Set(events.compactMap(\.organization))))"
    let remedy =
      disabled == nil
      ? "`quotawatch notify list --dead` shows what was lost"
      : "it is disabled until its configuration changes or `quotawatch notify test \(first.notifier)` succeeds"
    var evidence = Evidence(observedAt: now)
    evidence.affected = Int64(lost.count)
    return Event(
      id: EventID(
        rawValue: "\(DeadLetter.rule)/\(first.notifier)/firing/\(first.message)/\(first.diedAt.milliseconds)"),
      transition: .firing, rule: DeadLetter.rule, topic: .undelivered,
      severity: max(.warning, events.map(\.severity).max() ?? .warning), organization: nil, organizationName: "",
      reason: "\(first.notifier): \(messages) given up: \(first.reason); \(remedy)", evidence: evidence, occurredAt: now
    )
  }
}

extension DeadLetter: EventKind {
  package static let summary = "Messages to a notifier were given up."
  package static let isMomentary = true

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    EventHeadline(
      "quotawatch", "alerts not delivered", "Alerts could not be delivered: \(TimedText(stamped: event.shownReason))")
  }
}
