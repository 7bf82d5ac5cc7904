internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension StoreTransaction {
  func beginRun(at time: Date) throws -> Int64 {
    var insert = try SQLQuery("INSERT INTO runs (started_at) VALUES (?)", in: database)
    insert.bind(time)
    try insert.run()
    return database.lastInsertedRowID
  }

  func endRun(_ id: Int64, _ summary: RunSummary, at time: Date) throws {
    var update = try SQLQuery(
      """
      UPDATE runs SET ended_at = ?, organizations = ?, read = ?, failed = ?, requests = ?, events = ?, delivered = ?,
        pending = ?, dead = ?
      WHERE id = ?
      """, in: database)
    update.bind(time)
    for count in [
      summary.organizations, summary.read, summary.failed, summary.requests, summary.events, summary.delivered,
      summary.pending, summary.dead,
    ] {
      update.bind(Int64(count))
    }
    update.bind(id)
    try update.run()
  }

  func runEnds(in time: ClosedRange<Date>) throws -> [Date] {
    var query = try SQLQuery("SELECT ended_at FROM runs WHERE ended_at BETWEEN ? AND ? ORDER BY ended_at", in: database)
    query.bind(time.lowerBound)
    query.bind(time.upperBound)
    var ends: [Date] = []
    while try query.next() { ends.append(try query.time(0)) }
    return ends
  }

  func latestMoment() throws -> StoredMoment? {
    var query = try SQLQuery(
      """
      SELECT 'run', max(started_at, coalesce(ended_at, '')) FROM runs WHERE id = (SELECT max(id) FROM runs)
      UNION ALL SELECT 'reading', max(max(coalesce(last_success_at, ''), coalesce(last_failed_at, ''))) FROM organizations
      UNION ALL SELECT 'silence', max(starts_at) FROM silences
      UNION ALL SELECT 'message', max(max(queued_at, coalesce(last_attempt_at, ''))) FROM deliveries
        WHERE status = 'pending'
      """, in: database)
    var latest: StoredMoment?
    while try query.next() {
      guard !query.isNull(1), !query.text(1).isEmpty else { continue }
      let moment = StoredMoment(source: try query.word(0, StoredMoment.Source.self), time: try query.time(1))
      if latest.map({ $0.time < moment.time }) ?? true { latest = moment }
    }
    return latest
  }

  func lastRun() throws -> Run? {
    var query = try SQLQuery(
      """
      SELECT id, started_at, ended_at, organizations, read, failed, requests, events, delivered, pending, dead
      FROM runs WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1
      """, in: database)
    guard try query.next() else { return nil }
    var summary = RunSummary()
    summary.organizations = Int(query.integer(3))
    summary.read = Int(query.integer(4))
    summary.failed = Int(query.integer(5))
    summary.requests = Int(query.integer(6))
    summary.events = Int(query.integer(7))
    summary.delivered = Int(query.integer(8))
    summary.pending = Int(query.integer(9))
    summary.dead = Int(query.integer(10))
    return Run(id: query.integer(0), startedAt: try query.time(1), endedAt: try query.time(2), summary: summary)
  }
}
