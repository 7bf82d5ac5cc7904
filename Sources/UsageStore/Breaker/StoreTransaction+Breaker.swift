internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func openBreakerTrip() throws -> BreakerTrip? {
    var query = try SQLQuery("SELECT body FROM breaker_trips WHERE settled_at IS NULL", in: database)
    guard try query.next() else { return nil }
    guard let trip = StoredJSON.value(BreakerTrip.self, query.bytes(0)) else { throw query.unreadable("a doubt", 0) }
    return trip
  }

  func open(_ trip: BreakerTrip) throws {
    var insert = try SQLQuery("INSERT INTO breaker_trips (tripped_at, body) VALUES (?, ?)", in: database)
    insert.bind(trip.trippedAt)
    insert.bind(try StoredJSON.text(trip))
    try insert.run()
  }

  func closeBreakerTrip(_ settlement: BreakerTrip.Settlement, at time: Date) throws {
    var update = try SQLQuery(
      "UPDATE breaker_trips SET settled_at = ?, outcome = ? WHERE settled_at IS NULL", in: database)
    update.bind(time)
    update.bind(settlement.rawValue)
    try update.run()
  }

  func doubts() throws -> [Doubt] {
    var query = try SQLQuery("SELECT body FROM doubts ORDER BY organization_id, month", in: database)
    var doubts: [Doubt] = []
    while try query.next() {
      guard let doubt = StoredJSON.value(Doubt.self, query.bytes(0)) else { throw query.unreadable("a doubt", 0) }
      doubts.append(doubt)
    }
    return doubts
  }

  func save(_ doubt: Doubt) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO doubts (organization_id, month, body) VALUES (?1, ?2, ?3)
      ON CONFLICT (organization_id, month) DO UPDATE SET body = ?3
      """, in: database)
    insert.bind(doubt.organization.rawValue)
    insert.bind(doubt.month.description)
    insert.bind(try StoredJSON.text(doubt))
    try insert.run()
  }

  func remove(_ doubt: Doubt) throws {
    var delete = try SQLQuery("DELETE FROM doubts WHERE organization_id = ? AND month = ?", in: database)
    delete.bind(doubt.organization.rawValue)
    delete.bind(doubt.month.description)
    try delete.run()
  }
}
