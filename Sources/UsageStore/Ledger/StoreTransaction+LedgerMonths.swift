internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func ledger(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: LedgerMonth]] {
    var found: [OrganizationID: [BillingMonth: LedgerMonth]] = [:]
    let ids = try StoredJSON.list(organizations.map(\.rawValue))
    var month = first
    while month <= last {
      try count(month, ids, in: &found)
      guard let next = month.advanced(by: 1) else { break }
      month = next
    }
    try countStraddlers(first...last, ids, in: &found)
    return found
  }

  func ledgerOrganizations() throws -> [OrganizationID] {
    var query = try SQLQuery(
      """
      SELECT o.id FROM organizations o
      WHERE EXISTS (SELECT 1 FROM executions e WHERE e.organization_id = o.id) ORDER BY o.id
      """, in: database)
    var found: [OrganizationID] = []
    while try query.next() { found.append(OrganizationID(query.text(0))) }
    return found
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

  /// Counts what ended, or else was requested, in a month.
  private func count(
    _ month: BillingMonth, _ organizations: String, in found: inout [OrganizationID: [BillingMonth: LedgerMonth]]
  ) throws {
    let period = month.period(in: monthEnds.zone)
    var query = try SQLQuery(
      """
      SELECT e.organization_id, e.kind, e.status, count(*), count(e.pages), coalesce(sum(e.pages), 0),
        sum(e.began_at < ?2), sum(e.gave_up_at IS NOT NULL)
      FROM json_each(?1) j CROSS JOIN executions e INDEXED BY executions_by_organization
        ON e.organization_id = j.value AND e.counted_at >= ?2 AND e.counted_at < ?3
      GROUP BY e.organization_id, e.kind, e.status
      """, in: database)
    query.bind(organizations)
    query.bind(period.lowerBound)
    query.bind(period.upperBound)
    while try query.next() {
      let count = try Self.ledgerCount(query)
      let kind = try query.word(1, ExecutionKind.self)
      found.change(OrganizationID(query.text(0)), month) {
        $0.counts[kind] = ($0.counts[kind] ?? LedgerCount()) + count
      }
    }
  }

  /// Counts what was requested in one of the months and ended well after it, for the month of the request.
  private func countStraddlers(
    _ months: ClosedRange<BillingMonth>, _ organizations: String,
    in found: inout [OrganizationID: [BillingMonth: LedgerMonth]]
  ) throws {
    let zone = monthEnds.zone
    var turns: [Date] = []
    var month = months.lowerBound
    while month <= months.upperBound {
      turns.append(month.period(in: zone).upperBound)
      guard let next = month.advanced(by: 1) else { break }
      month = next
    }
    let crosses = turns.indices.map { "(e.began_at < ?\($0 + 3) AND e.counted_at >= ?\($0 + 3))" }
    var query = try SQLQuery(
      """
      SELECT e.organization_id, e.kind, e.began_at
      FROM json_each(?1) j CROSS JOIN executions e INDEXED BY executions_by_organization
        ON e.organization_id = j.value AND e.counted_at >= ?2
      WHERE e.status = 'success' AND e.began_at >= ?2 AND (\(crosses.joined(separator: " OR ")))
      """, in: database)
    query.bind(organizations)
    query.bind(months.lowerBound.period(in: zone).lowerBound)
    for turn in turns { query.bind(turn) }
    while try query.next() {
      guard let began = BillingMonth(containing: try query.time(2), in: zone) else { continue }
      let kind = try query.word(1, ExecutionKind.self)
      found.change(OrganizationID(query.text(0)), began) {
        $0.counts[kind, default: LedgerCount()].straddlingEnd += 1
      }
    }
  }

  /// What ``count(_:_:in:)`` selects from the third column on, of one status.
  private static func ledgerCount(_ row: borrowing SQLQuery) throws -> LedgerCount {
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

extension [OrganizationID: [BillingMonth: LedgerMonth]] {
  fileprivate mutating func change(
    _ organization: OrganizationID, _ month: BillingMonth, _ change: (inout LedgerMonth) -> Void
  ) {
    change(&self[organization, default: [:]][month, default: LedgerMonth(organization: organization, month: month)])
  }
}
