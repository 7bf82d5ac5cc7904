internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func save(_ alerts: [Alert]) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO alerts (organization_id, month, rule, metric, level, status, severity, episode, fired_at,
        changed_at, reason, evidence, pending, acknowledgement, flapping, reminders, reminded_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
      ON CONFLICT (organization_id, month, rule, metric, level) DO UPDATE SET status = ?6, severity = ?7,
        episode = ?8, fired_at = ?9, changed_at = ?10, reason = ?11, evidence = ?12, pending = ?13,
        acknowledgement = ?14, flapping = ?15, reminders = ?16, reminded_at = ?17
      """, in: database)
    for alert in alerts {
      Self.bind(alert.key, to: &insert)
      insert.bind(alert.status.rawValue)
      insert.bind(alert.severity.rawValue)
      insert.bind(alert.episode)
      insert.bind(alert.firedAt)
      insert.bind(alert.changedAt)
      insert.bind(alert.reason)
      insert.bind(try StoredJSON.text(alert.evidence))
      insert.bind(try alert.pending.map { try StoredJSON.text($0) })
      insert.bind(try alert.acknowledgement.map { try StoredJSON.text($0) })
      insert.bind(try alert.flapping.map { try StoredJSON.text($0) })
      insert.bind(alert.reminders)
      insert.bind(alert.remindedAt)
      try insert.run()
    }
  }

  func forget(_ alerts: [AlertKey]) throws {
    var delete = try SQLQuery(
      """
      DELETE FROM alerts
      WHERE organization_id = ? AND month = ? AND rule = ? AND metric = ? AND level = ? AND episode = 0
      """, in: database)
    for key in alerts {
      Self.bind(key, to: &delete)
      try delete.run()
    }
  }

  /// Binds the five parts of a key; a part that does not apply is ''.
  private static func bind(_ key: AlertKey, to statement: inout SQLQuery) {
    statement.bind(key.organization.rawValue)
    statement.bind(key.month?.description ?? "")
    statement.bind(key.rule.rawValue)
    statement.bind(key.metric?.rawValue ?? "")
    statement.bind(key.level?.description ?? "")
  }

  func alerts(of organization: OrganizationID) throws -> [Alert] {
    var query = try SQLQuery(
      """
      SELECT \(Self.alertColumns) FROM alerts a WHERE a.organization_id = ?
      ORDER BY a.changed_at DESC, a.month, a.rule, a.metric, a.level
      """, in: database)
    query.bind(organization.rawValue)
    var alerts: [Alert] = []
    while try query.next() { alerts.append(try Self.alert(query)) }
    return alerts
  }

  func alerts(_ statuses: Set<Alert.Status>) throws -> [Alert] {
    var query = try SQLQuery(
      """
      SELECT \(Self.alertColumns) FROM alerts a WHERE a.status IN (\(Self.words(statuses)))
      ORDER BY a.changed_at DESC, a.organization_id, a.month, a.rule, a.metric, a.level
      """, in: database)
    var alerts: [Alert] = []
    while try query.next() { alerts.append(try Self.alert(query)) }
    return alerts
  }

  /// An enumeration's words as SQL literals: written out, so that SQLite finds an index that is limited to one of them.
  static func words<Word: RawRepresentable<String>>(_ words: Set<Word>) -> String {
    words.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
  }

  /// What ``alert(_:)`` reads, of `alerts a`.
  static let alertColumns =
    "a.organization_id, a.month, a.rule, a.metric, a.level, a.status, a.severity, a.episode, a.fired_at, a.changed_at, "
    + "a.reason, a.evidence, a.pending, a.acknowledgement, a.flapping, a.reminders, a.reminded_at"

  static func alert(_ row: borrowing SQLQuery) throws -> Alert {
    guard let evidence = StoredJSON.value(Evidence.self, row.bytes(11)) else { throw row.unreadable("evidence", 11) }
    let level = row.bytes(4).isEmpty ? nil : Level(row.text(4))
    guard level != nil || row.bytes(4).isEmpty else { throw row.unreadable("a level", 4) }
    let key = AlertKey(
      rule: RuleID(row.text(2)), organization: OrganizationID(row.text(0)),
      month: row.bytes(1).isEmpty ? nil : try row.month(1),
      metric: row.bytes(3).isEmpty ? nil : try row.word(3, Metric.self), level: level)
    return Alert(
      key: key, status: try row.word(5, Alert.Status.self), severity: try row.word(6, Severity.self),
      episode: row.integer(7), firedAt: try row.time(8), changedAt: try row.time(9), reason: row.text(10),
      evidence: evidence, pending: try json(row, 12, Alert.Pending.self),
      acknowledgement: try json(row, 13, Acknowledgement.self), flapping: try json(row, 14, Flapping.self),
      reminders: row.integer(15), remindedAt: try row.optionalTime(16))
  }

  private static func json<Value: Decodable>(
    _ row: borrowing SQLQuery, _ column: Int32, _ type: Value.Type
  ) throws -> Value? {
    guard !row.isNull(column) else { return nil }
    guard let value = StoredJSON.value(type, row.bytes(column)) else { throw row.unreadable("what it should", column) }
    return value
  }
}
