internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  private static let actColumns = "id, acted_at, acted_by, way, kind, organizations, objects, words"

  func acts(before id: Int64?, limit: Int) throws -> [Act] {
    try rows(
      "SELECT \(Self.actColumns) FROM acts WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2", id, limit,
      row: Self.act)
  }

  func act(_ id: Int64) throws -> Act? {
    try first("SELECT \(Self.actColumns) FROM acts WHERE id = ?", id, row: Self.act)
  }

  func act(for key: String) throws -> (act: Act, digest: String)? {
    try first("SELECT \(Self.actColumns), request_digest FROM acts WHERE request_key = ?", key) { row in
      (act: try Self.act(&row), digest: try row.next())
    }
  }

  func lastActID() throws -> Int64 { try value("SELECT id FROM acts ORDER BY id DESC LIMIT 1") ?? 0 }

  func append(_ act: Act, for request: RequestKey?) throws -> Int64 {
    try run(
      "UPDATE acts SET request_key = NULL, request_digest = NULL WHERE request_key IS NOT NULL AND acted_at < ?",
      act.at - RequestKey.life)
    return try insert(
      """
      INSERT INTO acts (acted_at, acted_by, way, kind, organizations, objects, words, request_key, request_digest)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      act.at, act.by, act.way, act.kind, StoredTexts(act.organizations.map(\.rawValue)), StoredTexts(act.objects),
      act.words,
      request?.key, request?.digest)
  }

  func reword(_ id: Int64, _ words: String) throws {
    try run("UPDATE acts SET words = ? WHERE id = ?", words, id)
  }

  private static func act(_ row: inout RowReader) throws -> Act {
    let (id, at, by): (Int64, Date, String) = (try row.next(), try row.next(), try row.next())
    let (way, kind): (Act.Way, Act.Kind) = (try row.next(), try row.next())
    let (organizations, objects): (StoredTexts, StoredTexts) = (try row.next(), try row.next())
    return Act(
      id: id, at: at, by: by, way: way, kind: kind, organizations: organizations.texts.map { OrganizationID($0) },
      objects: objects.texts, words: try row.next())
  }
}
