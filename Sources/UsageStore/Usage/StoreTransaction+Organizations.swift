internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func register(_ organizations: [Organization]) throws {
    let known = try names(of: organizations.map(\.id))
    for organization in organizations where known[organization.id] != organization.name {
      try run(
        "INSERT INTO organizations (id, name) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET name = ?2",
        organization.id, organization.name)
    }
  }

  private func names(of organizations: [OrganizationID]) throws -> [OrganizationID: String] {
    var names: [OrganizationID: String] = [:]
    try visit(
      "SELECT o.id, o.name FROM json_each(?) j CROSS JOIN organizations o ON o.id = j.value", JSONEach(organizations)
    ) { row in names[try row.next()] = try row.next() }
    return names
  }

  func save(_ history: PollHistory, of organization: OrganizationID) throws {
    let failing = history.failing
    try run(
      """
      INSERT INTO organizations (first_attempt_at, last_success_at, first_failed_at, last_failed_at, failure_count,
        failure_reason, failure_message, obstructed_since, id, name, gap_from, gap_to)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11)
      ON CONFLICT (id) DO UPDATE SET first_attempt_at = ?1, last_success_at = ?2, first_failed_at = ?3,
        last_failed_at = ?4, failure_count = ?5, failure_reason = ?6, failure_message = ?7,
        obstructed_since = ?8, gap_from = ?10, gap_to = ?11
      """,
      history.firstAttemptAt, history.lastSuccessAt, failing?.firstFailedAt, failing?.lastFailedAt,
      failing?.count ?? 0, failing?.reason, failing?.message, failing?.obstructedSince, organization,
      history.gap?.from, history.gap?.to)
  }

  func save(profile: [UInt8], of organization: OrganizationID) throws {
    try run(
      """
      INSERT INTO usage_profiles (organization_id, body) VALUES (?1, ?2)
      ON CONFLICT (organization_id) DO UPDATE SET body = ?2
      """,
      organization, profile)
  }

  func organizations() throws -> [StoredOrganization] {
    try rows(Self.organizationsSQL(of: "organizations o"), row: Self.organization)
  }

  func organizations(_ ids: [OrganizationID]) throws -> [StoredOrganization] {
    try rows(
      Self.organizationsSQL(of: "json_each(?) j CROSS JOIN organizations o ON o.id = j.value"), JSONEach(ids),
      row: Self.organization)
  }

  /// Organizations that are only registered have neither been tried nor read.
  private static func organizationsSQL(of table: String) -> String {
    """
      SELECT o.id, o.name, \(historyColumns), p.body, \(monthColumns)
      FROM \(table)
      LEFT JOIN organization_months m ON m.organization_id = o.id
        AND m.month = (SELECT max(month) FROM organization_months WHERE organization_id = o.id)
      LEFT JOIN snapshots s ON \(latest("s"))
      LEFT JOIN usage_profiles p ON p.organization_id = o.id
      WHERE o.first_attempt_at IS NOT NULL OR m.month IS NOT NULL
      ORDER BY o.id
    """
  }

  private static func organization(_ row: inout RowReader) throws -> StoredOrganization {
    let id: OrganizationID = try row.next()
    let (name, history): (String, PollHistory) = (try row.next(), try history(&row))
    let profile: [UInt8]? = try row.next()
    return StoredOrganization(
      id: id, name: name, history: history, latest: row.isAtNull ? nil : try month(&row, of: id), profile: profile)
  }

  /// What ``history(_:)`` reads, of `organizations o`.
  static let historyColumns =
    "o.first_attempt_at, o.last_success_at, o.failure_count, o.first_failed_at, o.last_failed_at, o.failure_reason, "
    + "o.failure_message, o.obstructed_since, o.gap_from, o.gap_to"

  static func history(_ row: inout RowReader) throws -> PollHistory {
    var history = PollHistory(firstAttemptAt: try row.next(), lastSuccessAt: try row.next())
    let count: Int64 = try row.next()
    let (first, last): (Date?, Date?) = (try row.next(), try row.next())
    let (reason, message): (ReadingFailure.Reason?, String?) = (try row.next(), try row.next())
    let obstructedSince: Date? = try row.next()
    let (from, to): (Date?, Date?) = (try row.next(), try row.next())
    if let from, let to { history.gap = Gap(from: from, to: to) }
    if let first, let last, let reason, let message {
      history.failing = FailureStreak(
        firstFailedAt: first, lastFailedAt: last, count: count, reason: reason, message: message,
        obstructedSince: obstructedSince)
    }
    return history
  }
}
