internal import QuotaCore

extension StoreTransaction {
  func register(_ organizations: [Organization]) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO organizations (id, name) VALUES (?, ?)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE name <> excluded.name
      """, in: database)
    for organization in organizations {
      insert.bind(organization.id.rawValue)
      insert.bind(organization.name)
      try insert.run()
    }
  }

  func save(_ history: PollHistory, of organization: OrganizationID) throws {
    var update = try SQLQuery(
      """
      INSERT INTO organizations (first_attempt_at, last_success_at, first_failed_at, last_failed_at, failure_count,
        failure_reason, failure_message, obstructed_since, id, name)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)
      ON CONFLICT (id) DO UPDATE SET first_attempt_at = ?1, last_success_at = ?2, first_failed_at = ?3,
        last_failed_at = ?4, failure_count = ?5, failure_reason = ?6, failure_message = ?7,
        obstructed_since = ?8
      """, in: database)
    update.bind(history.firstAttemptAt)
    update.bind(history.lastSuccessAt)
    update.bind(history.failing?.firstFailedAt)
    update.bind(history.failing?.lastFailedAt)
    update.bind(history.failing?.count ?? 0)
    update.bind(history.failing?.reason.rawValue)
    update.bind(history.failing?.message)
    update.bind(history.failing?.obstructedSince)
    update.bind(organization.rawValue)
    try update.run()
  }

  func save(profile: [UInt8], of organization: OrganizationID) throws {
    var insert = try SQLQuery(
      "INSERT INTO usage_profiles (organization_id, body) VALUES (?1, ?2) ON CONFLICT (organization_id) DO UPDATE SET body = ?2",
      in: database)
    insert.bind(organization.rawValue)
    insert.bind(profile)
    try insert.run()
  }

  func organizations() throws -> [StoredOrganization] {
    // Organizations that are only registered have neither been tried nor read.
    var query = try SQLQuery(
      """
      SELECT o.id, o.name, \(Self.historyColumns), \(Self.monthColumns), p.body
      FROM organizations o
      LEFT JOIN organization_months m ON m.organization_id = o.id
        AND m.month = (SELECT max(month) FROM organization_months WHERE organization_id = o.id)
      LEFT JOIN snapshots s ON s.id = m.snapshot_id
      LEFT JOIN usage_profiles p ON p.organization_id = o.id
      WHERE o.first_attempt_at IS NOT NULL OR m.month IS NOT NULL
      ORDER BY o.id
      """, in: database)
    var found: [StoredOrganization] = []
    while try query.next() {
      let id = OrganizationID(query.text(0))
      let monthStart = 2 + Self.historyColumnCount
      found.append(
        StoredOrganization(
          id: id, name: query.text(1), history: try Self.history(query, from: 2),
          latest: query.isNull(monthStart) ? nil : try Self.month(query, of: id, from: monthStart),
          profile: query.isNull(monthStart + 9) ? nil : query.blob(monthStart + 9)))
    }
    return found
  }

  /// What ``history(_:from:)`` reads, of `organizations o`.
  static let historyColumns =
    "o.first_attempt_at, o.last_success_at, o.first_failed_at, o.last_failed_at, o.failure_count, o.failure_reason, "
    + "o.failure_message, o.obstructed_since"
  static let historyColumnCount: Int32 = 8

  static func history(_ row: borrowing SQLQuery, from first: Int32) throws -> PollHistory {
    var history = PollHistory(
      firstAttemptAt: try row.optionalTime(first), lastSuccessAt: try row.optionalTime(first + 1))
    let count = row.integer(first + 4)
    guard count > 0 else { return history }
    history.failing = FailureStreak(
      firstFailedAt: try row.time(first + 2), lastFailedAt: try row.time(first + 3), count: count,
      reason: try row.word(first + 5, ReadingFailure.Reason.self), message: row.text(first + 6),
      obstructedSince: try row.optionalTime(first + 7))
    return history
  }
}
