package import FoundationEssentials
package import QuotaCore

/// What a run did, for the terminal and for `--json`.
package struct CollectReport: Sendable {
  /// What came of one organization.
  package struct Entry: Sendable {
    package let organization: OrganizationID
    /// The current month's reading; nil if it could not be had.
    package let reading: Reading?
    package let failure: ReadingFailure?
    /// Past months that could not be read in this run.
    package let missingMonths: [BillingMonth]
  }

  package private(set) var runID: Int64 = 0
  package let startedAt: Date
  package private(set) var endedAt: Date
  package let dryRun: Bool
  package private(set) var summary = RunSummary()
  /// The organizations that could not be read wholly, or all if the run was to list them; by id.
  package private(set) var entries: [Entry] = []
  package private(set) var events: [Event] = []
  /// What was given up in this run or an earlier one, and not dismissed; newest first.
  package private(set) var deadLetters: [DeadLetter] = []
  /// What became of the executions in the ledger that had not ended.
  package internal(set) var executions = Service.FollowReport()

  init(startedAt: Date, dryRun: Bool) {
    self.startedAt = startedAt
    self.endedAt = startedAt
    self.dryRun = dryRun
  }

  /// Adds a batch; returns how many organizations are done.
  mutating func add(_ results: [Poller.OrganizationResult], _ events: [Event], listing: Bool) -> Int {
    for result in results {
      summary.organizations += 1
      summary.read += result.failure == nil ? 1 : 0
      summary.failed += result.failure == nil ? 0 : 1
      if listing || result.failure != nil || !result.missingMonths.isEmpty {
        entries.append(
          Entry(
            organization: result.organization.organization.id, reading: result.readings.first,
            failure: result.failure ?? result.missingMonths.first?.failure,
            missingMonths: result.missingMonths.map(\.month)))
      }
    }
    add(events)
    return summary.organizations
  }

  /// Adds what there is to tell; a reminder is no event.
  mutating func add(_ events: [Event]) {
    let news = events.filter { $0.transition == .firing || $0.transition == .resolved }
    self.events += news
    summary.events += news.count
  }

  mutating func finish(
    run: Int64, at time: Date, requests: Int, _ count: DeliveryCount, pending: Int, _ deadLetters: [DeadLetter]
  ) {
    runID = run
    endedAt = time
    summary.requests = requests
    summary.delivered = count.delivered
    summary.dead = count.dead
    summary.pending = pending
    self.deadLetters = deadLetters
    entries.sort { $0.organization < $1.organization }
    events.sort { $0.id < $1.id }
  }

  /// What the process ends with.
  package var status: ExitStatus {
    if summary.pending > 0 || deadLetters.contains(where: { $0.isAlarming(at: endedAt) }) { return .undelivered }
    return summary.failed > 0 || entries.contains { $0.failure != nil } ? .unread : .success
  }
}
