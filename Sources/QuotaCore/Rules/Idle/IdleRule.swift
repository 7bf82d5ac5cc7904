import FoundationEssentials

/// Tells when an organization has used nothing for a while, measured in the time in which it usually does.
///
/// A whole number of days is counted in days of the week with use, anything else in hours of the week with use. Where
/// these are not known, every hour counts: better a message on a first Sunday than none at all.
package struct IdleRule: Hashable, Sendable {
  package let after: TimeSpan
  /// Nil for either.
  package let metric: Metric?

  package init(after: TimeSpan, metric: Metric? = nil) {
    self.after = after
    self.metric = metric
  }

  static let fields = Fields(
    Field(
      "after", .timeSpan(from: .hours(1), to: .days(90)), .required,
      "For how long nothing was used, in the organization's own time: whole days are counted in weekdays with use, anything else in hours with use."
    ),
    Field("metric", .choice(of: Metric.self), .optional("either"), "Which counter; without it, use of either counts.")
  ) { IdleRule(after: $0, metric: $1) }

  func verdicts(for rule: Rule, on input: RuleInput) -> [Verdict] {
    guard let profile = input.currentProfile, let now = profile.lastObservedAt,
      let since = profile.lastUsed(of: metric) ?? profile.firstObservedAt
    else { return [] }
    // The time that counts is never longer than the time that has passed.
    guard now >= since + after || input.needsVerdict(of: rule, holds: false, metric: metric) else { return [] }
    let active = activeHours(profile, since: since)
    let silent = Int64(active?.seconds(from: since, to: now) ?? max(0, now.wholeSeconds - since.wholeSeconds))
    let holds = silent >= after.seconds
    guard input.needsVerdict(of: rule, holds: holds, metric: metric) else { return [] }
    let key = AlertKey(rule: rule.id, organization: input.organization.id, metric: metric)
    if !holds, let told = input.firingAlert(key), let silence = told.evidence.observedAfter, since > silence {
      let evidence = evidence(told.evidence.windowSeconds ?? 0, from: silence, to: now, in: input.currentMonth)
      return [Verdict(key: key, holds: false, reason: usedAgain(since, after: silence), evidence: evidence)]
    }
    let evidence = evidence(silent, from: since, to: now, in: input.currentMonth)
    let wasUsed = profile.lastUsed(of: metric) != nil
    let isKnown = active != nil
    return [
      Verdict(
        key: key, holds: holds, reason: reason(evidence, wasUsed: wasUsed, isKnown: isKnown), evidence: evidence)
    ]
  }

  private func evidence(_ silent: Int64, from start: Date, to end: Date, in month: ObservedMonth?) -> Evidence {
    var evidence = Evidence(
      used: metric.flatMap { month?.snapshot.counters[$0] }, observedAfter: start, observedAt: end,
      snapshotIDs: month.map { [$0.snapshot.id] } ?? [])
    evidence.windowSeconds = silent
    return evidence
  }

  private func usedAgain(_ time: Date, after silence: Date) -> String {
    "\(what) again, seen at \(time.iso8601): there had been none since \(silence.iso8601)"
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
}
