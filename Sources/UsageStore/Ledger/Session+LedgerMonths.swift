internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension Session {
  func ledger(of month: BillingMonth, organization: OrganizationID?) throws -> [LedgerMonth] {
    let period = month.period(in: monthEnds.zone)
    var months: [OrganizationID: LedgerMonth] = [:]
    try count(period, organization) { id, kind, count in
      months[id, default: LedgerMonth(organization: id, month: month)].counts[kind, default: LedgerCount()] =
        (months[id]?.counts[kind] ?? LedgerCount()) + count
    }
    try countStraddlingEnd(period, organization) { id, kind, count in
      months[id, default: LedgerMonth(organization: id, month: month)].counts[kind, default: LedgerCount()]
        .straddlingEnd += count
    }
    return months.values.sorted { $0.organization < $1.organization }
  }

  func ledgerMonths() throws -> ClosedRange<BillingMonth>? {
    var query = try SQLQuery(
      "SELECT (SELECT min(began_at) FROM executions), (SELECT max(counted_at) FROM executions)", in: database)
    guard try query.next(), let first = try query.optionalTime(0), let last = try query.optionalTime(1),
      let start = BillingMonth(containing: first, in: monthEnds.zone),
      let end = BillingMonth(containing: last, in: monthEnds.zone)
    else { return nil }
    return start...max(start, end)
  }

  /// Counts what is counted in a period, by organization, kind and status.
  private func count(
    _ period: Range<Date>, _ organization: OrganizationID?,
    _ add: (OrganizationID, ExecutionKind, LedgerCount) throws -> Void
  ) throws {
    var query = try SQLQuery(
      """
      SELECT organization_id, kind, status, count(*), count(pages), coalesce(sum(pages), 0), sum(began_at < ?1),
        sum(gave_up_at IS NOT NULL)
      FROM executions WHERE counted_at >= ?1 AND counted_at < ?2 AND (?3 IS NULL OR organization_id = ?3)
      GROUP BY organization_id, kind, status
      """, in: database)
    query.bind(period.lowerBound)
    query.bind(period.upperBound)
    query.bind(organization?.rawValue)
    while try query.next() {
      try add(OrganizationID(query.text(0)), try query.word(1, ExecutionKind.self), try Self.ledgerCount(query))
    }
  }

  /// Counts what was requested in a period and ended well after it.
  private func countStraddlingEnd(
    _ period: Range<Date>, _ organization: OrganizationID?, _ add: (OrganizationID, ExecutionKind, Int64) throws -> Void
  ) throws {
    var query = try SQLQuery(
      """
      SELECT organization_id, kind, count(*) FROM executions INDEXED BY executions_straddling
      WHERE status = 'success' AND began_at >= ?1 AND began_at < ?2 AND counted_at >= ?2
        AND (?3 IS NULL OR organization_id = ?3)
      GROUP BY organization_id, kind
      """, in: database)
    query.bind(period.lowerBound)
    query.bind(period.upperBound)
    query.bind(organization?.rawValue)
    while try query.next() {
      try add(OrganizationID(query.text(0)), try query.word(1, ExecutionKind.self), query.integer(2))
    }
  }

  /// What ``count(_:_:_:)`` and its like select from the third column on, of one status.
  static func ledgerCount(_ row: borrowing SQLQuery) throws -> LedgerCount {
    var count = LedgerCount()
    switch try row.word(2, ExecutionStatus.self) {
    case .success:
      count.succeeded = row.integer(3)
      count.withoutPages = count.succeeded - row.integer(4)
      count.pages = row.integer(5)
      count.straddlingStart = row.integer(6)
    case .error: count.failed = row.integer(3)
    case .enqueued, .processing:
      count.open = row.integer(3)
      count.givenUp = row.integer(7)
    }
    return count
  }
}
