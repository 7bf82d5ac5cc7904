internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func silences(endingAfter time: Date?) throws -> [Silence] {
    try rows(
      """
      SELECT id, organization_id, rule, starts_at, ends_at, reason, created_by FROM silences
      WHERE ends_at > ? ORDER BY id
      """,
      time ?? .distantPast
    ) { row in
      Silence(
        id: try row.next(), organization: try row.next(), rule: try row.next(), from: try row.next(),
        until: try row.next(), reason: try row.next(), createdBy: try row.next())
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

  func removeSilence(_ id: Int64) throws -> Bool { try run("DELETE FROM silences WHERE id = ?", id) > 0 }
}
