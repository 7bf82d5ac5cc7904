internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func record(
    _ reading: Reading, after known: MonthUsage?, quota: Quota, freezesQuota: Bool, asked: Bool
  ) throws -> MonthUsage {
    if known == nil { try makeKnown(reading.organization) }
    let snapshot = try known.map { try follow($0.snapshot, with: reading) } ?? insert(reading)
    let isSettled = monthEnds.isSettled(snapshot, at: reading.observedAt)
    let usage = MonthUsage(
      snapshot: snapshot, quota: freezesQuota ? known?.quota ?? quota : quota,
      askedAt: asked ? reading.observedAt : known?.askedAt,
      settledAt: isSettled ? known?.settledAt ?? reading.observedAt : nil)
    let isUnchanged =
      known?.snapshot.id == snapshot.id && known?.quota == usage.quota && known?.askedAt == usage.askedAt
      && known?.settledAt == usage.settledAt
    if !isUnchanged { try save(usage) }
    return usage
  }

  /// The month's latest snapshot after another reading. Readings come in the order in which the vendor gave them; one that
  /// seems to be earlier than the snapshot shows that a clock was wrong, and stands by itself.
  private func follow(_ latest: Snapshot, with reading: Reading) throws -> Snapshot {
    guard reading.counters == latest.counters, reading.observedAt >= latest.lastSeenAt else {
      return try insert(reading)
    }
    let extended = try run(
      """
      UPDATE snapshots SET last_seen_at = ?
      WHERE organization_id = ? AND month = ? AND first_seen_at = ? AND id = ?
      """,
      reading.observedAt, latest.organization, latest.month, latest.firstSeenAt, latest.id)
    guard extended == 1 else {
      throw StoreError.unusable(
        "snapshot \(latest.id) of organization \(latest.organization) is not there any more: run this again")
    }
    return Snapshot(
      id: latest.id, organization: latest.organization, month: latest.month, counters: latest.counters,
      firstSeenAt: latest.firstSeenAt, lastSeenAt: reading.observedAt)
  }

  private func insert(_ reading: Reading) throws -> Snapshot {
    let id = try nextSnapshotID()
    try run(
      """
      INSERT INTO snapshots (id, organization_id, month, pages, conversions, first_seen_at, last_seen_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
      """,
      id, reading.organization, reading.month, reading.counters.pages, reading.counters.conversions, reading.observedAt)
    return Snapshot(
      id: id, organization: reading.organization, month: reading.month,
      counters: reading.counters, firstSeenAt: reading.observedAt, lastSeenAt: reading.observedAt)
  }

  private func nextSnapshotID() throws -> Int64 {
    var id: Int64 = 0
    try visit(
      """
      INSERT INTO last_snapshot (id, snapshot_id) VALUES (1, 1)
      ON CONFLICT (id) DO UPDATE SET snapshot_id = snapshot_id + 1 RETURNING snapshot_id
      """
    ) { id = try $0.next() }
    return id
  }

  private func save(_ usage: MonthUsage) throws {
    let (snapshot, quota) = (usage.snapshot, usage.quota)
    try run(
      """
      INSERT INTO organization_months (organization_id, month, snapshot_id, snapshot_first_seen_at, quota_pages,
        quota_conversions, asked_at, settled_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      ON CONFLICT (organization_id, month) DO UPDATE SET snapshot_id = ?3, snapshot_first_seen_at = ?4, quota_pages = ?5,
        quota_conversions = ?6, asked_at = ?7, settled_at = ?8
      """,
      snapshot.organization, snapshot.month, snapshot.id, snapshot.firstSeenAt, quota.pages, quota.conversions,
      usage.askedAt, usage.settledAt)
  }

  /// A month needs its organization's row, also where nobody has registered the organization.
  func makeKnown(_ organization: OrganizationID) throws {
    try run("INSERT INTO organizations (id, name) VALUES (?1, ?1) ON CONFLICT (id) DO NOTHING", organization)
  }
}
