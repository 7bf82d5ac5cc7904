internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func deadLetters() throws -> [DeadLetter] { try deadLetters("d.dismissed_at IS NULL").reversed() }

  func unannouncedDeadLetters() throws -> [DeadLetter] {
    try deadLetters("d.dismissed_at IS NULL AND d.announced = 0")
  }

  /// Oldest first.
  private func deadLetters(_ condition: String) throws -> [DeadLetter] {
    var letters: [(id: MessageID, notifier: NotifierID, diedAt: Date, reason: String, events: [Event])] = []
    try visit(
      """
      SELECT d.message_id, d.notifier, d.died_at, coalesce(d.last_answer, ''), e.body
      FROM deliveries d INDEXED BY deliveries_dead
      LEFT JOIN notices told ON told.delivery_id = d.id
      LEFT JOIN notices n ON n.id = told.id OR (n.superseded_by = told.event_id AND n.notifier = told.notifier)
      LEFT JOIN events e ON e.id = n.event_id
      WHERE d.status = 'dead' AND \(condition) ORDER BY d.id, n.id
      """
    ) { row in
      let (id, notifier): (MessageID, NotifierID) = (try row.next(), try row.next())
      let (diedAt, reason): (Date, String) = (try row.next(), try row.next())
      if letters.last.map({ $0.id != id || $0.notifier != notifier }) ?? true {
        letters.append((id, notifier, diedAt, reason, []))
      }
      if let event: Event = try row.next() { letters[letters.count - 1].events.append(event) }
    }
    return letters.map {
      DeadLetter(message: $0.id, notifier: $0.notifier, diedAt: $0.diedAt, reason: $0.reason, events: $0.events)
    }
  }

  func noteAnnounced(_ letter: DeadLetter) throws {
    try run(
      "UPDATE deliveries SET announced = 1 WHERE message_id = ? AND notifier = ? AND status = 'dead'",
      letter.message, letter.notifier)
  }
}
