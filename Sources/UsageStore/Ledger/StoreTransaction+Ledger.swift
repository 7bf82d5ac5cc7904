internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func execution(_ key: Execution.Key) throws -> Execution? {
    try first(
      "SELECT \(Self.executionColumns) FROM executions WHERE organization_id = ? AND kind = ? AND id = ?",
      key.organization, key.kind, key.id, row: Self.execution)
  }

  func executions(with id: ExecutionID) throws -> [Execution] {
    try rows(
      "SELECT \(Self.executionColumns) FROM executions WHERE id = ? ORDER BY organization_id, kind",
      id, row: Self.execution)
  }

  func openExecutions(of organizations: Set<OrganizationID>) throws -> [Execution] {
    try rows(
      """
      SELECT \(Self.executionColumns) FROM executions INDEXED BY executions_open
      WHERE status IN ('enqueued', 'processing') AND gave_up_at IS NULL
        AND organization_id IN (SELECT value FROM json_each(?))
      ORDER BY began_at, organization_id, kind, id
      """,
      JSONEach(organizations), row: Self.execution)
  }

  // An execution is in four indices, in three orders.
  func expectManyReports() throws { try keepPages(kibibytes: 49_152) }

  func record(_ report: ExecutionReport) throws -> Execution.Change {
    let change = Execution.change(of: try execution(report.key), by: report)
    switch change {
    case .added(let execution):
      try makeKnown(execution.key.organization)
      try save(execution)
    case .changed(let execution): try save(execution)
    case .unchanged, .contradicts: break
    }
    return change
  }

  func notePoll(_ keys: [Execution.Key], givenUp: Set<Execution.Key>, at time: Date) throws {
    for key in keys {
      try run(
        """
        UPDATE executions
        SET polled_at = ?1, gave_up_at = CASE WHEN ?2 THEN coalesce(gave_up_at, ?1) ELSE gave_up_at END
        WHERE organization_id = ?3 AND kind = ?4 AND id = ?5
        """,
        time, givenUp.contains(key), key.organization, key.kind, key.id)
    }
  }

  private func save(_ execution: Execution) throws {
    let key = execution.key
    try run(
      """
      INSERT INTO executions (organization_id, kind, id, status, pages, requested_at, ended_at, origin, first_seen_at,
        changed_at, polled_at, gave_up_at, began_at, counted_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
      ON CONFLICT (organization_id, kind, id) DO UPDATE SET status = ?4, pages = ?5, requested_at = ?6, ended_at = ?7,
        changed_at = ?10, polled_at = ?11, gave_up_at = ?12, began_at = ?13, counted_at = ?14
      """,
      key.organization, key.kind, key.id, execution.status, execution.pages, execution.requestedAt, execution.endedAt,
      execution.origin, execution.firstSeenAt, execution.changedAt, execution.polledAt, execution.gaveUpAt,
      execution.requested, execution.countedAt)
  }

  private static let executionColumns =
    "organization_id, kind, id, status, pages, requested_at, ended_at, origin, first_seen_at, changed_at, polled_at, "
    + "gave_up_at"

  private static func execution(_ row: inout RowReader) throws -> Execution {
    Execution(
      key: Execution.Key(organization: try row.next(), kind: try row.next(), id: try row.next()),
      status: try row.next(), pages: try row.next(), requestedAt: try row.next(), endedAt: try row.next(),
      origin: try row.next(), firstSeenAt: try row.next(), changedAt: try row.next(), polledAt: try row.next(),
      gaveUpAt: try row.next())
  }
}
