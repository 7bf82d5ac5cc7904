internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func restorations() throws -> [Restoration] {
    try rows("SELECT gap_from, gap_to, path, caught_up FROM restorations ORDER BY id DESC") { row in
      Restoration(
        gap: Gap(from: try row.next(), to: try row.next()), path: try row.next(), isCaughtUp: try row.next())
    }
  }

  func note(_ restoration: Restoration) throws {
    let gap = restoration.gap
    try run(
      "INSERT INTO restorations (gap_from, gap_to, path, caught_up) VALUES (?, ?, ?, ?)", gap.from, gap.to,
      restoration.path, restoration.isCaughtUp)
    // One that was not read since an earlier one is unknown for longer.
    try run("UPDATE organizations SET gap_from = min(coalesce(gap_from, ?1), ?1), gap_to = ?2", gap.from, gap.to)
    try markUntold(since: gap.from)
  }

  /// The last moment at which something was stored that is known of: the last backup, which a copy knows of that was made as
  /// one, the last run, and the last answers.
  func knownUntil() throws -> Date? {
    try value(
      """
      SELECT max(time) FROM (
        SELECT made_at AS time FROM last_backup
        UNION ALL SELECT max(started_at, coalesce(ended_at, '')) FROM runs WHERE id = (SELECT max(id) FROM runs)
        UNION ALL SELECT nullif(max(max(coalesce(last_success_at, ''), coalesce(last_failed_at, ''))), '')
          FROM organizations)
      """)
  }

  func markUntold(since: Date) throws {
    let events: [Event] = try column(
      """
      SELECT body FROM events WHERE id IN (
        SELECT event_id FROM notices INDEXED BY notices_waiting WHERE state = 'waiting'
        UNION SELECT n.event_id FROM deliveries d INDEXED BY deliveries_pending
          CROSS JOIN notices n INDEXED BY notices_by_delivery ON n.delivery_id = d.id WHERE d.status = 'pending')
      """)
    for var event in events where event.possibleRepetitionSince == nil {
      event.possibleRepetitionSince = since
      try run("UPDATE events SET body = ? WHERE id = ?", event, event.id)
    }
  }

  func noteCaughtUp() throws {
    try run("UPDATE restorations SET caught_up = 1 WHERE NOT caught_up")
  }
}
