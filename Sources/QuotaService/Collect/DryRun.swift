import FoundationEssentials
import QuotaCore
import Synchronization

/// A store that answers as if it had written, and writes nothing: what `collect --dry-run` works on.
struct DryRunStore: UsageStore {
  /// Nil where there is no database yet.
  let base: (any UsageStore)?
  private let doubts = DryRunDoubts()

  init(base: (any UsageStore)?) {
    self.base = base
  }

  func read<Value: Sendable>(_ body: @Sendable @escaping (any StoreReader) throws -> Value) async throws -> Value {
    try await write { try body($0) }
  }

  func write<Value: Sendable>(_ body: @Sendable @escaping (any StoreWriter) throws -> Value) async throws -> Value {
    guard let base else { return try body(DryRunWriter(base: nil, changed: doubts)) }
    return try await base.read { [doubts] in try body(DryRunWriter(base: $0, changed: doubts)) }
  }
}

extension DryRunStore {
  func dryRun<Value: Sendable>(_ body: @Sendable @escaping (any StoreWriter) throws -> Value) async throws -> Value {
    try await write(body)
  }
}

/// The doubts that a run would have stored, which its end has to know of.
final class DryRunDoubts: Sendable {
  private struct Key: Hashable {
    let organization: OrganizationID
    let month: BillingMonth
  }

  /// Nil for one that was removed.
  private let changes = Mutex<[Key: Doubt?]>([:])

  func note(_ doubt: Doubt, isRemoved: Bool = false) {
    let key = Key(organization: doubt.organization, month: doubt.month)
    changes.withLock { $0[key] = .some(isRemoved ? nil : doubt) }
  }

  func applied(to stored: [Doubt]) -> [Doubt] {
    var doubts = Dictionary(stored.map { (Key(organization: $0.organization, month: $0.month), $0) }) { $1 }
    for (key, doubt) in changes.withLock({ $0 }) { doubts[key] = doubt }
    return doubts.values.sorted { ($0.organization, $0.month) < ($1.organization, $1.month) }
  }
}

/// Passes reading on and lets writing go nowhere.
struct DryRunWriter: StoreWriter {
  let base: (any StoreReader)?
  let changed: DryRunDoubts

  func states(of organizations: [OrganizationID]) throws -> [OrganizationID: OrganizationState] {
    try base?.states(of: organizations) ?? [:]
  }

  func openMonths(of organizations: [OrganizationID]) throws -> [OrganizationID: [BillingMonth: MonthUsage]] {
    try base?.openMonths(of: organizations) ?? [:]
  }

  func organizations() throws -> [StoredOrganization] { try base?.organizations() ?? [] }

  func snapshot(of organization: OrganizationID, month: BillingMonth, at time: Date) throws -> Snapshot? {
    try base?.snapshot(of: organization, month: month, at: time)
  }

  func alerts(_ statuses: Set<Alert.Status>) throws -> [Alert] { try base?.alerts(statuses) ?? [] }

  func nextDelivery(for notifier: NotifierID, urgentFirst: Bool) throws -> Delivery? { nil }

  func deliveries(_ statuses: Set<Delivery.Status>) throws -> [Delivery] { try base?.deliveries(statuses) ?? [] }

  func deliveries(of messageOrEvent: String) throws -> [Delivery] { try base?.deliveries(of: messageOrEvent) ?? [] }

  func lastDelivered(to notifier: NotifierID) throws -> Delivery? { try base?.lastDelivered(to: notifier) }

  func pendingMessages(for notifier: NotifierID) throws -> [PendingMessage] {
    try base?.pendingMessages(for: notifier) ?? []
  }

  func deadLetters() throws -> [DeadLetter] { try base?.deadLetters() ?? [] }

  /// Nothing is given up, and so there is nothing to tell of it.
  func unannouncedDeadLetters() -> [DeadLetter] { [] }

  func health(of notifier: NotifierID) throws -> ChannelHealth { try base?.health(of: notifier) ?? ChannelHealth() }

  func installation() throws -> String { try base?.installation() ?? "" }

  func pendingDeliveryCount() throws -> Int { try base?.pendingDeliveryCount() ?? 0 }

  func alerts(of organization: OrganizationID) throws -> [Alert] { try base?.alerts(of: organization) ?? [] }

  func event(_ id: EventID) throws -> Event? { try base?.event(id) }

  /// Nothing is queued, and so there is nothing to make messages of.
  func notifiersWithWaitingNotices() -> [NotifierID] { [] }

  func waitingNotices(for notifier: NotifierID) throws -> [Notice] { try base?.waitingNotices(for: notifier) ?? [] }

  func notifiersTold(of subject: String) throws -> [NotifierID] { try base?.notifiersTold(of: subject) ?? [] }

  func notices(of organization: OrganizationID, limit: Int) throws -> [Notice] {
    try base?.notices(of: organization, limit: limit) ?? []
  }

  func silences(endingAfter time: Date?) throws -> [Silence] { try base?.silences(endingAfter: time) ?? [] }

  func openBreakerTrip() throws -> BreakerTrip? { try base?.openBreakerTrip() }

  func doubts() throws -> [Doubt] { changed.applied(to: try base?.doubts() ?? []) }

