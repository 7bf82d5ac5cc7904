internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func silences(endingAfter time: Date?) throws -> [Silence] {
    try rows(
      """
      SELECT id, organization_id, rule, starts_at, ends_at, reason, created_by, ended_at, ended_by FROM silences
      WHERE ?1 IS NULL OR (ended_at IS NULL AND ends_at > ?1) ORDER BY id
      """,
      time
    ) { row in
      var silence = Silence(
        id: try row.next(), organization: try row.next(), rule: try row.next(), from: try row.next(),
        until: try row.next(), reason: try row.next(), createdBy: try row.next())
      if let at: Date = try row.next() { silence.ended = Silence.Ending(at: at, by: try row.next()) }
      return silence
    }
  }

  func add(_ silence: Silence) throws -> Int64 {
    try insert(
      """
      INSERT INTO silences (organization_id, rule, starts_at, ends_at, reason, created_by) VALUES (?, ?, ?, ?, ?, ?)
      """,
      silence.organization, silence.rule, silence.from, silence.until, silence.reason, silence.createdBy)
  }

  func move(_ silence: Silence) throws {
    try run(
      "UPDATE silences SET starts_at = ?, ends_at = ? WHERE id = ?", silence.from, silence.until, silence.id)
  }

  func endSilence(_ id: Int64, at time: Date, by: String) throws -> Bool {
    try run(
      "UPDATE silences SET ended_at = ?1, ended_by = ?2 WHERE id = ?3 AND ended_at IS NULL AND ends_at > ?1", time, by,
      id)
      > 0
  }
}
