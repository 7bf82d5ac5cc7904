internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func deadLetters() throws -> [DeadLetter] { try deadLetters("d.dismissed_at IS NULL").reversed() }

  func unannouncedDeadLetters() throws -> [DeadLetter] {
    try deadLetters("d.dismissed_at IS NULL AND d.announced = 0")
  }

  /// Oldest first.
  private func deadLetters(_ condition: String) throws -> [DeadLetter] {
    var query = try SQLQuery(
      """
      SELECT d.message_id, d.notifier, d.died_at, d.last_answer, e.body FROM deliveries d INDEXED BY deliveries_dead
      LEFT JOIN notices n ON n.delivery_id = d.id LEFT JOIN events e ON e.id = n.event_id
      WHERE d.status = 'dead' AND \(condition) ORDER BY d.id, n.id
      """, in: database)
    var letters: [(id: MessageID, notifier: NotifierID, diedAt: Date, reason: String, events: [Event])] = []
    while try query.next() {
      let (id, notifier) = (MessageID(rawValue: query.text(0)), NotifierID(query.text(1)))
      if letters.last.map({ $0.id != id || $0.notifier != notifier }) ?? true {
        letters.append((id, notifier, try query.time(2), query.optionalText(3) ?? "", []))
      }
      if !query.isNull(4) { letters[letters.count - 1].events.append(try Self.event(query, 4)) }
    }
    return letters.map {
      DeadLetter(message: $0.id, notifier: $0.notifier, diedAt: $0.diedAt, reason: $0.reason, events: $0.events)
    }
  }

  func noteAnnounced(_ letter: DeadLetter) throws {
    var update = try SQLQuery(
      "UPDATE deliveries SET announced = 1 WHERE message_id = ? AND notifier = ? AND status = 'dead'", in: database)
    update.bind(letter.message.rawValue)
    update.bind(letter.notifier.rawValue)
    try update.run()
  }
}
