internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension Session {
  func insert(_ delivery: Delivery) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO deliveries (message_id, notifier, payload, status, attempts, queued_at, next_attempt_at,
        last_attempt_at, last_answer, remark)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message_id, notifier) DO NOTHING
      """, in: database)
    insert.bind(delivery.message.rawValue)
    insert.bind(delivery.notifier.rawValue)
    insert.bind(delivery.payload)
    insert.bind(delivery.status.rawValue)
    insert.bind(Int64(delivery.attempts))
    insert.bind(delivery.queuedAt)
    insert.bind(delivery.nextAttemptAt)
    insert.bind(delivery.lastAttemptAt)
    insert.bind(delivery.lastAnswer)
    insert.bind(delivery.remark)
    try insert.run()
  }

  func update(_ delivery: Delivery) throws {
    var update = try SQLQuery(
      """
      UPDATE deliveries SET status = ?, attempts = ?, next_attempt_at = ?, last_attempt_at = ?, last_answer = ?,
        remark = ?
      WHERE message_id = ? AND notifier = ?
      """, in: database)
    update.bind(delivery.status.rawValue)
    update.bind(Int64(delivery.attempts))
    update.bind(delivery.nextAttemptAt)
    update.bind(delivery.lastAttemptAt)
    update.bind(delivery.lastAnswer)
    update.bind(delivery.remark)
    update.bind(delivery.message.rawValue)
    update.bind(delivery.notifier.rawValue)
    try update.run()
    guard database.changesCount == 1 else {
      throw StoreError.unusable(
        "there is no delivery of \(delivery.message) to \(delivery.notifier): see `quotawatch notify list`")
    }
  }

  func nextDelivery(for notifier: NotifierID) throws -> Delivery? {
    var query = try SQLQuery(
      """
      SELECT \(Self.deliveryColumns) FROM deliveries d INDEXED BY deliveries_by_time
      WHERE status = 'pending' AND notifier = ?1 AND NOT EXISTS (
        SELECT 1 FROM notices own INDEXED BY notices_by_delivery
        CROSS JOIN notices older INDEXED BY notices_by_subject
          ON older.subject = own.subject AND older.notifier = ?1 AND older.delivery_id < d.id
        CROSS JOIN deliveries before ON before.id = older.delivery_id AND before.status = 'pending'
        WHERE own.delivery_id = d.id)
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

  func deliveries(of messageOrEvent: String) throws -> [Delivery] {
    var query = try SQLQuery(
      """
      SELECT \(Self.deliveryColumns) FROM deliveries
      WHERE message_id = ?1 OR id IN (SELECT delivery_id FROM notices WHERE event_id = ?1) ORDER BY notifier, id
      """, in: database)
    query.bind(messageOrEvent)
    return try Self.deliveries(&query)
  }

  func lastDelivered(to notifier: NotifierID) throws -> Delivery? {
    var query = try SQLQuery(
      """
      SELECT \(Self.deliveryColumns) FROM deliveries WHERE notifier = ? AND status = 'delivered' ORDER BY id DESC LIMIT 1
      """, in: database)
    query.bind(notifier.rawValue)
    return try Self.deliveries(&query).first
  }

  func pendingDeliveryCount() throws -> Int {
    var query = try SQLQuery("SELECT count(*) FROM deliveries WHERE status = 'pending'", in: database)
    return try query.next() ? Int(query.integer(0)) : 0
  }

  private static let deliveryColumns =
    "message_id, notifier, payload, status, attempts, queued_at, next_attempt_at, last_attempt_at, last_answer, remark"

  private static func deliveries(_ query: inout SQLQuery) throws -> [Delivery] {
    var deliveries: [Delivery] = []
    while try query.next() {
      deliveries.append(
        Delivery(
          message: MessageID(rawValue: query.text(0)), notifier: NotifierID(query.text(1)), payload: query.blob(2),
          status: try query.word(3, Delivery.Status.self), attempts: Int(query.integer(4)),
          queuedAt: try query.time(5), nextAttemptAt: try query.time(6), lastAttemptAt: try query.optionalTime(7),
          lastAnswer: query.optionalText(8), remark: query.optionalText(9)))
    }
    return deliveries
  }
}
