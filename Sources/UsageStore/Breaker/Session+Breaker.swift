internal import FoundationEssentials
internal import QuotaCore

extension Session {
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

  func closeBreakerTrip(confirmed: Bool, at time: Date) throws {
    var update = try SQLQuery(
      "UPDATE breaker_trips SET settled_at = ?, outcome = ? WHERE settled_at IS NULL", in: database)
    update.bind(time)
    update.bind(confirmed ? "confirmed" : "denied")
    try update.run()
  }
}
