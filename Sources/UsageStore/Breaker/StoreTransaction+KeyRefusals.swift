internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func openKeyRefusal() throws -> KeyRefusal? { try value("SELECT body FROM key_refusals WHERE ended_at IS NULL") }

  func open(_ refusal: KeyRefusal) throws {
    try run("INSERT INTO key_refusals (began_at, body) VALUES (?, ?)", refusal.since, refusal)
  }

  func closeKeyRefusal(at time: Date) throws {
    try run("UPDATE key_refusals SET ended_at = ? WHERE ended_at IS NULL", time)
  }
}
