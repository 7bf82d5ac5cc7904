import FoundationEssentials

/// Tells when another key shows the same counters over several changing readings: probably one organization that is
/// counted twice.
package struct DuplicateKeyRule: Hashable, Sendable {
  package init() {}

  func verdicts(for rule: Rule, on input: RuleInput) -> [Verdict] {
    guard let finding = input.duplicateKeys else { return [] }
    let duplicate = finding.duplicates.max { ($0.readings, $1.organization) < ($1.readings, $0.organization) }
    let key = AlertKey(rule: rule.id, organization: input.organization.id)
    let known = input.alerts.first { $0.key == key }?.evidence.otherOrganization
    // Too little of a new month says nothing, neither for it nor against it.
    guard duplicate != nil || known.map(finding.strangers.contains) ?? false,
      input.needsVerdict(of: rule, holds: duplicate != nil)
    else { return [] }
    var values = Evidence(
      observedAt: input.now, snapshotIDs: input.currentMonth.map { [$0.snapshot.id] } ?? [])
    values.otherOrganization = duplicate?.organization ?? known
    values.compared = duplicate.map { Int64($0.readings) }
    let evidence = values
    return [
      Verdict(
        key: key, holds: duplicate != nil, reason: Self.reason(duplicate, others: finding.duplicates.count - 1),
        evidence: evidence)
    ]
  }

  /// Without the other's name: this text also reaches those who see one organization only.
  private static func reason(_ duplicate: DuplicateKey?, others: Int) -> String {
    guard let duplicate else { return "the other key shows other counters now" }
    let more = others > 0 ? " (and so do \(others) more keys)" : ""
    return "another key shows the same counters, through \(duplicate.readings) different values\(more): "
      + "probably one organization that is counted twice"
  }
}
