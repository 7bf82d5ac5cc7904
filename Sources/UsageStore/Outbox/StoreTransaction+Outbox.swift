internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension StoreTransaction {
  func insert(_ delivery: Delivery) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO deliveries (message_id, notifier, channel, payload, urgency, status, attempts, queued_at,
        last_attempt_at, last_answer, remark, died_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message_id, notifier) DO UPDATE
      SET status = 'pending', queued_at = excluded.queued_at WHERE status = 'withdrawn'
      """, in: database)
    insert.bind(delivery.message.rawValue)
    insert.bind(delivery.notifier.rawValue)
    insert.bind(delivery.channel)
    insert.bind(delivery.payload)
    insert.bind(Int64(delivery.urgency))
    insert.bind(delivery.status.rawValue)
    insert.bind(Int64(delivery.attempts))
    insert.bind(delivery.queuedAt)
    insert.bind(delivery.lastAttemptAt)
    insert.bind(delivery.lastAnswer)
    insert.bind(delivery.remark)
    insert.bind(delivery.diedAt)
    try insert.run()
  }

  func update(_ delivery: Delivery) throws {
    var update = try SQLQuery(
      """
      UPDATE deliveries SET status = ?1, attempts = ?2, queued_at = ?3, last_attempt_at = ?4, last_answer = ?5,
        died_at = ?6, dismissed_at = ?7, dismissed_by = ?8, remark = ?9, announced = announced AND ?1 = 'dead'
      WHERE message_id = ?10 AND notifier = ?11
      """, in: database)
    update.bind(delivery.status.rawValue)
    update.bind(Int64(delivery.attempts))
    update.bind(delivery.queuedAt)
    update.bind(delivery.lastAttemptAt)
    update.bind(delivery.lastAnswer)
    update.bind(delivery.diedAt)
    update.bind(delivery.dismissal?.at)
    update.bind(delivery.dismissal?.by)
    update.bind(delivery.remark)
    update.bind(delivery.message.rawValue)
    update.bind(delivery.notifier.rawValue)
    try update.run()
    guard database.changesCount == 1 else {
      throw StoreError.unusable(
        "there is no delivery of \(delivery.message) to \(delivery.notifier): see `quotawatch notify list`")
    }
  }

  func nextDelivery(for notifier: NotifierID, urgentFirst: Bool) throws -> Delivery? {
    var query = try SQLQuery(
      """
      SELECT \(Self.deliveryColumns) FROM deliveries d INDEXED BY deliveries_pending
      WHERE status = 'pending' AND notifier = ?1 AND NOT EXISTS (
        SELECT 1 FROM notices own INDEXED BY notices_by_delivery
        CROSS JOIN notices older INDEXED BY notices_by_subject
          ON older.subject = own.subject AND older.notifier = ?1 AND older.delivery_id < d.id
        CROSS JOIN deliveries before ON before.id = older.delivery_id AND before.status = 'pending'
        WHERE own.delivery_id = d.id)
      ORDER BY \(urgentFirst ? "urgency DESC, id" : "id") LIMIT 1
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
    "message_id, notifier, channel, payload, urgency, status, attempts, queued_at, last_attempt_at, last_answer, died_at, "
    + "dismissed_at, dismissed_by, remark"

  private static func deliveries(_ query: inout SQLQuery) throws -> [Delivery] {
    var deliveries: [Delivery] = []
    while try query.next() {
      var delivery = Delivery(
        message: MessageID(rawValue: query.text(0)), notifier: NotifierID(query.text(1)), channel: query.text(2),
        payload: query.blob(3), urgency: Int(query.integer(4)), status: try query.word(5, Delivery.Status.self),
        attempts: Int(query.integer(6)), queuedAt: try query.time(7), lastAttemptAt: try query.optionalTime(8),
        lastAnswer: query.optionalText(9), remark: query.optionalText(13),
        diedAt: try query.optionalTime(10))
      if let at = try query.optionalTime(11) { delivery.dismissal = Delivery.Dismissal(at: at, by: query.text(12)) }
      deliveries.append(delivery)
    }
    return deliveries
  }
}
