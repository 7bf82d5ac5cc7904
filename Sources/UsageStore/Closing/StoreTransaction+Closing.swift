internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension StoreTransaction {
  func append(_ closing: Closing) throws {
    var closed: ClosedMonth?
    var reason: String?
    switch closing.entry.action {
    case .close(let month): closed = month
    case .reopen(let why): reason = why
    }
    var insert = try SQLQuery(
      """
      INSERT INTO closings (sequence, action, organization_id, month, time_zone, pages, conversions, snapshot_id,
        first_seen_at, last_seen_at, quota_pages, quota_conversions, settled, plan, plan_version, forced_because, reason,
        acted_at, acted_by, previous_hash, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, in: database)
    insert.bind(closing.sequence)
    insert.bind(closing.entry.action.name)
    insert.bind(closing.entry.organization.rawValue)
    insert.bind(closing.entry.month.description)
    insert.bind(closing.entry.timeZone)
    insert.bind(closed?.snapshot?.counters.pages)
    insert.bind(closed?.snapshot?.counters.conversions)
    insert.bind(closed?.snapshot?.id)
    insert.bind(closed?.snapshot?.firstSeenAt)
    insert.bind(closed?.snapshot?.lastSeenAt)
    insert.bind(closed?.quota.pages)
    insert.bind(closed?.quota.conversions)
    insert.bind(closed.map { $0.isSettled ? 1 : 0 as Int64 })
    insert.bind(closed?.plan)
    insert.bind(closed?.planVersion)
    insert.bind(closed?.forcedBecause)
    insert.bind(reason)
    insert.bind(closing.entry.actedAt)
    insert.bind(closing.entry.actedBy)
    insert.bind(closing.previousHash)
    insert.bind(closing.hash)
    try insert.run()
  }

  func lastClosing() throws -> Closing? {
    var query = try SQLQuery(
      "SELECT \(Self.closingColumns) FROM closings c ORDER BY c.sequence DESC LIMIT 1", in: database)
    return try query.next() ? try Self.closing(query) : nil
  }

  func closing(_ sequence: Int64) throws -> Closing? {
    var query = try SQLQuery("SELECT \(Self.closingColumns) FROM closings c WHERE c.sequence = ?", in: database)
    query.bind(sequence)
    return try query.next() ? try Self.closing(query) : nil
  }

  func closedMonths(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: Closing]] {
    var query = try SQLQuery(
      """
      SELECT \(Self.closingColumns) FROM json_each(?) j
      CROSS JOIN closings c ON c.organization_id = j.value AND c.month BETWEEN ? AND ?
      ORDER BY j.id, c.month, c.sequence
      """, in: database)
    query.bind(try StoredJSON.list(organizations.map(\.rawValue)))
    query.bind(first.description)
    query.bind(last.description)
    var closed: [OrganizationID: [BillingMonth: Closing]] = [:]
    while try query.next() {
      let closing = try Self.closing(query)
      closed[closing.entry.organization, default: [:]][closing.entry.month] =
        closing.closedMonth == nil ? nil : closing
    }
    return closed
  }

  func visitClosings(_ visit: (StoredClosing) throws -> Void) throws {
    // The statement is not a shared one: the visitor may read, too.
    var query = SQLQuery(
      try database.makeStatement(
        sql: """
          SELECT \(Self.closingColumns), named.pages, named.conversions, s.id, s.pages, s.conversions, s.first_seen_at,
            s.last_seen_at
          FROM closings c
          LEFT JOIN snapshots named ON named.id = c.snapshot_id AND named.organization_id = c.organization_id
            AND named.month = c.month
          LEFT JOIN organization_months m ON m.organization_id = c.organization_id AND m.month = c.month
          LEFT JOIN snapshots s ON s.id = m.snapshot_id
          ORDER BY c.sequence
          """))
    let next = Self.closingColumnCount
    while try query.next() {
      let closing = try Self.closing(query)
      let named =
        query.isNull(next) ? nil : Counters(pages: query.integer(next), conversions: query.integer(next + 1))
      let latest =
        query.isNull(next + 2)
        ? nil
        : Snapshot(
          id: query.integer(next + 2), organization: closing.entry.organization, month: closing.entry.month,
          counters: Counters(pages: query.integer(next + 3), conversions: query.integer(next + 4)),
          firstSeenAt: try query.time(next + 5), lastSeenAt: try query.time(next + 6))
      try visit(StoredClosing(closing: closing, snapshotCounters: named, latest: latest))
    }
  }

  /// What ``closing(_:)`` reads, of `closings c`.
  private static let closingColumns =
    "c.sequence, c.action, c.organization_id, c.month, c.time_zone, c.pages, c.conversions, c.snapshot_id, "
    + "c.first_seen_at, c.last_seen_at, c.quota_pages, c.quota_conversions, c.settled, c.plan, c.plan_version, "
    + "c.forced_because, c.reason, c.acted_at, c.acted_by, c.previous_hash, c.hash"
  private static let closingColumnCount: Int32 = 21

  private static func closing(_ row: borrowing SQLQuery) throws -> Closing {
    let snapshot =
      row.isNull(7)
      ? nil
      : ClosedSnapshot(
        id: row.integer(7), counters: Counters(pages: row.integer(5), conversions: row.integer(6)),
        firstSeenAt: try row.time(8), lastSeenAt: try row.time(9))
    let action: ClosingEntry.Action
    switch row.text(1) {
    case "close":
      action = .close(
        ClosedMonth(
          snapshot: snapshot, quota: Quota(pages: row.optionalInteger(10), conversions: row.optionalInteger(11)),
          isSettled: row.integer(12) == 1, plan: row.optionalText(13), planVersion: row.optionalText(14),
          forcedBecause: row.optionalText(15)))
    case "reopen": action = .reopen(reason: row.text(16))
    default: throw row.unreadable("close or reopen", 1)
    }
    return Closing(
      sequence: row.integer(0),
      entry: ClosingEntry(
        organization: OrganizationID(row.text(2)), month: try row.month(3), timeZone: row.text(4), action: action,
        actedAt: try row.time(17), actedBy: row.text(18)),
      previousHash: row.text(19), hash: row.text(20))
  }
}
