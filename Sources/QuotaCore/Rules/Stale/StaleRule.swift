import FoundationEssentials

/// Tells when an organization has not been read successfully for a while.
package struct StaleRule: RuleKind {
  /// How long the last successful reading may be ago.
  package let after: TimeSpan

  package init(after: TimeSpan) {
    self.after = after
  }

  package static let type = RuleType.stale
  package static let summary = "An organization could not be read for a while."
  package static let isReplayable = false
  package static let observedAfterLabel: String? = "Last read"

  package static let fields = Field("after", .timeSpan(), .required, "How long the last successful reading may be ago.")
    .map { StaleRule(after: $0) }

  package func judge(_ input: RuleInput, into verdicts: inout some VerdictSink) {
    let history = input.history
    // An organization that was never read is silent since the first attempt.
    guard var since = history.lastSuccessAt ?? history.firstAttemptAt else { return }
    if let gap = history.gap {
      // Whether it was read in the time of which nothing is known, nobody can say.
      guard input.now >= gap.to + after else { return }
      since = max(since, gap.to)
    }
    let holds = input.now >= since + after
    verdicts.add(holds ? .yes : .no) { _ in
      Explanation(
        holds ? Self.silence(history) : Self.reading(history, since: since),
        Evidence(
          observedAfter: holds ? history.lastSuccessAt.map { max($0, history.gap?.to ?? $0) } : nil,
          observedAt: input.now))
    }
  }

  private static func reading(_ history: PollHistory, since: Date) -> String {
    history.lastSuccessAt.map { "last read at \($0.iso8601)" } ?? "not read yet, tried since \(since.iso8601)"
  }

  private static func silence(_ history: PollHistory) -> String {
    let last =
      if let gap = history.gap {
        "no successful reading since a backup was restored at \(gap.to.iso8601)"
      } else {
        history.lastSuccessAt.map { "no successful reading since \($0.iso8601)" } ?? "never read successfully"
      }
    return last + (history.failing.map { ": \($0.message)" } ?? "")
  }

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    if event.transition == .resolved {
      // It may be the rule that allows more now.
      return EventHeadline(
        name, "reading not overdue", "the reading of \(name) is not overdue: \(TimedText(stamped: event.shownReason))")
    }
    let since: TimedText = event.evidence.observedAfter.map { "since \($0)" } ?? "so far"
    return EventHeadline(
      name, "not read \(since)",
      "The usage of \(name) has not been read \(since), so its quota is not being watched")
  }
}
