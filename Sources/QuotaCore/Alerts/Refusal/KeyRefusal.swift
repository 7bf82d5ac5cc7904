package import FoundationEssentials

/// That the vendor refuses every key at once, which is no single key's trouble. It is told as one, and the alerts of single
/// keys wait until it ends.
package struct KeyRefusal: Hashable, Codable, Sendable {
  /// The run that found it.
  package let run: Int64
  package let since: Date
  /// Who was told of it.
  package let notified: [NotifierID]

  package init(run: Int64, since: Date, notified: [NotifierID]) {
    self.run = run
    self.since = since
    self.notified = notified
  }

  /// The rule that the events bear.
  package static let rule = RuleID("keys")
}

/// What one run says of the keys as a whole: gathers how each reading went, and decides at the run's end.
package struct RefusalTally: Sendable {
  /// From how many organizations on a refusal of all is one.
  private let minimum: Int64
  private var asked: Int64 = 0
  private var read: Int64 = 0
  private var refused: Int64 = 0
  private var message = ""

  package init(minimum: Int64) {
    self.minimum = minimum
  }

  /// Adds an organization that was asked for.
  ///
  /// - Parameter failure: nil if it was read.
  package mutating func add(_ failure: ReadingFailure?) {
    asked += 1
    guard let failure else {
      read += 1
      return
    }
    guard failure.reason == .keyRejected else { return }
    refused += 1
    if message.isEmpty { message = failure.message }
  }

  /// What there is to tell: that every key is refused, if that is not known, or that one is taken again.
  ///
  /// - Parameter open: the refusal that has not ended.
  package func event(_ open: KeyRefusal?, run: Int64, now: Date) -> Event? {
    if let open {
      guard read > 0 else { return nil }
      let rest = refused > 0 ? "; the keys of \(refused.grouped) are still refused, which is told of each" : ""
      return event(
        of: open.run, .resolved, now: now,
        "the vendor takes keys again: \(read.grouped) of \(asked.grouped) were read\(rest)")
    }
    guard read == 0, refused >= minimum else { return nil }
    let rest = refused < asked ? ", and the others could not be asked for" : ""
    return event(
      of: run, .firing, now: now, "\(refused.grouped) of \(asked.grouped) keys are refused at once\(rest): \(message)")
  }

  private func event(of run: Int64, _ transition: Event.Transition, now: Date, _ reason: String) -> Event {
    var evidence = Evidence(observedAt: now)
    evidence.compared = asked
    evidence.affected = refused
    evidence.failure = transition == .firing ? .keyRejected : nil
    return Event(
      id: EventID(rawValue: "\(KeyRefusal.rule)/run-\(run)/\(transition.rawValue)/1"), transition: transition,
      rule: KeyRefusal.rule, topic: .keys, severity: .critical, organization: nil, organizationName: "",
      reason: reason, evidence: evidence, occurredAt: now)
  }
}

extension KeyRefusal: EventKind {
  package static let summary = "Every key is refused."
  package static let cannotWait = true

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    if event.transition == .resolved {
      return EventHeadline(name, "API keys accepted", TimedText(stamped: event.shownReason))
    }
    return EventHeadline(
      name, "every API key rejected",
      "The vendor rejects every API key, so no quota is being watched: \(TimedText(stamped: event.shownReason))")
  }
}
