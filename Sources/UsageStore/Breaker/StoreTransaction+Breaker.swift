internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func openBreakerTrip() throws -> BreakerTrip? {
    try value("SELECT body FROM breaker_trips WHERE settled_at IS NULL")
  }

  func open(_ trip: BreakerTrip) throws {
    try run("INSERT INTO breaker_trips (tripped_at, body) VALUES (?, ?)", trip.trippedAt, trip)
  }

  func closeBreakerTrip(_ settlement: BreakerTrip.Ending, at time: Date) throws {
    try run("UPDATE breaker_trips SET settled_at = ?, outcome = ? WHERE settled_at IS NULL", time, settlement)
  }

  func doubts() throws -> [Doubt] { try column("SELECT body FROM doubts ORDER BY organization_id, month") }

  func save(_ doubt: Doubt) throws {
    try run(
      """
      INSERT INTO doubts (organization_id, month, body) VALUES (?1, ?2, ?3)
      ON CONFLICT (organization_id, month) DO UPDATE SET body = ?3
      """,
      doubt.organization, doubt.month, doubt)
  }

  func remove(_ doubt: Doubt) throws {
    try run("DELETE FROM doubts WHERE organization_id = ? AND month = ?", doubt.organization, doubt.month)
  }
}
