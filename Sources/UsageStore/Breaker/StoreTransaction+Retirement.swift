internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func openRetirementHold() throws -> RetirementHold? {
    var query = try SQLQuery("SELECT body FROM retirement_holds WHERE settled_at IS NULL", in: database)
    guard try query.next() else { return nil }
    guard let hold = StoredJSON.value(RetirementHold.self, query.bytes(0)) else { throw query.unreadable("an edit", 0) }
    return hold
  }

  func open(_ hold: RetirementHold) throws {
    var insert = try SQLQuery("INSERT INTO retirement_holds (body) VALUES (?)", in: database)
    insert.bind(try StoredJSON.text(hold))
    try insert.run()
  }

  func closeRetirementHold(at time: Date) throws {
    var update = try SQLQuery("UPDATE retirement_holds SET settled_at = ? WHERE settled_at IS NULL", in: database)
    update.bind(time)
    try update.run()
  }

  func lastFiring(of subject: String) throws -> Event? {
    var query = try SQLQuery(
      """
      SELECT e.body FROM notices n INDEXED BY notices_by_subject JOIN events e ON e.id = n.event_id
      WHERE n.subject = ? AND n.transition = 'firing' ORDER BY n.id DESC LIMIT 1
      """, in: database)
    query.bind(subject)
    return try query.next() ? try Self.event(query, 0) : nil
  }
}
