import FoundationEssentials

/// Tells when the vendor refuses an organization's key, and when it takes it again; and when something else has kept the key
/// from the vendor for long: a gateway, or a limit.
///
/// Any other failure says nothing about the key.
package struct CredentialRule: Hashable, Sendable {
  /// After how long an obstacle is told. A refusal is told at once.
  private static let longestObstacle = TimeSpan.hours(6)

  package init() {}

  func verdicts(for rule: Rule, on input: RuleInput) -> [Verdict] {
    let key = AlertKey(rule: rule.id, organization: input.organization.id)
    let known = input.alerts.first { $0.key == key }
    guard let state = State(input.history, told: known, at: input.now),
      input.needsVerdict(of: rule, holds: state.holds)
    else { return [] }
    return [Verdict(key: key, holds: state.holds, reason: state.reason, evidence: state.evidence)]
  }

  /// What is to be said of a key.
  private struct State {
    let holds: Bool
    let reason: String
    let evidence: Evidence

    /// Nil where nothing is known of it.
    init?(_ history: PollHistory, told: Alert?, at now: Date) {
      guard let failing = history.failing else {
        let wasObstacle = told?.evidence.failure?.isObstacle ?? false
        var evidence = Evidence(observedAt: history.lastSuccessAt)
        evidence.failure = told?.evidence.failure
        self.init(false, wasObstacle ? "the vendor answers again" : "the key is accepted again", evidence)
        return
      }
      var evidence = Evidence(observedAfter: history.lastSuccessAt, observedAt: failing.lastFailedAt)
      evidence.failure = failing.reason
      switch failing.reason {
      case .keyRejected:
        // What was told of a gateway ends before the refusal is told: they are different troubles.
        let wasObstacle = told?.status == .firing && told?.evidence.failure?.isObstacle ?? false
        if wasObstacle { evidence.failure = told?.evidence.failure }
        self.init(!wasObstacle, (wasObstacle ? "nothing is in between any more, but " : "") + failing.message, evidence)
      case .gateway, .limited:
        guard let since = failing.obstructedSince, now >= since + CredentialRule.longestObstacle else { return nil }
        self.init(true, "since \(since.iso8601): \(failing.message)", evidence)
      case .keyUnavailable, .rateLimited, .unreachable, .timeout, .serverError, .invalidAnswer, .deadline: return nil
      }
    }

    private init(_ holds: Bool, _ reason: String, _ evidence: Evidence) {
      self.holds = holds
      self.reason = reason
      self.evidence = evidence
    }
  }
}
