import FoundationEssentials

/// Tells when another key shows the same counters over several changing readings: probably one organization that is
/// counted twice.
package struct DuplicateKeyRule: RuleKind {
  package init() {}

  package static let type = RuleType.duplicateKey
  package static let summary = "Two keys show the same counters."
  package static let isReplayable = false
  package static let comparesOrganizations = true
  package static let fields = Fields.none(DuplicateKeyRule())

  package static func fill(sample event: inout Event, number: Int64) {
    event.evidence = Evidence(observedAt: event.occurredAt)
    (event.evidence.otherOrganization, event.evidence.compared) = (OrganizationID("example-other"), 4)
  }

  package func warning(for covered: [Organization], of all: [Organization]) -> String? {
    all.count > 1 ? nil : "cannot fire: there is only one organization, so no two keys can be compared"
  }

  package func judge(_ input: RuleInput, into verdicts: inout some VerdictSink) {
    guard let found = input.duplicateKeys else { return }
    let duplicate = found.duplicates.max { ($0.readings, $1.organization) < ($1.readings, $0.organization) }
    verdicts.add(duplicate == nil ? .no : .yes) { previous in
      let known = previous?.evidence.otherOrganization
      // Too little of a new month says nothing, neither for it nor against it.
      guard duplicate != nil || known.map(found.strangers.contains) ?? false else { return nil }
      var evidence = Evidence(
        observedAt: input.now, snapshotIDs: input.currentMonth.map { [$0.snapshot.id] } ?? [])
      evidence.otherOrganization = duplicate?.organization ?? known
      evidence.compared = duplicate.map { Int64($0.readings) }
      return Explanation(Self.reason(duplicate, others: found.duplicates.count - 1), evidence)
    }
  }

  /// Without the other's name: this text also reaches those who see one organization only.
  private static func reason(_ duplicate: DuplicateKey?, others: Int) -> String {
    guard let duplicate else { return "the other key shows other counters now" }
    let more = others > 0 ? " (and so \(others == 1 ? "does" : "do") \(others.counted("more key")))" : ""
    return "another key shows the same counters, through \(duplicate.readings.counted("different value"))\(more): "
      + "probably one organization that is counted twice"
  }

  /// Names the other organization: only those who see all of them are told.
  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    if event.transition == .resolved {
      return EventHeadline(
        name, "figures of its own again", "\(name) does not show the same figures as another key any more")
    }
    let other = event.evidence.otherOrganization?.rawValue ?? "another key"
    return EventHeadline(
      name, "same figures as \(other)",
      "\(name) shows the same figures as \(other): probably one organization that is counted twice")
  }
}
