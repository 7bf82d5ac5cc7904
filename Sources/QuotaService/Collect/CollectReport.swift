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
  /// That this machine's clock and the vendor's differ; one line.
  var clockWarning: String?
  /// How what goes wrong differs from what did in earlier runs.
  package internal(set) var troubles = Trouble.Change()
  package private(set) var events: [Event] = []
  /// Whether a message of this run will not reach everybody whom it is for.
  private var isRefusedInPart = false
  /// What was given up in this run or an earlier one, and not dismissed; newest first.
  package private(set) var deadLetters: [DeadLetter] = []
  /// What became of the executions in the ledger that had not ended.
  package internal(set) var executions = FollowExecutions.Report()

  init(startedAt: Date, dryRun: Bool) {
    self.startedAt = startedAt
    self.endedAt = startedAt
    self.dryRun = dryRun
  }

  mutating func add(_ usage: OrganizationUsage, listing: Bool) {
    summary.organizations += 1
    summary.read += usage.failure == nil ? 1 : 0
    summary.failed += usage.failure == nil ? 0 : 1
    if listing || usage.failure != nil || !usage.missingMonths.isEmpty {
      entries.append(
        Entry(
          organization: usage.organization.organization.id, reading: usage.readings.first,
          failure: usage.failure ?? usage.missingMonths.first?.failure,
          missingMonths: usage.missingMonths.map(\.month)))
    }
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
    isRefusedInPart = count.refusedInPart > 0
    summary.pending = pending
    self.deadLetters = deadLetters
    entries.sort { $0.organization < $1.organization }
    events.sort { $0.id < $1.id }
  }

  /// What cannot be read or asked for.
  var found: [Trouble] {
    let clock = clockWarning.map { _ in Trouble(Self.clock, because: "differs") }
    let organizations = entries.compactMap { entry -> Trouble? in
      let months = entry.missingMonths.map(\.description)
      return entry.failure.map { failure in
        Trouble(
          entry.organization.rawValue, of: entry.organization,
          because: ([failure.reason.rawValue] + months).joined(separator: " "))
      }
    }
    let executions = executions.failures.map { key, failure in
      Trouble("\(key)", of: key.organization, because: failure.reason.rawValue)
    }
    return (clock.map { [$0] } ?? []) + organizations + executions
  }

  /// The subject of ``clockWarning``.
  private static let clock = "the clock"

  /// What there is to say of the clocks.
  ///
  /// - Parameter onlyNews: nothing, where it was said by the run before.
  func clockWarning(onlyNews: Bool) -> String? {
    onlyNews && !troubles.new.contains(Self.clock) ? nil : clockWarning
  }

  /// What the process ends with.
  package var status: ExitStatus {
    if summary.pending > 0 || isRefusedInPart || deadLetters.contains(where: { $0.isAlarming(at: endedAt) }) {
      return .undelivered
    }
    return summary.failed > 0 || entries.contains { $0.failure != nil } ? .unread : .success
  }
}
