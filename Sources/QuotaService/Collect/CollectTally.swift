import QuotaCore

/// What a run has learned so far, beside what is stored: what its end has to know, and what it reports.
struct CollectTally {
  var report: CollectReport
  private let listsOrganizations: Bool
  private(set) var refusals: RefusalTally
  /// The organizations that had figures to be held against others.
  private(set) var compared: Set<OrganizationID> = []
  private(set) var skew = ClockSkew()

  init(_ report: CollectReport, breaker: Breaker, listsOrganizations: Bool) {
    self.report = report
    self.listsOrganizations = listsOrganizations
    refusals = RefusalTally(minimum: breaker.minimum)
  }

  /// Adds a batch that is stored.
  mutating func add(_ usages: [OrganizationUsage], _ outcome: BatchCommit.Outcome) {
    for usage in usages {
      refusals.add(usage.failure)
      skew.add(usage.skew)
      report.clockWarning = skew.warning
      report.add(usage, listing: listsOrganizations)
    }
    compared.formUnion(outcome.compared)
    report.add(outcome.events)
  }
}
