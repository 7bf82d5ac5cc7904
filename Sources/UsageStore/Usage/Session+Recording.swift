internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension Session {
  func record(_ reading: Reading, quota: Quota, freezesQuota: Bool, asked: Bool) throws -> MonthUsage {
    let known = try storedMonth(reading.organization, reading.month)
    if known == nil { try makeKnown(reading.organization) }
    let snapshot = try known.map { try follow($0.usage.snapshot, with: reading) } ?? insert(reading)
    let askedAt = asked ? max(known?.usage.askedAt ?? reading.observedAt, reading.observedAt) : known?.usage.askedAt
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

  /// The month's latest snapshot after another reading.
  private func follow(_ latest: Snapshot, with reading: Reading) throws -> Snapshot {
    guard reading.observedAt >= latest.lastSeenAt else {
      try fillIn(reading)
      // A reading from before the latest values were first seen may have made them be seen earlier.
      return try snapshot(of: latest.organization, month: latest.month, at: latest.lastSeenAt) ?? latest
    }
    guard reading.counters == latest.counters else { return try insert(reading) }
    try setSpan(of: latest.id, from: latest.firstSeenAt, to: reading.observedAt)
    return Snapshot(
      id: latest.id, organization: latest.organization, month: latest.month, counters: latest.counters,
      firstSeenAt: latest.firstSeenAt, lastSeenAt: reading.observedAt)
  }

  /// Stores a reading that comes late, in its place in the history. Inside of the time for which other values are on
  /// record it says nothing new.
  private func fillIn(_ reading: Reading) throws {
    let time = reading.observedAt
    if let before = try snapshot(of: reading.organization, month: reading.month, at: time) {
      guard time > before.lastSeenAt else { return }
      if before.counters == reading.counters {
        return try setSpan(of: before.id, from: before.firstSeenAt, to: time)
      }
    }
    let next = try firstSnapshot(of: reading.organization, month: reading.month, after: time)
    if let next, next.counters == reading.counters {
      try setSpan(of: next.id, from: time, to: next.lastSeenAt)
    } else {
      _ = try insert(reading)
    }
  }

  private func firstSnapshot(
    of organization: OrganizationID, month: BillingMonth, after time: Date
  ) throws -> (id: Int64, counters: Counters, lastSeenAt: Date)? {
    var query = try SQLQuery(
      """
      SELECT id, pages, conversions, last_seen_at FROM snapshots
      WHERE organization_id = ? AND month = ? AND first_seen_at > ? ORDER BY first_seen_at, id LIMIT 1
      """, in: database)
    query.bind(organization.rawValue)
    query.bind(month.description)
    query.bind(time)
    guard try query.next() else { return nil }
    return (
      query.integer(0), Counters(pages: query.integer(1), conversions: query.integer(2)), try query.time(3)
    )
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

  private func setSpan(of snapshot: Int64, from first: Date, to last: Date) throws {
    var update = try SQLQuery(
      "UPDATE snapshots SET first_seen_at = ?, last_seen_at = ? WHERE id = ?", in: database)
    update.bind(first)
    update.bind(last)
    update.bind(snapshot)
    try update.run()
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
