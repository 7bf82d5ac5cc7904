import FoundationEssentials
import QuotaCore

/// A store that answers as if it had written, and writes nothing: what `collect --dry-run` works on.
struct DryRunStore: UsageStore {
  /// Nil where there is no database yet.
  let base: (any UsageStore)?

  func read<Value: Sendable>(_ body: @Sendable @escaping (any StoreReader) throws -> Value) async throws -> Value {
    try await write { try body($0) }
  }

  func write<Value: Sendable>(_ body: @Sendable @escaping (any StoreWriter) throws -> Value) async throws -> Value {
    guard let base else { return try body(DryRunWriter(base: nil)) }
    return try await base.read { try body(DryRunWriter(base: $0)) }
  }
}

/// Passes reading on and lets writing go nowhere.
private struct DryRunWriter: StoreWriter {
  let base: (any StoreReader)?

  func states(of organizations: [OrganizationID]) throws -> [OrganizationID: OrganizationState] {
    try base?.states(of: organizations) ?? [:]
  }

  func organizations() throws -> [StoredOrganization] { try base?.organizations() ?? [] }

  func snapshot(of organization: OrganizationID, month: BillingMonth, at time: Date) throws -> Snapshot? {
    try base?.snapshot(of: organization, month: month, at: time)
  }

  func alerts(_ statuses: Set<Alert.Status>) throws -> [Alert] { try base?.alerts(statuses) ?? [] }

  func nextDelivery(for notifier: NotifierID) throws -> Delivery? { nil }

  func deliveries(_ statuses: Set<Delivery.Status>) throws -> [Delivery] { try base?.deliveries(statuses) ?? [] }

  func deliveries(of event: EventID) throws -> [Delivery] { try base?.deliveries(of: event) ?? [] }

  func pendingDeliveryCount() throws -> Int { try base?.pendingDeliveryCount() ?? 0 }

  func event(_ id: EventID) throws -> Event? { try base?.event(id) }

  func lastRun() throws -> Run? { try base?.lastRun() }

  func visitMonths(
    from first: BillingMonth, to last: BillingMonth, organization: OrganizationID?,
    _ visit: (StoredMonth) throws -> Void
  ) throws {
    try base?.visitMonths(from: first, to: last, organization: organization, visit)
  }

  func beginRun(at time: Date) -> Int64 { 0 }
  func endRun(_ id: Int64, _ summary: RunSummary, at time: Date) {}
  func register(_ organizations: [Organization]) {}
  func save(_ history: PollHistory, of organization: OrganizationID) {}
  func save(_ alerts: [Alert]) {}
  func enqueue(_ events: [Event], _ deliveries: [Delivery]) {}
  func update(_ delivery: Delivery) {}
  func thinSnapshots(lastSeenBefore time: Date) -> Int { 0 }

  /// The month as it would be after the reading: a snapshot that would be added has the number 0.
  func record(_ reading: Reading, quota: Quota, freezesQuota: Bool, asked: Bool) throws -> MonthUsage {
    let known = try base?.states(of: [reading.organization])[reading.organization]?.months[reading.month]
    let same = known.map { $0.snapshot.counters == reading.counters } ?? false
    return MonthUsage(
      snapshot: Snapshot(
        id: same ? known?.snapshot.id ?? 0 : 0, organization: reading.organization, month: reading.month,
        counters: reading.counters,
        firstSeenAt: same ? known?.snapshot.firstSeenAt ?? reading.observedAt : reading.observedAt,
        lastSeenAt: reading.observedAt),
      quota: freezesQuota ? known?.quota ?? quota : quota, askedAt: asked ? reading.observedAt : known?.askedAt)
  }
}
