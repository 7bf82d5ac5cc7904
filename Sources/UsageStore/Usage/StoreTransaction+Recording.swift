internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func record(_ reading: Reading, quota: Quota, freezesQuota: Bool, asked: Bool) throws -> MonthUsage {
    let known = try storedMonth(reading.organization, reading.month)
    if known == nil { try makeKnown(reading.organization) }
    let snapshot = try known.map { try follow($0.usage.snapshot, with: reading) } ?? insert(reading)
    let askedAt = asked ? reading.observedAt : known?.usage.askedAt
    let usage = MonthUsage(
      snapshot: snapshot, quota: freezesQuota ? known?.usage.quota ?? quota : quota, askedAt: askedAt)
    let settledAt = monthEnds.isSettled(snapshot, at: reading.observedAt) ? known?.settledAt ?? reading.observedAt : nil
    let unchanged =
      known?.usage.snapshot.id == snapshot.id && known?.usage.quota == usage.quota
      && known?.usage.askedAt == usage.askedAt && known?.settledAt == settledAt
    if !unchanged { try save(usage, settledAt: settledAt) }
    return usage
  }

  private static let storedMonthSQL = """
    SELECT \(monthColumns), m.settled_at
    FROM organization_months m JOIN snapshots s ON s.id = m.snapshot_id WHERE m.organization_id = ? AND m.month = ?
    """

  private func storedMonth(
    _ organization: OrganizationID, _ month: BillingMonth
  ) throws -> (usage: MonthUsage, settledAt: Date?)? {
    try first(Self.storedMonthSQL, organization, month) { row in
      (try Self.month(&row, of: organization), try row.next())
    }
  }

  /// The month's latest snapshot after another reading. Readings come in the order in which the vendor gave them; one that
  /// seems to be earlier than the snapshot shows that a clock was wrong, and stands by itself.
  private func follow(_ latest: Snapshot, with reading: Reading) throws -> Snapshot {
    guard reading.counters == latest.counters, reading.observedAt >= latest.lastSeenAt else {
      return try insert(reading)
    }
    try run("UPDATE snapshots SET last_seen_at = ? WHERE id = ?", reading.observedAt, latest.id)
    return Snapshot(
      id: latest.id, organization: latest.organization, month: latest.month, counters: latest.counters,
      firstSeenAt: latest.firstSeenAt, lastSeenAt: reading.observedAt)
  }

  private func insert(_ reading: Reading) throws -> Snapshot {
    let id = try insert(
      """
      INSERT INTO snapshots (organization_id, month, pages, conversions, first_seen_at, last_seen_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5)
      """,
      reading.organization, reading.month, reading.counters.pages, reading.counters.conversions, reading.observedAt)
    return Snapshot(
      id: id, organization: reading.organization, month: reading.month,
      counters: reading.counters, firstSeenAt: reading.observedAt, lastSeenAt: reading.observedAt)
  }

  private func save(_ usage: MonthUsage, settledAt: Date?) throws {
    let (snapshot, quota) = (usage.snapshot, usage.quota)
    try run(
      """
      INSERT INTO organization_months (organization_id, month, snapshot_id, quota_pages, quota_conversions, asked_at,
        settled_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (organization_id, month) DO UPDATE SET snapshot_id = ?3, quota_pages = ?4, quota_conversions = ?5,
        asked_at = ?6, settled_at = ?7
      """,
      snapshot.organization, snapshot.month, snapshot.id, quota.pages, quota.conversions, usage.askedAt, settledAt)
  }

  /// A month needs its organization's row, also where nobody has registered the organization.
  func makeKnown(_ organization: OrganizationID) throws {
    try run("INSERT INTO organizations (id, name) VALUES (?1, ?1) ON CONFLICT (id) DO NOTHING", organization)
  }
}
