internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension Session {
  func enqueue(_ events: [Event], _ deliveries: [Delivery]) throws {
    try insert(events)
    try insert(deliveries)
  }

  private func insert(_ events: [Event]) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO events (id, organization_id, month, rule, metric, occurred_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO NOTHING
      """, in: database)
    for event in events {
      insert.bind(event.id.rawValue)
      insert.bind(event.organization?.rawValue ?? "")
      insert.bind(event.month?.description ?? "")
      insert.bind(event.rule.rawValue)
      insert.bind(event.metric?.rawValue ?? "")
      insert.bind(event.occurredAt)
      insert.bind(try StoredJSON.text(event))
      try insert.run()
    }
  }

  private func insert(_ deliveries: [Delivery]) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO deliveries (event_id, notifier, payload, status, attempts, queued_at, next_attempt_at,
        last_attempt_at, last_answer, subject)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
        (SELECT organization_id || '/' || month || '/' || rule || '/' || metric FROM events WHERE id = ?1))
      ON CONFLICT (event_id, notifier) DO NOTHING
      """, in: database)
    for delivery in deliveries {
      insert.bind(delivery.event.rawValue)
      insert.bind(delivery.notifier.rawValue)
      insert.bind(delivery.payload)
      insert.bind(delivery.status.rawValue)
      insert.bind(Int64(delivery.attempts))
      insert.bind(delivery.queuedAt)
      insert.bind(delivery.nextAttemptAt)
      insert.bind(delivery.lastAttemptAt)
      insert.bind(delivery.lastAnswer)
      try insert.run()
    }
  }

  func update(_ delivery: Delivery) throws {
    var update = try SQLQuery(
      """
      UPDATE deliveries SET status = ?, attempts = ?, next_attempt_at = ?, last_attempt_at = ?, last_answer = ?
      WHERE event_id = ? AND notifier = ?
      """, in: database)
    update.bind(delivery.status.rawValue)
    update.bind(Int64(delivery.attempts))
    update.bind(delivery.nextAttemptAt)
    update.bind(delivery.lastAttemptAt)
    update.bind(delivery.lastAnswer)
    update.bind(delivery.event.rawValue)
    update.bind(delivery.notifier.rawValue)
    try update.run()
    guard database.changesCount == 1 else {
      throw StoreError.unusable(
        "there is no delivery of \(delivery.event) to \(delivery.notifier): see `quotawatch notify list`")
    }
  }

  func event(_ id: EventID) throws -> Event? {
    var query = try SQLQuery("SELECT body FROM events WHERE id = ?", in: database)
    query.bind(id.rawValue)
    guard try query.next() else { return nil }
    guard let event = StoredJSON.value(Event.self, query.bytes(0)) else { throw query.unreadable("an event", 0) }
    return event
  }

  func nextDelivery(for notifier: NotifierID) throws -> Delivery? {
    var query = try SQLQuery(
      """
      SELECT \(Self.deliveryColumns) FROM deliveries d INDEXED BY deliveries_by_time
      WHERE status = 'pending' AND notifier = ?1 AND NOT EXISTS (
        SELECT 1 FROM deliveries older INDEXED BY deliveries_by_subject
        WHERE older.status = 'pending' AND older.notifier = ?1 AND older.subject = d.subject AND older.id < d.id)
      ORDER BY next_attempt_at, id LIMIT 1
      """, in: database)
    query.bind(notifier.rawValue)
    return try Self.deliveries(&query).first
  }

  func deliveries(_ statuses: Set<Delivery.Status>) throws -> [Delivery] {
    var query = try SQLQuery(
      """
      SELECT \(Self.deliveryColumns) FROM deliveries WHERE status IN (\(Self.words(statuses))) ORDER BY id DESC
      """, in: database)
    return try Self.deliveries(&query)
  }

  func deliveries(of event: EventID) throws -> [Delivery] {
    var query = try SQLQuery(
      "SELECT \(Self.deliveryColumns) FROM deliveries WHERE event_id = ? ORDER BY notifier", in: database)
    query.bind(event.rawValue)
    return try Self.deliveries(&query)
  }

  func pendingDeliveryCount() throws -> Int {
    var query = try SQLQuery("SELECT count(*) FROM deliveries WHERE status = 'pending'", in: database)
    return try query.next() ? Int(query.integer(0)) : 0
  }

  private static let deliveryColumns =
    "event_id, notifier, payload, status, attempts, queued_at, next_attempt_at, last_attempt_at, last_answer"

  private static func deliveries(_ query: inout SQLQuery) throws -> [Delivery] {
    var deliveries: [Delivery] = []
    while try query.next() {
      deliveries.append(
        Delivery(
          event: EventID(rawValue: query.text(0)), notifier: NotifierID(query.text(1)), payload: query.blob(2),
          status: try query.word(3, Delivery.Status.self), attempts: Int(query.integer(4)),
          queuedAt: try query.time(5), nextAttemptAt: try query.time(6), lastAttemptAt: try query.optionalTime(7),
          lastAnswer: query.optionalText(8)))
    }
    return deliveries
  }
}
