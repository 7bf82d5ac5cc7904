internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func beginRun(at time: Date) throws -> Int64 {
    try insert("INSERT INTO runs (started_at) VALUES (?)", time)
  }

  func endRun(_ id: Int64, _ summary: RunSummary, at time: Date) throws {
    try run(
      """
      UPDATE runs SET ended_at = ?, organizations = ?, read = ?, failed = ?, requests = ?, events = ?, delivered = ?,
        pending = ?, dead = ?
      WHERE id = ?
      """,
      time, summary.organizations, summary.read, summary.failed, summary.requests, summary.events, summary.delivered,
      summary.pending, summary.dead, id)
  }

  func exchangeTroubles(of organizations: Set<OrganizationID>, for found: [Trouble]) throws -> Trouble.Change {
    let known = try rows("SELECT subject, organization_id, reason FROM troubles") { row in
      let (subject, organization): (String, String) = (try row.next(), try row.next())
      return Trouble(
        subject, of: organization.isEmpty ? nil : OrganizationID(organization), because: try row.next())
    }
    .filter { $0.organization.map(organizations.contains) ?? true }
    let (before, after) = (Set(known), Set(found))
    for trouble in before.subtracting(after) { try run("DELETE FROM troubles WHERE subject = ?", trouble.subject) }
    for trouble in after.subtracting(before) {
      try run(
        "INSERT OR REPLACE INTO troubles (subject, organization_id, reason) VALUES (?, ?, ?)", trouble.subject,
        OrEmpty(trouble.organization), trouble.reason)
    }
    return Trouble.Change(from: known, to: found)
  }

  func runEnds(in time: ClosedRange<Date>) throws -> [Date] {
    try column(
      "SELECT ended_at FROM runs WHERE ended_at BETWEEN ? AND ? ORDER BY ended_at", time.lowerBound, time.upperBound)
  }

  func latestMoment() throws -> StoredMoment? {
    let moments: [(source: StoredMoment.Source, time: Date?)] = try rows(
      """
      SELECT 'run', nullif(max(started_at, coalesce(ended_at, '')), '') FROM runs WHERE id = (SELECT max(id) FROM runs)
      UNION ALL SELECT 'reading', nullif(max(max(coalesce(last_success_at, ''), coalesce(last_failed_at, ''))), '')
        FROM organizations
      UNION ALL SELECT 'silence', max(starts_at) FROM silences
      UNION ALL SELECT 'message', max(max(queued_at, coalesce(last_attempt_at, ''))) FROM deliveries
        WHERE status = 'pending'
      """
    ) { (try $0.next(), try $0.next()) }
    var latest: StoredMoment?
    for (source, time) in moments {
      if let time, latest.map({ $0.time < time }) ?? true { latest = StoredMoment(source: source, time: time) }
    }
    return latest
  }

  func lastRun() throws -> Run? { try runs(before: nil, limit: 1).first }

  func runs(before id: Int64?, limit: Int) throws -> [Run] {
    try rows(
      """
      SELECT id, started_at, ended_at, organizations, read, failed, requests, events, delivered, pending, dead
      FROM runs WHERE ended_at IS NOT NULL AND id < ? ORDER BY id DESC LIMIT ?
      """,
      id ?? .max, limit
    ) { row in
      let (id, startedAt, endedAt): (Int64, Date, Date) = (try row.next(), try row.next(), try row.next())
      var summary = RunSummary()
      summary.organizations = try row.next()
      summary.read = try row.next()
      summary.failed = try row.next()
      summary.requests = try row.next()
      summary.events = try row.next()
      summary.delivered = try row.next()
      summary.pending = try row.next()
      summary.dead = try row.next()
      return Run(id: id, startedAt: startedAt, endedAt: endedAt, summary: summary)
    }
  }
}
