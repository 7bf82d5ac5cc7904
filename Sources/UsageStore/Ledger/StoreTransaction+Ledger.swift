internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension StoreTransaction {
  func execution(_ key: Execution.Key) throws -> Execution? {
    var query = try SQLQuery(
      "SELECT \(Self.executionColumns) FROM executions WHERE organization_id = ? AND kind = ? AND id = ?", in: database)
    query.bind(key)
    return try Self.executions(&query).first
  }

  func executions(with id: ExecutionID) throws -> [Execution] {
    var query = try SQLQuery(
      "SELECT \(Self.executionColumns) FROM executions WHERE id = ? ORDER BY organization_id, kind", in: database)
    query.bind(id.rawValue)
    return try Self.executions(&query)
  }

  func openExecutions(of organizations: Set<OrganizationID>) throws -> [Execution] {
    var query = try SQLQuery(
      """
      SELECT \(Self.executionColumns) FROM executions INDEXED BY executions_open
      WHERE status IN ('enqueued', 'processing') AND gave_up_at IS NULL
        AND organization_id IN (SELECT value FROM json_each(?))
      ORDER BY began_at, organization_id, kind, id
      """, in: database)
    query.bind(try StoredJSON.list(organizations.map(\.rawValue)))
    return try Self.executions(&query)
  }

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
    var update = try SQLQuery(
      """
      UPDATE executions SET polled_at = ?1, gave_up_at = CASE WHEN ?2 THEN coalesce(gave_up_at, ?1) ELSE gave_up_at END
      WHERE organization_id = ?3 AND kind = ?4 AND id = ?5
      """, in: database)
    for key in keys {
      update.bind(time)
      update.bind(Int64(givenUp.contains(key) ? 1 : 0))
      update.bind(key)
      try update.run()
    }
  }

  private func save(_ execution: Execution) throws {
    var save = try SQLQuery(
      """
      INSERT INTO executions (organization_id, kind, id, status, pages, requested_at, ended_at, origin, first_seen_at,
        changed_at, polled_at, gave_up_at, began_at, counted_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
      ON CONFLICT (organization_id, kind, id) DO UPDATE SET status = ?4, pages = ?5, requested_at = ?6, ended_at = ?7,
        changed_at = ?10, polled_at = ?11, gave_up_at = ?12, began_at = ?13, counted_at = ?14
      """, in: database)
    save.bind(execution.key)
    save.bind(execution.status.rawValue)
    save.bind(execution.pages)
    save.bind(execution.requestedAt)
    save.bind(execution.endedAt)
    save.bind(execution.origin.rawValue)
    save.bind(execution.firstSeenAt)
    save.bind(execution.changedAt)
    save.bind(execution.polledAt)
    save.bind(execution.gaveUpAt)
    save.bind(execution.requested)
    save.bind(execution.countedAt)
    try save.run()
  }

  private static let executionColumns =
    "organization_id, kind, id, status, pages, requested_at, ended_at, origin, first_seen_at, changed_at, polled_at, "
    + "gave_up_at"

  private static func executions(_ query: inout SQLQuery) throws -> [Execution] {
    var executions: [Execution] = []
    while try query.next() {
      guard let id = ExecutionID(rawValue: query.text(2)) else { throw query.unreadable("an id", 2) }
      let key = Execution.Key(
        organization: OrganizationID(query.text(0)), kind: try query.word(1, ExecutionKind.self), id: id)
      executions.append(
        Execution(
          key: key, status: try query.word(3, ExecutionStatus.self), pages: query.optionalInteger(4),
          requestedAt: try query.optionalTime(5), endedAt: try query.optionalTime(6),
          origin: try query.word(7, ExecutionOrigin.self), firstSeenAt: try query.time(8),
          changedAt: try query.time(9), polledAt: try query.optionalTime(10), gaveUpAt: try query.optionalTime(11)))
    }
    return executions
  }
}

extension SQLQuery {
  fileprivate mutating func bind(_ key: Execution.Key) {
    bind(key.organization.rawValue)
    bind(key.kind.rawValue)
    bind(key.id.rawValue)
  }
}
