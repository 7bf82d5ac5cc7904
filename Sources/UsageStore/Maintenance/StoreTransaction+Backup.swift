internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func note(_ backup: Backup) throws {
    try run(
      """
      INSERT INTO last_backup (id, made_at, path) VALUES (1, ?1, ?2)
      ON CONFLICT (id) DO UPDATE SET made_at = ?1, path = ?2
      """,
      backup.madeAt, backup.path)
  }

  func extent() throws -> StoredExtent {
    StoredExtent(
      snapshots: try value("SELECT count(*) FROM snapshots") ?? 0,
      firstMonth: try value("SELECT month FROM organization_months ORDER BY month LIMIT 1"))
  }

  func lastBackup() throws -> Backup? {
    try first("SELECT made_at, path FROM last_backup") { Backup(madeAt: try $0.next(), path: try $0.next()) }
  }
}
