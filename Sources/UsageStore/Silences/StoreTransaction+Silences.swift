internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension StoreTransaction {
  func silences(endingAfter time: Date?) throws -> [Silence] {
    var query = try SQLQuery(
      """
      SELECT id, organization_id, rule, starts_at, ends_at, reason, created_by FROM silences
      WHERE ends_at > ? ORDER BY id
      """, in: database)
    query.bind(time ?? .distantPast)
    var silences: [Silence] = []
    while try query.next() {
      silences.append(
        Silence(
          id: query.integer(0), organization: query.optionalText(1).map { OrganizationID($0) },
          rule: query.optionalText(2).map { RuleID($0) }, from: try query.time(3), until: try query.time(4),
          reason: query.text(5), createdBy: query.text(6)))
    }
    return silences
  }

  func add(_ silence: Silence) throws -> Int64 {
    var insert = try SQLQuery(
      """
      INSERT INTO silences (organization_id, rule, starts_at, ends_at, reason, created_by) VALUES (?, ?, ?, ?, ?, ?)
      """, in: database)
    insert.bind(silence.organization?.rawValue)
    insert.bind(silence.rule?.rawValue)
    insert.bind(silence.from)
    insert.bind(silence.until)
    insert.bind(silence.reason)
    insert.bind(silence.createdBy)
    try insert.run()
    return database.lastInsertedRowID
  }

  func move(_ silence: Silence) throws {
    var update = try SQLQuery("UPDATE silences SET starts_at = ?, ends_at = ? WHERE id = ?", in: database)
    update.bind(silence.from)
    update.bind(silence.until)
    update.bind(silence.id)
    try update.run()
  }

  func removeSilence(_ id: Int64) throws -> Bool {
    var delete = try SQLQuery("DELETE FROM silences WHERE id = ?", in: database)
    delete.bind(id)
    try delete.run()
    return database.changesCount > 0
  }
}
