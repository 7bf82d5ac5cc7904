internal import FoundationEssentials
internal import QuotaCore

extension Session {
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
}

extension [OrganizationID: [BillingMonth: LedgerMonth]] {
  fileprivate mutating func change(
    _ organization: OrganizationID, _ month: BillingMonth, _ change: (inout LedgerMonth) -> Void
  ) {
    change(&self[organization, default: [:]][month, default: LedgerMonth(organization: organization, month: month)])
  }
}
