/// Tells when an organization has not been read successfully for a while.
package struct StaleRule: Hashable, Sendable {
  /// How long the last successful reading may be ago.
  package let after: TimeSpan

  package init(after: TimeSpan) {
    self.after = after
  }

  static let fields = Field("after", .timeSpan(), .required, "How long the last successful reading may be ago.")
    .map { StaleRule(after: $0) }

  func verdicts(for rule: Rule, on input: RuleInput) -> [Verdict] {
    let history = input.history
    // An organization that was never read is silent since the first attempt.
    guard let since = history.lastSuccessAt ?? history.firstAttemptAt else { return [] }
    let holds = input.now >= since + after
    guard input.needsVerdict(of: rule, holds: holds) else { return [] }
    return [
      Verdict(
        key: AlertKey(rule: rule.id, organization: input.organization.id), holds: holds,
        reason: holds ? Self.silence(history) : "read again",
        evidence: Evidence(observedAfter: holds ? history.lastSuccessAt : nil, observedAt: input.now))
    ]
  }

  private static func silence(_ history: PollHistory) -> String {
    let last = history.lastSuccessAt.map { "no successful reading since \($0.iso8601)" } ?? "never read successfully"
    return last + (history.failing.map { ": \($0.message)" } ?? "")
  }
}
