internal import FoundationEssentials
internal import QuotaCore

extension Session {
  func save(_ alerts: [Alert]) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO alerts (organization_id, month, rule, metric, level, status, severity, episode, fired_at,
        changed_at, reason, evidence)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
      ON CONFLICT (organization_id, month, rule, metric, level) DO UPDATE SET status = ?6, severity = ?7,
        episode = ?8, fired_at = ?9, changed_at = ?10, reason = ?11, evidence = ?12
      """, in: database)
    for alert in alerts {
      insert.bind(alert.key.organization.rawValue)
      insert.bind(alert.key.month?.description ?? "")
      insert.bind(alert.key.rule.rawValue)
      insert.bind(alert.key.metric?.rawValue ?? "")
      insert.bind(alert.key.level?.description ?? "")
      insert.bind(alert.status.rawValue)
      insert.bind(alert.severity.rawValue)
      insert.bind(alert.episode)
      insert.bind(alert.firedAt)
      insert.bind(alert.changedAt)
      insert.bind(alert.reason)
      insert.bind(try StoredJSON.text(alert.evidence))
      try insert.run()
    }
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
    + "a.reason, a.evidence"

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
      evidence: evidence)
  }
}
