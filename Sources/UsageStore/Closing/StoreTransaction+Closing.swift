internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func append(_ closing: Closing) throws {
    let entry = closing.entry
    var closed: ClosedMonth?
    var reason: String?
    switch entry.action {
    case .close(let month): closed = month
    case .reopen(let why): reason = why
    }
    let snapshot = closed?.snapshot
    try run(
      """
      INSERT INTO closings (sequence, action, organization_id, month, time_zone, snapshot_id, pages, conversions,
        first_seen_at, last_seen_at, quota_pages, quota_conversions, settled, plan, plan_version, forced_because, reason,
        acted_at, acted_by, previous_hash, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      closing.sequence, entry.action.name, entry.organization, entry.month, entry.timeZone, snapshot?.id,
      snapshot?.counters.pages, snapshot?.counters.conversions, snapshot?.firstSeenAt, snapshot?.lastSeenAt,
      closed?.quota.pages, closed?.quota.conversions, closed?.isSettled, closed?.plan, closed?.planVersion,
      closed?.forcedBecause, reason, entry.actedAt, entry.actedBy, closing.previousHash, closing.hash)
  }

  func lastClosing() throws -> Closing? {
    try first(
      "SELECT \(Self.closingColumns) FROM closings c ORDER BY c.sequence DESC LIMIT 1", row: Self.closing)
  }

  func closing(_ sequence: Int64) throws -> Closing? {
    try first("SELECT \(Self.closingColumns) FROM closings c WHERE c.sequence = ?", sequence, row: Self.closing)
  }

  func closedMonths(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: Closing]] {
    var closed: [OrganizationID: [BillingMonth: Closing]] = [:]
    try visit(
      """
      SELECT \(Self.closingColumns) FROM json_each(?) j
      CROSS JOIN closings c ON c.organization_id = j.value AND c.month BETWEEN ? AND ?
      ORDER BY j.id, c.month, c.sequence
      """,
      JSONEach(organizations), first, last
    ) { row in
      let closing = try Self.closing(&row)
      closed[closing.entry.organization, default: [:]][closing.entry.month] =
        closing.closedMonth == nil ? nil : closing
    }
    return closed
  }

  func closedOrganizations(from first: BillingMonth, to last: BillingMonth) throws -> [OrganizationID] {
    try column(
      """
      SELECT DISTINCT organization_id FROM closings c
      WHERE action = 'close' AND month BETWEEN ? AND ? AND sequence = (
        SELECT max(sequence) FROM closings WHERE organization_id = c.organization_id AND month = c.month)
      ORDER BY organization_id
      """,
      first, last)
  }

  func visitClosings(_ visitor: (StoredClosing) throws -> Void) throws {
    try visit(
      """
      SELECT \(Self.closingColumns), named.pages, named.conversions, \(Self.snapshotColumns)
      FROM closings c
      LEFT JOIN snapshots named ON named.organization_id = c.organization_id AND named.month = c.month
        AND named.id = c.snapshot_id
      LEFT JOIN organization_months m ON m.organization_id = c.organization_id AND m.month = c.month
      LEFT JOIN snapshots s ON \(Self.latest("s"))
      ORDER BY c.sequence
      """
    ) { row in
      let closing = try Self.closing(&row)
      let (pages, conversions): (Int64?, Int64?) = (try row.next(), try row.next())
      var named: Counters?
      if let pages, let conversions { named = Counters(pages: pages, conversions: conversions) }
      let latest = row.isAtNull ? nil : try Self.snapshot(&row, of: closing.entry.organization)
      try visitor(StoredClosing(closing: closing, snapshotCounters: named, latest: latest))
    }
  }

  /// What ``closing(_:)`` reads, of `closings c`.
  private static let closingColumns =
    "c.sequence, c.action, c.organization_id, c.month, c.time_zone, c.snapshot_id, c.pages, c.conversions, "
    + "c.first_seen_at, c.last_seen_at, c.quota_pages, c.quota_conversions, c.settled, c.plan, c.plan_version, "
    + "c.forced_because, c.reason, c.acted_at, c.acted_by, c.previous_hash, c.hash"

  private static func closing(_ row: inout RowReader) throws -> Closing {
    let (sequence, action): (Int64, ClosingAction) = (try row.next(), try row.next())
    let (organization, month): (OrganizationID, BillingMonth) = (try row.next(), try row.next())
    let zone: String = try row.next()
    let closed = ClosedMonth(
      snapshot: try closedSnapshot(&row), quota: Quota(pages: try row.next(), conversions: try row.next()),
      isSettled: try row.next(), plan: try row.next(), planVersion: try row.next(), forcedBecause: try row.next())
    let reason: String = try row.next()
    return Closing(
      sequence: sequence,
      entry: ClosingEntry(
        organization: organization, month: month, timeZone: zone,
        action: action == .close ? .close(closed) : .reopen(reason: reason), actedAt: try row.next(),
        actedBy: try row.next()),
      previousHash: try row.next(), hash: try row.next())
  }

  private static func closedSnapshot(_ row: inout RowReader) throws -> ClosedSnapshot? {
    let (id, pages, conversions): (Int64?, Int64?, Int64?) = (try row.next(), try row.next(), try row.next())
    let (first, last): (Date?, Date?) = (try row.next(), try row.next())
    guard let id, let pages, let conversions, let first, let last else { return nil }
    return ClosedSnapshot(
      id: id, counters: Counters(pages: pages, conversions: conversions), firstSeenAt: first, lastSeenAt: last)
  }
}

private enum ClosingAction: String, SQLText {
  case close, reopen
}
