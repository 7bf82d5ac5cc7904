internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  /// How many snapshots one call removes at most, so that a first call after years does not hold one huge transaction.
  static let thinningLimit = 100_000

  /// Thins up to ``thinningLimit`` snapshots. It remembers up to which UTC day everything is thinned: months that were
  /// not read since are not looked at again.
  func thinSnapshots(lastSeenBefore time: Date) throws -> Int {
    let stored = try thinnedBefore()
    guard time != stored else { return 0 }
    // A clock that was ahead has gone farther than there was time.
    let since = stored < time ? stored : .distantPast
    let removed = try removeSnapshots(since: since, before: time)
    if removed < Self.thinningLimit { try saveThinned(before: startOfDay(time)) }
    return removed
  }

  private func removeSnapshots(since: Date, before time: Date) throws -> Int {
    let months: [BillingMonth] = try column("SELECT DISTINCT month FROM organization_months")
    let ends = Dictionary(uniqueKeysWithValues: months.map { ($0, monthEnds.end(of: $0)) })
    // Of two snapshots last seen on the same day, the one that was made later was first seen before that day's end: 'U'
    // follows the 'T' of every time of that day. One that was stored out of turn by a wrong clock is left.
    //
    // What a month had come to by its end is what came later is told from: its end parts a day as midnight does.
    return try run(
      """
      DELETE FROM snapshots WHERE (organization_id, month, first_seen_at, id) IN (
        WITH ends AS MATERIALIZED (SELECT key AS month, value AS at FROM json_each(?4))
        SELECT s.organization_id, s.month, s.first_seen_at, s.id
        FROM organization_months m
        CROSS JOIN ends ON ends.month = m.month
        CROSS JOIN snapshots latest ON \(Self.latest("latest")) AND latest.last_seen_at >= ?1
        CROSS JOIN snapshots s ON s.organization_id = m.organization_id AND s.month = m.month
          AND s.first_seen_at < ?2
          AND s.first_seen_at >= coalesce((
            SELECT max(first_seen_at) FROM snapshots
            WHERE organization_id = m.organization_id AND month = m.month AND first_seen_at <= ?1), '')
        WHERE s.last_seen_at >= ?1 AND s.last_seen_at < ?2 AND s.id <> m.snapshot_id
          AND NOT EXISTS (SELECT 1 FROM closings WHERE snapshot_id = s.id)
          AND EXISTS (
            SELECT 1 FROM snapshots n
            WHERE n.organization_id = s.organization_id AND n.month = s.month
              AND n.first_seen_at BETWEEN s.first_seen_at AND substr(s.last_seen_at, 1, 10) || 'U'
              AND substr(n.last_seen_at, 1, 10) = substr(s.last_seen_at, 1, 10) AND n.last_seen_at < ?2
              AND n.id > s.id AND (n.first_seen_at <= ends.at) = (s.first_seen_at <= ends.at))
        LIMIT ?3)
      """,
      since, time, Self.thinningLimit, JSONEach(ends))
  }

  private func thinnedBefore() throws -> Date {
    try value("SELECT thinned_before FROM thinning WHERE id = 1") ?? .distantPast
  }

  private func saveThinned(before time: Date) throws {
    try run(
      "INSERT INTO thinning (id, thinned_before) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET thinned_before = ?1",
      time)
  }

  private func startOfDay(_ time: Date) -> Date {
    Date(timeIntervalSince1970: (time.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
  }
}
