internal import FoundationEssentials
internal import Glibc
internal import QuotaCore

extension StoreTransaction {
  /// What ``snapshot(_:of:)`` reads, of `snapshots s`.
  static let snapshotColumns = "s.id, s.month, s.pages, s.conversions, s.first_seen_at, s.last_seen_at"

  static func snapshot(_ row: inout RowReader, of organization: OrganizationID) throws -> Snapshot {
    let (id, month): (Int64, BillingMonth) = (try row.next(), try row.next())
    let counters = Counters(pages: try row.next(), conversions: try row.next())
    let (first, last) = try row.nextTimes()
    return Snapshot(
      id: id, organization: organization, month: month, counters: counters, firstSeenAt: first, lastSeenAt: last)
  }

  /// What ``month(_:of:)`` reads, of `organization_months m` and its `snapshots s`.
  static let monthColumns = "\(snapshotColumns), m.quota_pages, m.quota_conversions, m.asked_at, m.settled_at"

  static func month(_ row: inout RowReader, of organization: OrganizationID) throws -> MonthUsage {
    MonthUsage(
      snapshot: try snapshot(&row, of: organization),
      quota: Quota(pages: try row.next(), conversions: try row.next()), askedAt: try row.next(),
      settledAt: try row.next())
  }

  /// Joins `organization_months m` with the month's latest of `snapshots`, by all that a snapshot is found by.
  static func latest(_ snapshots: String) -> String {
    "\(snapshots).organization_id = m.organization_id AND \(snapshots).month = m.month "
      + "AND \(snapshots).first_seen_at = m.snapshot_first_seen_at AND \(snapshots).id = m.snapshot_id"
  }

  func latestMonths(of organizations: [OrganizationID], at time: Date) throws -> [OrganizationID: Snapshot] {
    var snapshots: [OrganizationID: Snapshot] = [:]
    try visit(
      """
      SELECT j.value, \(Self.snapshotColumns) FROM json_each(?1) j
      CROSS JOIN snapshots s ON (s.organization_id, s.month, s.first_seen_at, s.id) = (
        SELECT organization_id, month, first_seen_at, id FROM snapshots
        WHERE organization_id = j.value
          AND month = (SELECT max(month) FROM organization_months WHERE organization_id = j.value) AND first_seen_at <= ?2
        ORDER BY first_seen_at DESC, id DESC LIMIT 1)
      """,
      JSONEach(organizations), time
    ) { row in
      let id: OrganizationID = try row.next()
      snapshots[id] = try Self.snapshot(&row, of: id)
    }
    return snapshots
  }

  func snapshots(of organization: OrganizationID, month: BillingMonth, seenSince time: Date) throws -> [Snapshot] {
    try rows(
      """
      SELECT \(Self.snapshotColumns) FROM snapshots s
      WHERE s.organization_id = ? AND s.month = ? AND s.last_seen_at >= ? ORDER BY s.id
      """,
      organization, month, time
    ) { try Self.snapshot(&$0, of: organization) }
  }

  func snapshots(of organization: OrganizationID, seenIn time: ClosedRange<Date>) throws -> [Snapshot] {
    // Months that were not read since then are not looked into, nor the rows of others before the one that was still seen
    // then.
    var snapshots: [Snapshot] = []
    try visit(
      """
      SELECT \(Self.snapshotColumns) FROM organization_months m
      CROSS JOIN snapshots latest ON \(Self.latest("latest")) AND latest.last_seen_at >= ?2
      CROSS JOIN snapshots s ON s.organization_id = m.organization_id AND s.month = m.month
        AND s.first_seen_at >= coalesce((
          SELECT max(first_seen_at) FROM snapshots
          WHERE organization_id = m.organization_id AND month = m.month AND first_seen_at <= ?2), '')
        AND s.first_seen_at <= ?3
      WHERE m.organization_id = ?1
      """,
      organization, time.lowerBound, time.upperBound
    ) { row in
      let snapshot = try Self.snapshot(&row, of: organization)
      if snapshot.lastSeenAt >= time.lowerBound { snapshots.append(snapshot) }
    }
    snapshots.sort { $0.id < $1.id }
    return snapshots
  }

  func latestSnapshots(of organization: OrganizationID, month: BillingMonth, limit: Int) throws -> [Snapshot] {
    try rows(
      """
      SELECT \(Self.snapshotColumns) FROM snapshots s
      WHERE s.organization_id = ? AND s.month = ? ORDER BY s.id DESC LIMIT ?
      """,
      organization, month, limit
    ) { try Self.snapshot(&$0, of: organization) }.reversed()
  }

  func organizationsWithEqualCounters(atLeast count: Int64) throws -> [OrganizationID] {
    try column(
      """
      WITH latest AS (
        SELECT m.organization_id, m.month, s.pages, s.conversions FROM organization_months m
        JOIN snapshots s ON \(Self.latest("s"))
        WHERE m.month = (SELECT max(month) FROM organization_months WHERE organization_id = m.organization_id)
          AND max(s.pages, s.conversions) >= ?),
      counted AS (
        SELECT organization_id, count(*) OVER (PARTITION BY month, pages, conversions) AS holders FROM latest)
      SELECT organization_id FROM counted WHERE holders > 1 ORDER BY organization_id
      """,
      count)
  }

  func visitMonths(
    from first: BillingMonth, to last: BillingMonth, organization: OrganizationID?,
    _ visitor: (StoredMonth) throws -> Void
  ) throws {
    var id = RepeatedText()
    var name = RepeatedText()
    // Organizations outside, so that the rows come in order without being sorted.
    try visit(
      """
      SELECT o.id, o.name, \(Self.monthColumns)
      FROM organizations o
      CROSS JOIN organization_months m ON m.organization_id = o.id AND m.month BETWEEN ?1 AND ?2
      CROSS JOIN snapshots s ON \(Self.latest("s"))
      WHERE \(organization == nil ? "?3 IS NULL" : "o.id = ?3")
      ORDER BY o.id, m.month
      """,
      first, last, organization
    ) { row in
      let organization = OrganizationID(id.value(row.nextBytes()))
      let name = name.value(row.nextBytes())
      try visitor(StoredMonth(organizationName: name, usage: try Self.month(&row, of: organization)))
    }
  }
}

/// A text that is mostly the same in the next row, made once.
private struct RepeatedText {
  private var bytes: [UInt8] = []
  private var text = ""

  mutating func value(_ next: UnsafeBufferPointer<UInt8>) -> String {
    if let start = next.baseAddress, next.count == bytes.count, memcmp(bytes, start, next.count) == 0 { return text }
    bytes = Array(next)
    text = String(decoding: next, as: UTF8.self)
    return text
  }
}
