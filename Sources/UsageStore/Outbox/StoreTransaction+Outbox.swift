internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func insert(_ delivery: Delivery) throws {
    try run(
      """
      INSERT INTO deliveries (message_id, notifier, channel, payload, urgency, status, attempts, queued_at,
        last_attempt_at, last_answer, remark, died_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message_id, notifier) DO UPDATE
      SET status = 'pending', queued_at = excluded.queued_at WHERE status = 'withdrawn'
      """,
      delivery.message, delivery.notifier, delivery.channel, delivery.payload, delivery.urgency, delivery.status,
      delivery.attempts, delivery.queuedAt, delivery.lastAttemptAt, delivery.lastAnswer, delivery.remark,
      delivery.diedAt)
  }

  func update(_ delivery: Delivery) throws {
    let changes = try run(
      """
      UPDATE deliveries SET status = ?1, attempts = ?2, queued_at = ?3, last_attempt_at = ?4, last_answer = ?5,
        died_at = ?6, dismissed_at = ?7, dismissed_by = ?8, remark = ?9, may_have_arrived = ?12,
        payload = ?13, arrived_in_part = ?14, announced = announced AND ?1 = 'dead'
      WHERE message_id = ?10 AND notifier = ?11
      """,
      delivery.status, delivery.attempts, delivery.queuedAt, delivery.lastAttemptAt, delivery.lastAnswer,
      delivery.diedAt, delivery.dismissal?.at, delivery.dismissal?.by, delivery.remark, delivery.message,
      delivery.notifier, delivery.mayHaveArrived, delivery.payload, delivery.hasArrivedInPart)
    guard changes == 1 else {
      throw StoreError.unusable(
        "there is no delivery of \(delivery.message) to \(delivery.notifier): see `quotawatch notify list`")
    }
  }

  func nextDelivery(for notifier: NotifierID, urgentFirst: Bool, except: Set<MessageID>) throws -> Delivery? {
    try first(
      """
      SELECT \(Self.deliveryColumns) FROM deliveries d INDEXED BY deliveries_pending
      WHERE status = 'pending' AND notifier = ?1 AND message_id NOT IN (SELECT value FROM json_each(?2))
        AND NOT EXISTS (
        SELECT 1 FROM notices own INDEXED BY notices_by_delivery
        CROSS JOIN notices older INDEXED BY notices_by_subject
          ON older.subject = own.subject AND older.notifier = ?1 AND older.delivery_id < d.id
        CROSS JOIN deliveries before
          ON before.id = older.delivery_id AND before.status = 'pending' AND NOT before.arrived_in_part
        WHERE own.delivery_id = d.id)
      ORDER BY \(urgentFirst ? "urgency DESC, id" : "id") LIMIT 1
      """,
      notifier, JSONLiteral.list(except.map { .text($0.rawValue) }).line, row: Self.delivery)
  }

  func deliveries(_ statuses: Set<Delivery.Status>) throws -> [Delivery] {
    try rows(
      """
      SELECT \(Self.deliveryColumns) FROM deliveries WHERE status IN (\(Self.words(statuses))) ORDER BY id DESC
      """,
      row: Self.delivery)
  }

  func deliveries(of messageOrEvent: String) throws -> [Delivery] {
    try rows(
      """
      SELECT \(Self.deliveryColumns) FROM deliveries
      WHERE message_id = ?1 OR id IN (SELECT delivery_id FROM notices WHERE event_id = ?1) ORDER BY notifier, id
      """,
      messageOrEvent, row: Self.delivery)
  }

  func lastDelivered(to notifier: NotifierID) throws -> Delivery? {
    try first(
      """
      SELECT \(Self.deliveryColumns) FROM deliveries WHERE notifier = ? AND status = 'delivered' ORDER BY id DESC LIMIT 1
      """,
      notifier, row: Self.delivery)
  }

  func pendingDeliveryCount() throws -> Int {
    try value("SELECT count(*) FROM deliveries WHERE status = 'pending'") ?? 0
  }

  func backlog(of notifier: NotifierID) throws -> Backlog {
    let dead: Int? = try value(
      """
      SELECT count(*) FROM deliveries INDEXED BY deliveries_dead
      WHERE status = 'dead' AND dismissed_at IS NULL AND notifier = ?
      """,
      notifier)
    return try first(
      """
      SELECT count(DISTINCT d.id), min(n.since)
      FROM deliveries d INDEXED BY deliveries_pending
      LEFT JOIN notices n INDEXED BY notices_by_delivery ON n.delivery_id = d.id
      WHERE d.status = 'pending' AND d.notifier = ?
      """,
      notifier
    ) { row in Backlog(pending: try row.next(), oldest: try row.next(), dead: dead ?? 0) }
      ?? Backlog(pending: 0, oldest: nil, dead: dead ?? 0)
  }

  private static let deliveryColumns =
    "message_id, notifier, channel, payload, urgency, status, attempts, queued_at, last_attempt_at, last_answer, remark, "
    + "died_at, may_have_arrived, arrived_in_part, dismissed_at, dismissed_by"

  private static func delivery(_ row: inout RowReader) throws -> Delivery {
    var delivery = Delivery(
      message: try row.next(), notifier: try row.next(), channel: try row.next(), payload: try row.next(),
      urgency: try row.next(), status: try row.next(), attempts: try row.next(), queuedAt: try row.next(),
      lastAttemptAt: try row.next(), lastAnswer: try row.next(), remark: try row.next(), diedAt: try row.next())
    delivery.mayHaveArrived = try row.next()
    delivery.hasArrivedInPart = try row.next()
    if let at: Date = try row.next() { delivery.dismissal = Delivery.Dismissal(at: at, by: try row.next()) }
    return delivery
  }
}
