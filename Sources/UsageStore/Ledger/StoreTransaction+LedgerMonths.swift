internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func ledger(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: LedgerMonth]] {
    var found: [OrganizationID: [BillingMonth: LedgerMonth]] = [:]
    let organizations = try JSONEach(organizations)
    var month = first
    while month <= last {
      try count(month, organizations, in: &found)
      guard let next = month.advanced(by: 1) else { break }
      month = next
    }
    try countStraddlers(first...last, organizations, in: &found)
    return found
  }

  func ledgerOrganizations() throws -> [OrganizationID] {
    try column(
      """
      SELECT o.id FROM organizations o
      WHERE EXISTS (SELECT 1 FROM executions e WHERE e.organization_id = o.id) ORDER BY o.id
      """)
  }

  func ledgerMonths() throws -> ClosedRange<BillingMonth>? {
    let times: (first: Date?, last: Date?)? = try first(
      "SELECT (SELECT min(began_at) FROM executions), (SELECT max(counted_at) FROM executions)"
    ) { (try $0.next(), try $0.next()) }
    guard let first = times?.first, let last = times?.last else { return nil }
    // Our own clock may have been anywhere.
    let start = BillingMonth(containing: first, in: monthEnds.zone) ?? BillingMonth.all.first
    return start...max(start, BillingMonth(containing: last, in: monthEnds.zone) ?? BillingMonth.all.last)
  }

  /// Counts what ended, or else was requested, in a month.
  private func count(
    _ month: BillingMonth, _ organizations: JSONEach, in found: inout [OrganizationID: [BillingMonth: LedgerMonth]]
  ) throws {
    let period = month.period(in: monthEnds.zone)
    try visit(
      """
      SELECT e.organization_id, e.kind, e.status, count(*), count(e.pages), coalesce(sum(e.pages), 0),
        sum(e.began_at < ?2), sum(e.gave_up_at IS NOT NULL)
      FROM json_each(?1) j CROSS JOIN executions e INDEXED BY executions_by_organization
        ON e.organization_id = j.value AND e.counted_at >= ?2 AND e.counted_at < ?3
      GROUP BY e.organization_id, e.kind, e.status
      """,
      organizations, period.lowerBound, period.upperBound
    ) { row in
      let (organization, kind): (OrganizationID, ExecutionKind) = (try row.next(), try row.next())
      let count = try Self.ledgerCount(&row)
      found.change(organization, month) {
        $0.counts[kind] = ($0.counts[kind] ?? LedgerCount()) + count
      }
    }
  }

  /// Counts what was requested in one of the months and ended well after it, for the month of the request.
  private func countStraddlers(
    _ months: ClosedRange<BillingMonth>, _ organizations: JSONEach,
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
    let crosses = turns.map { "(e.began_at < '\($0.iso8601)' AND e.counted_at >= '\($0.iso8601)')" }
    try visit(
      """
      SELECT e.organization_id, e.kind, e.began_at
      FROM json_each(?1) j CROSS JOIN executions e INDEXED BY executions_by_organization
        ON e.organization_id = j.value AND e.counted_at >= ?2
      WHERE e.status = 'success' AND e.began_at >= ?2 AND (\(crosses.joined(separator: " OR ")))
      """,
      organizations, months.lowerBound.period(in: zone).lowerBound
    ) { row in
      let (organization, kind): (OrganizationID, ExecutionKind) = (try row.next(), try row.next())
      guard let began = BillingMonth(containing: try row.next(), in: zone) else { return }
      found.change(organization, began) { $0.counts[kind, default: LedgerCount()].straddlingEnd += 1 }
    }
  }

  /// What ``count(_:_:in:)`` selects from the third column on, of one status.
  private static func ledgerCount(_ row: inout RowReader) throws -> LedgerCount {
    let status: ExecutionStatus = try row.next()
    let (executions, withPages, pages): (Int64, Int64, Int64) = (try row.next(), try row.next(), try row.next())
    let (begunBefore, givenUp): (Int64, Int64) = (try row.next(), try row.next())
    var count = LedgerCount()
    switch status {
    case .success:
      count.succeeded = executions
      count.withoutPages = executions - withPages
      count.pages = pages
      count.straddlingStart = begunBefore
    case .error: count.failed = executions
    case .enqueued, .processing:
      count.open = executions
      count.givenUp = givenUp
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
