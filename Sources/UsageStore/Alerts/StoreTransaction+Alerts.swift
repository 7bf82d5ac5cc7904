internal import QuotaCore

extension StoreTransaction {
  func save(_ alerts: [Alert]) throws {
    for alert in alerts {
      let key = alert.key
      try run(
        """
        INSERT INTO alerts (organization_id, month, rule, metric, level, status, severity, episode, fired_at,
          changed_at, reason, evidence, pending, acknowledgement, flapping, reminders, reminded_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
        ON CONFLICT (organization_id, month, rule, metric, level) DO UPDATE SET status = ?6, severity = ?7,
          episode = ?8, fired_at = ?9, changed_at = ?10, reason = ?11, evidence = ?12, pending = ?13,
          acknowledgement = ?14, flapping = ?15, reminders = ?16, reminded_at = ?17
        """,
        key.organization, OrEmpty(key.month), key.rule, OrEmpty(key.metric), OrEmpty(key.level), alert.status,
        alert.severity, alert.episode, alert.firedAt, alert.changedAt, alert.reason, alert.evidence, alert.pending,
        alert.acknowledgement, alert.flapping, alert.reminders, alert.remindedAt)
    }
  }

  func forget(_ alerts: [AlertKey]) throws {
    for key in alerts {
      try run(
        """
        DELETE FROM alerts
        WHERE organization_id = ? AND month = ? AND rule = ? AND metric = ? AND level = ? AND episode = 0
        """,
        key.organization, OrEmpty(key.month), key.rule, OrEmpty(key.metric), OrEmpty(key.level))
    }
  }

  func alerts(of organization: OrganizationID) throws -> [Alert] {
    try rows(
      """
      SELECT \(Self.alertColumns) FROM alerts a WHERE a.organization_id = ?
      ORDER BY a.changed_at DESC, a.month, a.rule, a.metric, a.level
      """,
      organization, row: Self.alert)
  }

  func endedAlerts(
    where takes: ((OrganizationID, RuleID) -> Bool)?, from start: Int, limit: Int
  ) throws -> (part: [Alert], count: Int) {
    let ended = "a.status IN (\(Self.words([.resolved, .expired, .retired] as Set<Alert.Status>)))"
    // By what tells an organization and a rule from others; neither has a blank.
    let subject = "a.organization_id || ' ' || a.rule"
    let only = try takes.map { takes in
      let all: [(organization: OrganizationID, rule: RuleID)] = try rows(
        "SELECT DISTINCT a.organization_id, a.rule FROM alerts a WHERE \(ended)"
      ) { row in (try row.next(), try row.next()) }
      return try JSONEach(all.filter { takes($0.organization, $0.rule) }.map { "\($0.organization) \($0.rule)" })
    }
    let condition = "\(ended) AND (?1 IS NULL OR \(subject) IN (SELECT value FROM json_each(?1)))"
    let part = try rows(
      """
      SELECT \(Self.alertColumns) FROM alerts a WHERE \(condition)
      ORDER BY a.changed_at DESC, a.organization_id, a.month, a.rule, a.metric, a.level LIMIT ?2 OFFSET ?3
      """,
      only, limit, start, row: Self.alert)
    return (part, try value("SELECT count(*) FROM alerts a WHERE \(condition)", only) ?? 0)
  }

  func alerts(_ statuses: Set<Alert.Status>) throws -> [Alert] {
    try rows(
      """
      SELECT \(Self.alertColumns) FROM alerts a WHERE a.status IN (\(Self.words(statuses)))
      ORDER BY a.changed_at DESC, a.organization_id, a.month, a.rule, a.metric, a.level
      """,
      row: Self.alert)
  }

  func alertKeys(_ statuses: Set<Alert.Status>) throws -> [AlertKey] {
    try rows(
      "SELECT \(Self.alertKeyColumns) FROM alerts a WHERE a.status IN (\(Self.words(statuses)))", row: Self.alertKey)
  }

  func firingCounts() throws -> [Severity: Int] {
    let counts: [(Severity, Int)] = try rows(
      "SELECT severity, count(*) FROM alerts WHERE status = 'firing' GROUP BY severity"
    ) { row in (try row.next(), try row.next()) }
    return Dictionary(uniqueKeysWithValues: counts)
  }

  /// An enumeration's words as SQL literals: written out, so that SQLite finds an index that is limited to one of them.
  static func words<Word: RawRepresentable<String>>(_ words: Set<Word>) -> String {
    words.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
  }

  /// What ``alertKey(_:)`` reads, of `alerts a`.
  static let alertKeyColumns = "a.rule, a.organization_id, a.month, a.metric, a.level"

  static func alertKey(_ row: inout RowReader) throws -> AlertKey {
    AlertKey(
      rule: try row.next(), organization: try row.next(), month: try row.next(OrEmpty.self).value,
      metric: try row.next(OrEmpty.self).value, level: try row.next(OrEmpty.self).value)
  }

  /// What ``alert(_:)`` reads, of `alerts a`.
  static let alertColumns =
    "\(alertKeyColumns), a.status, a.severity, a.episode, a.fired_at, a.changed_at, a.reason, a.pending, "
    + "a.acknowledgement, a.flapping, a.reminders, a.reminded_at, a.evidence"

  static func alert(_ row: inout RowReader) throws -> Alert {
    var alert = try alertWithoutEvidence(&row)
    alert.evidence = try row.next()
    return alert
  }

  /// Whether the evidence of `alerts` is at least an object of JSON.
  private static let hasEvidence = "CASE WHEN json_valid(evidence) THEN json_type(evidence) = 'object' ELSE FALSE END"

  /// What ``alertWithDeferredEvidence(_:)`` reads.
  static let deferringAlertColumns = "\(alertColumns), \(hasEvidence)"

  /// An alert whose evidence is decoded when somebody looks at it; that it is an object of JSON is known before.
  static func alertWithDeferredEvidence(_ row: inout RowReader) throws -> Alert {
    var alert = try alertWithoutEvidence(&row)
    let text = Array(row.nextBytes())
    guard try row.next(Bool.self) else { throw UnreadableValue(column: "evidence", expected: Evidence.expected) }
    alert.deferredEvidence = Deferred {
      text.withUnsafeBufferPointer { StoredJSON.value(Evidence.self, $0) } ?? Evidence()
    }
    return alert
  }

  private static func alertWithoutEvidence(_ row: inout RowReader) throws -> Alert {
    Alert(
      key: try alertKey(&row), status: try row.next(), severity: try row.next(), episode: try row.next(),
      firedAt: try row.next(), changedAt: try row.next(), reason: try row.next(), evidence: Evidence(),
      pending: try row.next(), acknowledgement: try row.next(), flapping: try row.next(), reminders: try row.next(),
      remindedAt: try row.next())
  }
}
