internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension SQLiteStore {
  /// Looks for damage and for rows that contradict each other: one line a problem, none if all is well. Changes nothing;
  /// a run may be active.
  package static func check(path: String) throws -> [String] {
    let file = try DatabaseFile(path)
    do {
      let queue = try openForReading(file)
      let exposure = file.exposure.map { [$0] } ?? []
      return try exposure + queue.read { try problems(in: $0, path: file.path) }
    } catch {
      guard case StoreError.damaged(let line) = StoreFailure.translate(error, path: file.path) else {
        throw StoreFailure.translate(error, path: file.path)
      }
      return [line]
    }
  }

  /// That others than its owner can change a database, and what to do; nil if they cannot.
  package static func exposure(ofDatabase path: String) -> String? { (try? DatabaseFile(path))?.exposure }

  static func problems(in database: Database, path: String) throws -> [String] {
    // Tables and their indices are gone over side by side.
    try Connection.keepManyPages(database)
    // A damaged file makes wrong rows: they would only hide the cause.
    let damage = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
    guard damage.isEmpty else { return damage.map { "the file is damaged: \($0)" } }
    return try invariants.flatMap { sql in try String.fetchAll(database, sql: "\(sql) LIMIT \(most)") }
      + unreadableAlerts(in: StoreTransaction(database: database, monthEnds: MonthEnds(in: .gmt)))
  }

  /// How many problems of one kind are listed.
  private static let most = 20

  /// The alerts of which something is not what this program writes.
  private static func unreadableAlerts(in transaction: StoreTransaction) throws -> [String] {
    var problems: [String] = []
    try transaction.visit("SELECT a.rule, a.organization_id, \(StoreTransaction.alertColumns) FROM alerts a") { row in
      let (rule, organization): (String, String) = (try row.next(), try row.next())
      do {
        _ = try StoreTransaction.alert(&row)
      } catch let error as UnreadableValue {
        guard problems.count < most else { return }
        problems.append(
          "the alert of rule \(rule) on organization \(organization): its \(error.column) cannot be read")
      }
    }
    return problems
  }

  private static let time =
    "[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]Z"

  /// Queries for a line on each row that breaks a rule. SQLite's own check leaves CHECK constraints out on a connection
  /// that only reads.
  private static let invariants = [
    "SELECT 'a row of ' || \"table\" || ' refers to a missing row of ' || parent FROM pragma_foreign_key_check",
    """
    SELECT 'organization ' || m.organization_id || ', month ' || m.month || ': its latest snapshot '
      || m.snapshot_id || ' is missing or belongs to another month'
    FROM organization_months m
    LEFT JOIN snapshots s ON \(StoreTransaction.latest("s"))
    WHERE s.id IS NULL
    """,
    """
    SELECT 'organization ' || s.organization_id || ', month ' || s.month || ': snapshot ' || s.id
      || ' was made after the month''s latest'
    FROM organization_months m
    CROSS JOIN snapshots s ON s.organization_id = m.organization_id AND s.month = m.month
      AND s.id > m.snapshot_id
    """,
    """
    SELECT 'snapshot ' || id || ': its number is above the last that was given' FROM snapshots
    WHERE id > coalesce((SELECT snapshot_id FROM last_snapshot), 0)
    """,
    """
    SELECT 'organization ' || organization_id || ', month ' || month || ': has snapshots and no latest one'
    FROM (SELECT DISTINCT organization_id, month FROM snapshots EXCEPT
      SELECT organization_id, month FROM organization_months)
    """,
    """
    SELECT 'snapshot ' || id || ': "' || first_seen_at || '" or "' || last_seen_at || '" is not a time' FROM snapshots
    WHERE first_seen_at NOT GLOB '\(time)' OR last_seen_at NOT GLOB '\(time)'
    """,
    """
    SELECT 'snapshot ' || id || ': its counters are below 0 or it was last seen before it was first seen' FROM snapshots
    WHERE pages < 0 OR conversions < 0 OR last_seen_at < first_seen_at
    """,
    """
    SELECT 'organization ' || organization_id || ', month ' || month || ': its quota is below 0' FROM organization_months
    WHERE quota_pages < 0 OR quota_conversions < 0
    """,
    """
    SELECT 'event ' || id || ': its body is not the event''s' FROM events
    WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.id') IS NOT id ELSE TRUE END
    """,
  ]
}
