import FoundationEssentials

/// Tells when another key shows the same counters over several changing readings: probably one organization that is
/// counted twice.
package struct DuplicateKeyRule: Hashable, Sendable {
  package init() {}

  func verdicts(for rule: Rule, on observation: Observation) -> [Verdict] {
    guard let twins = observation.twins else { return [] }
    let twin = twins.max { ($0.readings, $1.organization) < ($1.readings, $0.organization) }
    guard observation.needsVerdict(of: rule, holds: twin != nil) else { return [] }
    let key = AlertKey(rule: rule.id, organization: observation.organization.id)
    var values = Evidence(
      observedAt: observation.now, snapshotIDs: observation.currentMonth.map { [$0.snapshot.id] } ?? [])
    values.otherOrganization = twin?.organization
    values.compared = twin.map { Int64($0.readings) }
    let evidence = values
    return [
      Verdict(
        key: key, holds: twin != nil, reason: Self.reason(twin, others: twins.count - 1), evidence: evidence)
    ]
  }

  /// Without the other's name: this text also reaches those who see one organization only.
  private static func reason(_ twin: Twin?, others: Int) -> String {
    guard let twin else { return "no other key shows the same counters any more" }
    let more = others > 0 ? " (and so do \(others) more keys)" : ""
    return "another key shows the same counters, through \(twin.readings) different values\(more): "
      + "probably one organization that is counted twice"
  }
}
