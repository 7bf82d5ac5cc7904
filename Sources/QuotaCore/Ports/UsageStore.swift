package import FoundationEssentials

/// Where everything is kept that has to survive: readings, alerts, the outbox.
///
/// One process writes at a time; others wait for it. After a ``StoreError/outcomeUnknown(_:)`` the caller stops; who
/// comes next reads what is there.
package protocol UsageStore: Sendable {
  /// Reads the store as it is at one moment, whatever others write meanwhile.
  func read<Value: Sendable>(_ body: @Sendable @escaping (any StoreReader) throws -> Value) async throws -> Value

  /// Does something in one transaction: all of it is kept when this returns, or nothing is where this throws.
  func write<Value: Sendable>(_ body: @Sendable @escaping (any StoreWriter) throws -> Value) async throws -> Value

  /// Does what ``write(_:)`` does, and undoes it: the body sees what it has written, and nothing of that stays.
  func dryRun<Value: Sendable>(_ body: @Sendable @escaping (any StoreWriter) throws -> Value) async throws -> Value
}

/// What went wrong with the store, in one line that says what to do.
package enum StoreError: Error, Hashable, Sendable {
  /// Another process is writing, for longer than one waits.
  case inUse(String)
  /// It cannot be opened, read or written, or what was to be stored contradicts what is there.
  case unusable(String)
  /// It holds what no version has written.
  case damaged(String)
  /// It was written by a newer version.
  case tooNew(String)
  /// A commit was reported as failed; it may have happened all the same.
  case outcomeUnknown(String)

  package var message: String {
    switch self {
    case .inUse(let text), .unusable(let text), .damaged(let text), .tooNew(let text), .outcomeUnknown(let text): text
    }
  }
}

/// Reads the store as it is at one moment, or as a transaction has made it so far.
package protocol StoreReader: AlertingReader, LedgerReader, ClosingReader, MonthReader, InvoiceReader, ReviewReader,
  ActReader, TokenReader
{
  /// What is known of these organizations; one that is not known has no entry.
  func states(of organizations: [OrganizationID]) throws -> [OrganizationID: OrganizationState]

  /// How far the months of these organizations are: those that are not settled, and of the others those since some month.
  func standings(
    of organizations: [OrganizationID], settledSince month: BillingMonth
  ) throws -> [OrganizationID: [MonthStanding]]

  /// Every organization that was ever read or tried, by id.
  func organizations() throws -> [StoredOrganization]

  /// Of these organizations those that were ever read or tried, by id.
  func organizations(_ ids: [OrganizationID]) throws -> [StoredOrganization]

  /// The latest month of these organizations as it was at a moment: its last snapshot that was made until then. A month that
  /// was read only later has no entry.
  func latestMonths(of organizations: [OrganizationID], at time: Date) throws -> [OrganizationID: Snapshot]

  /// An organization's snapshots that were last seen within some time, in the order in which they were made.
  func snapshots(of organization: OrganizationID, seenIn time: ClosedRange<Date>) throws -> [Snapshot]

  /// The snapshots of an organization's month that were made last, oldest first.
  func latestSnapshots(of organization: OrganizationID, month: BillingMonth, limit: Int) throws -> [Snapshot]

  /// The organizations whose latest month shows the same counters as another's, where one of them is at least so large.
  func organizationsWithEqualCounters(atLeast count: Int64) throws -> [OrganizationID]

  /// When runs ended within some time, in the order of time.
  func runEnds(in time: ClosedRange<Date>) throws -> [Date]

  /// The last run that ended, if any.
  func lastRun() throws -> Run?

  /// Runs that ended, the last one first, at most so many.
  ///
  /// - Parameter id: only runs that began before this one; nil for all.
  func runs(before id: Int64?, limit: Int) throws -> [Run]

  /// The latest time at which something was stored: by the last run and reading of each organization, by silences and by
  /// messages that wait. Nil if there is nothing.
  func latestMoment() throws -> StoredMoment?

  /// How much was read, and since when.
  func extent() throws -> StoredExtent

  /// The last backup that was noted.
  func lastBackup() throws -> Backup?

  /// The backups that were restored, the last one first.
  func restorations() throws -> [Restoration]

  /// Visits every organization's months in the order of organization and month, without holding them in memory.
  func visitMonths(
    from first: BillingMonth, to last: BillingMonth, organization: OrganizationID?,
    _ visit: (StoredMonth) throws -> Void) throws
}

