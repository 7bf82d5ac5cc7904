internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension StoreTransaction {
  func record(_ reading: Reading, quota: Quota, freezesQuota: Bool, asked: Bool) throws -> MonthUsage {
    let known = try storedMonth(reading.organization, reading.month)
    if known == nil { try makeKnown(reading.organization) }
    let snapshot = try known.map { try follow($0.usage.snapshot, with: reading) } ?? insert(reading)
    let askedAt = asked ? reading.observedAt : known?.usage.askedAt
    let usage = MonthUsage(
      snapshot: snapshot, quota: freezesQuota ? known?.usage.quota ?? quota : quota, askedAt: askedAt)
    let settledAt = monthEnds.isSettled(snapshot) ? known?.settledAt ?? reading.observedAt : nil
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
    var query = try SQLQuery(Self.storedMonthSQL, in: database)
    query.bind(organization.rawValue)
    query.bind(month.description)
    guard try query.next() else { return nil }
    return (try Self.month(query, of: organization, from: 0), try query.optionalTime(9))
  }

  /// The month's latest snapshot after another reading. Readings come in the order in which the vendor gave them; one that
  /// seems to be earlier than the snapshot shows that a clock was wrong, and stands by itself.
  private func follow(_ latest: Snapshot, with reading: Reading) throws -> Snapshot {
    guard reading.counters == latest.counters, reading.observedAt >= latest.lastSeenAt else {
      return try insert(reading)
    }
    var update = try SQLQuery("UPDATE snapshots SET last_seen_at = ? WHERE id = ?", in: database)
    update.bind(reading.observedAt)
    update.bind(latest.id)
    try update.run()
    return Snapshot(
      id: latest.id, organization: latest.organization, month: latest.month, counters: latest.counters,
      firstSeenAt: latest.firstSeenAt, lastSeenAt: reading.observedAt)
  }

  private func insert(_ reading: Reading) throws -> Snapshot {
    var insert = try SQLQuery(
      """
      INSERT INTO snapshots (organization_id, month, pages, conversions, first_seen_at, last_seen_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5)
      """, in: database)
    insert.bind(reading.organization.rawValue)
    insert.bind(reading.month.description)
    insert.bind(reading.counters.pages)
    insert.bind(reading.counters.conversions)
    insert.bind(reading.observedAt)
    try insert.run()
    return Snapshot(
      id: database.lastInsertedRowID, organization: reading.organization, month: reading.month,
      counters: reading.counters, firstSeenAt: reading.observedAt, lastSeenAt: reading.observedAt)
  }

  private func save(_ usage: MonthUsage, settledAt: Date?) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO organization_months (organization_id, month, snapshot_id, quota_pages, quota_conversions, asked_at,
        settled_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (organization_id, month) DO UPDATE SET snapshot_id = ?3, quota_pages = ?4, quota_conversions = ?5,
        asked_at = ?6, settled_at = ?7
      """, in: database)
    insert.bind(usage.snapshot.organization.rawValue)
    insert.bind(usage.snapshot.month.description)
    insert.bind(usage.snapshot.id)
    insert.bind(usage.quota.pages)
    insert.bind(usage.quota.conversions)
    insert.bind(usage.askedAt)
    insert.bind(settledAt)
    try insert.run()
  }

  /// A month needs its organization's row, also where nobody has registered the organization.
  func makeKnown(_ organization: OrganizationID) throws {
    var insert = try SQLQuery(
      "INSERT INTO organizations (id, name) VALUES (?1, ?1) ON CONFLICT (id) DO NOTHING", in: database)
    insert.bind(organization.rawValue)
    try insert.run()
  }
}
