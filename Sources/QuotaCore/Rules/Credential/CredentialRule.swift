/// Tells when the vendor refuses an organization's key (401 or 403), and when it takes it again.
///
/// Any other failure says nothing about the key.
package struct CredentialRule: Hashable, Sendable {
  package init() {}

  func verdicts(for rule: Rule, on observation: Observation) -> [Verdict] {
    let history = observation.history
    let rejected = history.failing?.reason == .keyRejected
    guard rejected || history.failing == nil, observation.needsVerdict(of: rule, holds: rejected) else { return [] }
    return [
      Verdict(
        key: AlertKey(rule: rule.id, organization: observation.organization.id), holds: rejected,
        reason: rejected ? history.failing?.message ?? "" : "the key is accepted again",
        evidence: Evidence(
          observedAfter: rejected ? history.lastSuccessAt : nil,
          observedAt: rejected ? history.failing?.lastFailedAt : history.lastSuccessAt))
    ]
  }
}