/// Changes inside one transaction.
package protocol StoreWriter: StoreReader, AlertingWriter, LedgerWriter, ClosingWriter, InvoiceWriter,
  ReviewWriter, ActWriter, TokenWriter
{
  /// Records that a run has begun and returns its number.
  func beginRun(at time: Date) throws -> Int64

  /// Records what came of a run.
  func endRun(_ id: Int64, _ summary: RunSummary, at time: Date) throws

  /// Puts what a run has found to go wrong in the place of what was known of the same organizations, and of what is nobody's.
  ///
  /// - Returns: what has changed.
  func exchangeTroubles(of organizations: Set<OrganizationID>, for found: [Trouble]) throws -> Trouble.Change

  /// Makes organizations known under their present names.
  func register(_ organizations: [Organization]) throws

  /// Stores a reading, which is the month's latest: extends the snapshot before if the values are the same, otherwise adds
  /// one. What was stored by a clock that was ahead is not extended.
  ///
  /// - Parameters:
  ///   - known: the month as this transaction reads it; nil if it is not stored.
  ///   - quota: what the configuration says. It is stored with the month unless `freezesQuota` and one is stored already.
  ///   - freezesQuota: true for a month that is over, whose quota is no longer the configuration's to change.
  ///   - asked: whether the month was asked for by name, which is remembered for pacing.
  func record(
    _ reading: Reading, after known: MonthUsage?, quota: Quota, freezesQuota: Bool, asked: Bool
  ) throws -> MonthUsage

  func save(_ history: PollHistory, of organization: OrganizationID) throws

  /// Keeps the summary of an organization's use, which can be made anew from its snapshots.
  func save(profile: [UInt8], of organization: OrganizationID) throws

  /// Thins the snapshots that were last seen before a moment to those after which no other was made on the same UTC day,
  /// keeping every month's last and the last one before the month's end in the billing time zone. Removes a limited number at a time and returns how many; 0 when there is nothing left to do, which costs
  /// nothing for a moment up to which it was done before.
  func thinSnapshots(lastSeenBefore time: Date) throws -> Int

  /// Notes that a backup was made, in place of the one before.
  func note(_ backup: Backup) throws

  /// Notes that a backup was put in the database's place: no organization was read since, and what waits to be told may have
  /// been told.
  func note(_ restoration: Restoration) throws

  /// Marks what waits in no message or in one that is pending as possibly told already.
  ///
  /// - Parameter since: since when it may have been.
  func markUntold(since: Date) throws

  /// Notes that a run has ended since backups were restored.
  func noteCaughtUp() throws
}

/// What is known of an organization before a run.
package struct OrganizationState: Sendable {
  package var history: PollHistory
  /// The current month and every month that is not settled, by month.
  package var months: [BillingMonth: MonthUsage]
  /// Every alert that is pending or fires, and those of ``months`` in any state.
  package var alerts: [Alert]
  /// The summary of its use over the last weeks; nil where none is kept.
  package var profile: [UInt8]?

  package init(
    history: PollHistory = PollHistory(), months: [BillingMonth: MonthUsage] = [:], alerts: [Alert] = [],
    profile: [UInt8]? = nil
  ) {
    self.history = history
    self.months = months
    self.alerts = alerts
    self.profile = profile
  }
}

/// An organization as the database knows it.
package struct StoredOrganization: Sendable {
  package let id: OrganizationID
  package let name: String
  package let history: PollHistory
  /// The latest month.
  package let latest: MonthUsage?
  /// The summary of its use over the last weeks; nil where none is kept.
  package let profile: [UInt8]?

  package init(
    id: OrganizationID, name: String, history: PollHistory, latest: MonthUsage?, profile: [UInt8]? = nil
  ) {
    self.id = id
    self.name = name
    self.history = history
    self.latest = latest
    self.profile = profile
  }
}

/// A month as the database knows it, for reports.
package struct StoredMonth: Sendable {
  package let organizationName: String
  package let usage: MonthUsage

  package init(organizationName: String, usage: MonthUsage) {
    self.organizationName = organizationName
    self.usage = usage
  }
}

/// A copy of the database that was made and verified.
package struct Backup: Hashable, Sendable {
  package let madeAt: Date
  package let path: String

  package init(madeAt: Date, path: String) {
    (self.madeAt, self.path) = (madeAt, path)
  }
}

/// One collect cycle.
package struct Run: Sendable {
  package let id: Int64
  package let startedAt: Date
  package let endedAt: Date
  package let summary: RunSummary

  package init(id: Int64, startedAt: Date, endedAt: Date, summary: RunSummary) {
    self.id = id
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.summary = summary
  }
}

/// The counts of a run.
package struct RunSummary: Hashable, Codable, Sendable {
  package var organizations = 0
  /// Organizations whose current month was read.
  package var read = 0
  /// Organizations that could not be read.
  package var failed = 0
  /// Requests that were sent, retries included.
  package var requests = 0
  package var events = 0
  package var delivered = 0
  /// Deliveries that wait for another attempt.
  package var pending = 0
  /// Deliveries that were given up in this run.
  package var dead = 0

  package init() {}
}
