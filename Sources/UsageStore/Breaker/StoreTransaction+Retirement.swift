internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func openRetirementHold() throws -> RetirementHold? {
    try value("SELECT body FROM retirement_holds WHERE settled_at IS NULL")
  }

  func open(_ hold: RetirementHold) throws { try run("INSERT INTO retirement_holds (body) VALUES (?)", hold) }

  func closeRetirementHold(at time: Date) throws {
    try run("UPDATE retirement_holds SET settled_at = ? WHERE settled_at IS NULL", time)
  }

  func lastFiring(of subject: String) throws -> Event? {
    try value(
      """
      SELECT e.body FROM notices n INDEXED BY notices_by_subject JOIN events e ON e.id = n.event_id
      WHERE n.subject = ? AND n.transition = 'firing' ORDER BY n.id DESC LIMIT 1
      """,
      subject)
  }
}
