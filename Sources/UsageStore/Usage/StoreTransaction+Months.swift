internal import FoundationEssentials
internal import GRDB
internal import Glibc
internal import QuotaCore

extension StoreTransaction {
  /// What ``month(_:of:from:)`` reads, of `organization_months m` and its `snapshots s`.
  static let monthColumns =
    "m.month, s.id, s.pages, s.conversions, s.first_seen_at, s.last_seen_at, m.quota_pages, m.quota_conversions, "
    + "m.asked_at"

  static func month(
    _ row: borrowing SQLQuery, of organization: OrganizationID, from first: Int32
  ) throws -> MonthUsage {
    MonthUsage(
      snapshot: Snapshot(
        id: row.integer(first + 1), organization: organization, month: try row.month(first),
        counters: Counters(pages: row.integer(first + 2), conversions: row.integer(first + 3)),
        firstSeenAt: try row.time(first + 4), lastSeenAt: try row.time(first + 5)),
      quota: Quota(pages: row.optionalInteger(first + 6), conversions: row.optionalInteger(first + 7)),
      askedAt: try row.optionalTime(first + 8))
  }

  func snapshot(of organization: OrganizationID, month: BillingMonth, at time: Date) throws -> Snapshot? {
    var query = try SQLQuery(
      """
      SELECT id, pages, conversions, first_seen_at, last_seen_at FROM snapshots
      WHERE organization_id = ? AND month = ? AND first_seen_at <= ? ORDER BY id DESC LIMIT 1
      """, in: database)
    query.bind(organization.rawValue)
    query.bind(month.description)
    query.bind(time)
    guard try query.next() else { return nil }
    return Snapshot(
      id: query.integer(0), organization: organization, month: month,
      counters: Counters(pages: query.integer(1), conversions: query.integer(2)), firstSeenAt: try query.time(3),
      lastSeenAt: try query.time(4))
  }

  func snapshots(of organization: OrganizationID, seenIn time: ClosedRange<Date>) throws -> [Snapshot] {
    var query = try SQLQuery(
      """
      SELECT id, pages, conversions, first_seen_at, last_seen_at, month FROM snapshots
      WHERE organization_id = ? AND last_seen_at >= ? AND first_seen_at <= ? ORDER BY id
      """, in: database)
    query.bind(organization.rawValue)
    query.bind(time.lowerBound)
    query.bind(time.upperBound)
    return try Self.snapshots(&query, of: organization)
  }

  func latestSnapshots(of organization: OrganizationID, month: BillingMonth, limit: Int) throws -> [Snapshot] {
    var query = try SQLQuery(
      """
      SELECT id, pages, conversions, first_seen_at, last_seen_at, month FROM snapshots
      WHERE organization_id = ? AND month = ? ORDER BY id DESC LIMIT ?
      """, in: database)
    query.bind(organization.rawValue)
    query.bind(month.description)
    query.bind(Int64(limit))
    return try Self.snapshots(&query, of: organization).reversed()
  }

  private static func snapshots(_ query: inout SQLQuery, of organization: OrganizationID) throws -> [Snapshot] {
    var snapshots: [Snapshot] = []
    while try query.next() {
      snapshots.append(
        Snapshot(
          id: query.integer(0), organization: organization, month: try query.month(5),
          counters: Counters(pages: query.integer(1), conversions: query.integer(2)), firstSeenAt: try query.time(3),
          lastSeenAt: try query.time(4)))
    }
    return snapshots
  }

  func organizationsWithEqualCounters(atLeast count: Int64) throws -> [OrganizationID] {
    var query = try SQLQuery(
      """
      WITH latest AS (
        SELECT m.organization_id, m.month, s.pages, s.conversions FROM organization_months m
        JOIN snapshots s ON s.id = m.snapshot_id
        WHERE m.month = (SELECT max(month) FROM organization_months WHERE organization_id = m.organization_id)
          AND max(s.pages, s.conversions) >= ?),
      counted AS (
        SELECT organization_id, count(*) OVER (PARTITION BY month, pages, conversions) AS holders FROM latest)
      SELECT organization_id FROM counted WHERE holders > 1 ORDER BY organization_id
      """, in: database)
    query.bind(count)
    var organizations: [OrganizationID] = []
    while try query.next() { organizations.append(OrganizationID(query.text(0))) }
    return organizations
  }

  func visitMonths(
    from first: BillingMonth, to last: BillingMonth, organization: OrganizationID?,
    _ visit: (StoredMonth) throws -> Void
  ) throws {
    // Organizations outside, so that the rows come in order without being sorted. The statement is not a shared one:
    // the visitor may read, too.
    var query = SQLQuery(
      try database.makeStatement(
        sql: """
          SELECT o.id, o.name, \(Self.monthColumns)
          FROM organizations o
          CROSS JOIN organization_months m ON m.organization_id = o.id AND m.month BETWEEN ?1 AND ?2
          CROSS JOIN snapshots s ON s.id = m.snapshot_id
          \(organization == nil ? "" : "WHERE o.id = ?3")
          ORDER BY o.id, m.month
          """))
    query.bind(first.description)
    query.bind(last.description)
    if let organization { query.bind(organization.rawValue) }
    var id = RepeatedText()
    var name = RepeatedText()
    while try query.next() {
      let usage = try Self.month(query, of: OrganizationID(id.value(query.bytes(0))), from: 2)
      try visit(StoredMonth(organizationName: name.value(query.bytes(1)), usage: usage))
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
