package import FoundationEssentials

/// An edit that would end the watch over so many organizations that it may be a mistake: nothing is closed for a while.
package struct RetirementHold: Hashable, Codable, Sendable {
  /// The run that found it.
  package let run: Int64
  package let since: Date
  /// How many organizations have alerts that are not watched any more, and of how many.
  package let affected: Int64
  package let compared: Int64

  package init(run: Int64, since: Date, affected: Int64, compared: Int64) {
    self.run = run
    self.since = since
    self.affected = affected
    self.compared = compared
  }

  /// For how long nothing is closed.
  package static let length = TimeSpan.hours(24)

  /// The rule that the event bears, and that a silence may name.
  package static let rule = RuleID("retirement")

  package func isOver(at now: Date) -> Bool { now >= since + Self.length }

  /// The hold begun again, where a clock that was ahead began it.
  package func beginning(at now: Date) -> RetirementHold {
    RetirementHold(run: run, since: now, affected: affected, compared: compared)
  }

  /// What the operator is told, once.
  package var event: Event {
    var evidence = Evidence(observedAt: since)
    evidence.compared = compared
    evidence.affected = affected
    return Event(
      id: EventID(rawValue: "\(Self.rule)/run-\(run)/firing/1"), transition: .firing, rule: Self.rule,
      topic: .retirement, severity: .critical, organization: nil, organizationName: "",
      reason: "alerts of \(affected) of \(compared) organizations are not watched any more since the configuration was "
        + "changed; their incidents are closed at \((since + Self.length).iso8601) unless it is put right",
      evidence: evidence, occurredAt: since)
  }
}

extension RetirementHold: EventKind {
  package static let summary = "A change of the configuration would end the watch over many organizations."
  package static let isMomentary = true

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    EventHeadline(
      "quotawatch", "many alerts no longer watched",
      "Many alerts are no longer watched: \(TimedText(stamped: event.shownReason))")
  }
}
