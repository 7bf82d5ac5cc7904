internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func openKeyRefusal() throws -> KeyRefusal? {
    var query = try SQLQuery("SELECT body FROM key_refusals WHERE ended_at IS NULL", in: database)
    guard try query.next() else { return nil }
    guard let refusal = StoredJSON.value(KeyRefusal.self, query.bytes(0)) else {
      throw query.unreadable("a refusal of every key", 0)
    }
    return refusal
  }

  func open(_ refusal: KeyRefusal) throws {
    var insert = try SQLQuery("INSERT INTO key_refusals (began_at, body) VALUES (?, ?)", in: database)
    insert.bind(refusal.since)
    insert.bind(try StoredJSON.text(refusal))
    try insert.run()
  }

  func closeKeyRefusal(at time: Date) throws {
    var update = try SQLQuery("UPDATE key_refusals SET ended_at = ? WHERE ended_at IS NULL", in: database)
    update.bind(time)
    try update.run()
  }
}