  func openRetirementHold() throws -> RetirementHold? { try base?.openRetirementHold() }

  func lastFiring(of subject: String) throws -> Event? { try base?.lastFiring(of: subject) }

  func openKeyRefusal() throws -> KeyRefusal? { try base?.openKeyRefusal() }

  func snapshots(of organization: OrganizationID, seenIn time: ClosedRange<Date>) throws -> [Snapshot] {
    try base?.snapshots(of: organization, seenIn: time) ?? []
  }

  func latestSnapshots(of organization: OrganizationID, month: BillingMonth, limit: Int) throws -> [Snapshot] {
    try base?.latestSnapshots(of: organization, month: month, limit: limit) ?? []
  }

  func organizationsWithEqualCounters(atLeast count: Int64) throws -> [OrganizationID] {
    try base?.organizationsWithEqualCounters(atLeast: count) ?? []
  }

  func runEnds(in time: ClosedRange<Date>) throws -> [Date] { try base?.runEnds(in: time) ?? [] }

  func lastRun() throws -> Run? { try base?.lastRun() }

  func latestMoment() throws -> StoredMoment? { try base?.latestMoment() }

  func visitMonths(
    from first: BillingMonth, to last: BillingMonth, organization: OrganizationID?,
    _ visit: (StoredMonth) throws -> Void
  ) throws {
    try base?.visitMonths(from: first, to: last, organization: organization, visit)
  }

  func execution(_ key: Execution.Key) throws -> Execution? { try base?.execution(key) }

  func executions(with id: ExecutionID) throws -> [Execution] { try base?.executions(with: id) ?? [] }

  func openExecutions(of organizations: Set<OrganizationID>) throws -> [Execution] {
    try base?.openExecutions(of: organizations) ?? []
  }

  func ledger(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: LedgerMonth]] {
    try base?.ledger(of: organizations, from: first, to: last) ?? [:]
  }

  func ledgerOrganizations() throws -> [OrganizationID] { try base?.ledgerOrganizations() ?? [] }

  func ledgerMonths() throws -> ClosedRange<BillingMonth>? { try base?.ledgerMonths() }

  func record(_ report: ExecutionReport) throws -> Execution.Change {
    Execution.change(of: try base?.execution(report.key), by: report)
  }

  func notePoll(_ keys: [Execution.Key], givenUp: Set<Execution.Key>, at time: Date) {}

  func beginRun(at time: Date) -> Int64 { 0 }
  func endRun(_ id: Int64, _ summary: RunSummary, at time: Date) {}
  func register(_ organizations: [Organization]) {}
  func save(_ history: PollHistory, of organization: OrganizationID) {}
  func save(_ alerts: [Alert]) {}
  func forget(_ alerts: [AlertKey]) {}
  func enqueue(_ events: [Event], _ notices: [Notice]) {}
  func forgetChannels(except configured: Set<NotifierID>) -> [NotifierID] { [] }
  func queue(_ delivery: Delivery, of events: [EventID]) {}
  func noteAnnounced(_ letter: DeadLetter) {}
  func withdraw(_ message: MessageID, for notifier: NotifierID) {}
  func save(_ health: ChannelHealth, of notifier: NotifierID) {}
  func hold(_ notice: Notice, _ hold: Hold) {}
  func drop(_ notice: Notice, _ reason: DropReason, for newer: EventID?) {}
  func add(_ silence: Silence) -> Int64 { 0 }
  func move(_ silence: Silence) {}
  func removeSilence(_ id: Int64) -> Bool { false }
  func open(_ trip: BreakerTrip) {}
  func closeBreakerTrip(_ settlement: BreakerTrip.Ending, at time: Date) {}
  func save(_ doubt: Doubt) { changed.note(doubt) }
  func remove(_ doubt: Doubt) { changed.note(doubt, isRemoved: true) }
  func open(_ hold: RetirementHold) {}
  func closeRetirementHold(at time: Date) {}
  func open(_ refusal: KeyRefusal) {}
  func closeKeyRefusal(at time: Date) {}
  func save(profile: [UInt8], of organization: OrganizationID) {}
  func update(_ delivery: Delivery) {}
  func thinSnapshots(lastSeenBefore time: Date) -> Int { 0 }

  /// The month as it would be after the reading: a snapshot that would be added has the number 0.
  func record(_ reading: Reading, quota: Quota, freezesQuota: Bool, asked: Bool) throws -> MonthUsage {
    let known = try base?.states(of: [reading.organization])[reading.organization]?.months[reading.month]
    let same =
      known.map { $0.snapshot.counters == reading.counters && $0.snapshot.lastSeenAt <= reading.observedAt } ?? false
    return MonthUsage(
      snapshot: Snapshot(
        id: same ? known?.snapshot.id ?? 0 : 0, organization: reading.organization, month: reading.month,
        counters: reading.counters,
        firstSeenAt: same ? known?.snapshot.firstSeenAt ?? reading.observedAt : reading.observedAt,
        lastSeenAt: reading.observedAt),
      quota: freezesQuota ? known?.quota ?? quota : quota, askedAt: asked ? reading.observedAt : known?.askedAt)
  }
}
