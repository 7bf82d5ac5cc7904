import FoundationEssentials

/// Tells when an organization has used nothing for a while, measured in the time in which it usually does.
///
/// A whole number of days is counted in days of the week with use, anything else in hours of the week with use. Where
/// these are not known, every hour counts: better a message on a first Sunday than none at all.
package struct IdleRule: RuleKind {
  package let after: TimeSpan
  /// Nil for either.
  package let metric: Metric?

  package init(after: TimeSpan, metric: Metric? = nil) {
    self.after = after
    self.metric = metric
  }

  package static let type = RuleType.idle
  package static let summary = "An organization uses nothing in the time in which it usually does."
  package var alertMetric: Metric? { metric }
  package var needsProfile: Bool { true }

  package static let fields = Fields(
    Field(
      "after", .timeSpan(from: .hours(1), to: .days(90)), .required,
      "For how long nothing was used, in the organization's own time: whole days are counted in weekdays with use, anything else in hours with use."
    ),
    Field("metric", .choice(of: Metric.self), .optional("either"), "Which counter; without it, use of either counts.")
  ) { IdleRule(after: $0, metric: $1) }

  package func judge(_ input: RuleInput, into verdicts: inout some VerdictSink) {
    guard let profile = input.currentProfile, let now = profile.lastObservedAt,
      let since = profile.lastUsed(of: metric) ?? profile.firstObservedAt
    else { return }
    func silence() -> (seconds: Int64, isKnown: Bool) {
      let active = activeHours(profile, since: since)
      let seconds = active?.seconds(from: since, to: now) ?? max(0, now.wholeSeconds - since.wholeSeconds)
      return (Int64(seconds), active != nil)
    }
    // The time that counts is never longer than the time that has passed.
    let silent = now >= since + after ? silence() : nil
    let holds = silent.map { $0.seconds >= after.seconds } ?? false
    verdicts.add(holds ? .yes : .no, metric: metric) { previous in
      if !holds, let previous, previous.holds, let start = previous.evidence.observedAfter, since > start {
        return Explanation(
          usedAgain(since, after: start),
          evidence(previous.evidence.windowSeconds ?? 0, from: start, to: now, in: input.currentMonth))
      }
      let (seconds, isKnown) = silent ?? silence()
      let evidence = evidence(seconds, from: since, to: now, in: input.currentMonth)
      return Explanation(
        reason(evidence, wasUsed: profile.lastUsed(of: metric) != nil, isKnown: isKnown), evidence)
    }
  }

  private func evidence(_ silent: Int64, from start: Date, to end: Date, in month: ObservedMonth?) -> Evidence {
    var evidence = Evidence(
      used: metric.flatMap { month?.snapshot.counters[$0] }, observedAfter: start, observedAt: end,
      snapshotIDs: month.map { [$0.snapshot.id] } ?? [])
    evidence.windowSeconds = silent
    return evidence
  }

  private func usedAgain(_ time: Date, after silence: Date) -> String {
    "\(what) seen at \(time.iso8601): there had been none since \(silence.iso8601)"
  }

  private var what: String { metric?.rawValue ?? "pages or conversions" }

  private func activeHours(_ profile: UsageProfile, since: Date) -> ActiveHours? {
    after.seconds % 86_400 == 0
      ? ActiveHours(daysOf: profile, metric: metric, before: since)
      : ActiveHours(hoursOf: profile, metric: metric, before: since)
  }

  private func reason(_ evidence: Evidence, wasUsed: Bool, isKnown: Bool) -> String {
    let since = evidence.observedAfter.map { $0.iso8601 } ?? ""
    let minutes = (evidence.windowSeconds ?? 0) / 60
    let length = "\(minutes / 60)h\(minutes % 60 == 0 ? "" : " \(minutes % 60)m")"
    let unit = after.seconds % 86_400 == 0 ? "days" : "hours"
    return (wasUsed ? "no \(what) since \(since)" : "no \(what) since it is watched, \(since)")
      + ": \(length) "
      + (isKnown
        ? "of the \(unit) in which it usually has some" : "by the clock, since its usual \(unit) are not known")
  }

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    if event.transition == .resolved {
      return EventHeadline(name, "not idle", "\(name) is not idle: \(TimedText(stamped: event.shownReason))")
    }
    let what = event.metric?.rawValue ?? "usage"
    let since: TimedText = event.evidence.observedAfter.map { " since \($0)" } ?? ""
    return EventHeadline(name, "no \(what)\(since)", "\(name) has had no \(what)\(since), which is unusual")
  }
}
