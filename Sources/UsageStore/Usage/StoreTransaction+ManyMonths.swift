internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func months(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: MonthUsage]] {
    var query = try SQLQuery(
      """
      SELECT m.organization_id, \(Self.monthColumns) FROM json_each(?) j
      CROSS JOIN organization_months m ON m.organization_id = j.value AND m.month BETWEEN ? AND ?
      CROSS JOIN snapshots s ON s.id = m.snapshot_id
      """, in: database)
    query.bind(try StoredJSON.list(organizations.map(\.rawValue)))
    query.bind(first.description)
    query.bind(last.description)
    var months: [OrganizationID: [BillingMonth: MonthUsage]] = [:]
    while try query.next() {
      let usage = try Self.month(query, of: OrganizationID(query.text(0)), from: 1)
      months[usage.snapshot.organization, default: [:]][usage.snapshot.month] = usage
    }
    return months
  }

  func firstMonths(of organizations: [OrganizationID]) throws -> [OrganizationID: BillingMonth] {
    var query = try SQLQuery(
      """
      SELECT j.value, (SELECT min(month) FROM organization_months m WHERE m.organization_id = j.value) AS month
      FROM json_each(?) j WHERE month IS NOT NULL
      """, in: database)
    query.bind(try StoredJSON.list(organizations.map(\.rawValue)))
    var months: [OrganizationID: BillingMonth] = [:]
    while try query.next() { months[OrganizationID(query.text(0))] = try query.month(1) }
    return months
  }

  func snapshots(of organization: OrganizationID, month: BillingMonth, seenSince time: Date) throws -> [Snapshot] {
    var query = try SQLQuery(
      """
      SELECT id, pages, conversions, first_seen_at, last_seen_at FROM snapshots
      WHERE organization_id = ? AND month = ? AND last_seen_at >= ? ORDER BY id
      """, in: database)
    query.bind(organization.rawValue)
    query.bind(month.description)
    query.bind(time)
    var found: [Snapshot] = []
    while try query.next() {
      found.append(
        Snapshot(
          id: query.integer(0), organization: organization, month: month,
          counters: Counters(pages: query.integer(1), conversions: query.integer(2)), firstSeenAt: try query.time(3),
          lastSeenAt: try query.time(4)))
    }
    return found
  }
}
