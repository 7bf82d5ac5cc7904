internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func enqueue(_ events: [Event], _ notices: [Notice]) throws {
    try events.forEach(insert)
    try notices.forEach(insert)
  }

  private func insert(_ event: Event) throws {
    try run(
      """
      INSERT INTO events (id, organization_id, month, rule, metric, occurred_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO NOTHING
      """,
      event.id, OrEmpty(event.organization), OrEmpty(event.month), event.rule, OrEmpty(event.metric), event.occurredAt,
      event)
  }

  private func insert(_ notice: Notice) throws {
    let event = notice.event
    var hold: Hold?
    if case .waiting(let reason) = notice.state { hold = reason }
    try run(
      """
      INSERT INTO notices (event_id, notifier, subject, organization_id, transition, state, hold, since)
      VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?) ON CONFLICT (event_id, notifier) DO UPDATE
      SET state = 'waiting', hold = excluded.hold, drop_reason = NULL, since = excluded.since
      WHERE state = 'dropped' AND drop_reason = 'notifier_gone'
      """,
      event.id, notice.notifier, event.subject, OrEmpty(event.organization), event.transition, hold, notice.since)
  }

  func takeUpUnwatched(_ subject: String, since time: Date) throws {
    try run(
      """
      UPDATE notices SET state = 'waiting', drop_reason = NULL
      WHERE subject = ? AND transition = 'firing' AND state = 'dropped' AND drop_reason = 'no_longer_watched'
        AND event_id IN (SELECT id FROM events WHERE occurred_at >= ?)
      """,
      subject, time)
  }

  func queue(_ delivery: Delivery, of events: [EventID]) throws {
    try insert(delivery)
    for event in events {
      try run(
        """
        UPDATE notices SET state = 'queued', hold = NULL,
          delivery_id = (SELECT id FROM deliveries WHERE message_id = ?1 AND notifier = ?2)
        WHERE event_id = ?3 AND notifier = ?2 AND state = 'waiting'
        """,
        delivery.message, delivery.notifier, event)
    }
  }

  func withdraw(_ message: MessageID, for notifier: NotifierID) throws {
    try run(
      """
      UPDATE notices SET state = 'waiting', drop_reason = NULL, superseded_by = NULL
      WHERE notifier = ?2 AND superseded_by IN (
        SELECT event_id FROM notices WHERE delivery_id =
          (SELECT id FROM deliveries WHERE message_id = ?1 AND notifier = ?2 AND status <> 'delivered'))
      """,
      message, notifier)
    try run(
      """
      UPDATE notices SET state = 'waiting', hold = NULL, delivery_id = NULL WHERE delivery_id =
        (SELECT id FROM deliveries WHERE message_id = ?1 AND notifier = ?2 AND status <> 'delivered')
      """,
      message, notifier)
    try run(
      """
      UPDATE deliveries SET status = 'withdrawn', died_at = NULL, dismissed_at = NULL, dismissed_by = NULL
      WHERE message_id = ?1 AND notifier = ?2 AND status <> 'delivered'
      """,
      message, notifier)
  }

  func hold(_ notice: Notice, _ hold: Hold) throws {
    try run(
      "UPDATE notices SET hold = ? WHERE event_id = ? AND notifier = ? AND state = 'waiting'",
      hold, notice.event.id, notice.notifier)
  }

  func drop(_ notice: Notice, _ reason: DropReason, for newer: EventID?) throws {
    try run(
      """
      UPDATE notices SET state = 'dropped', hold = NULL, drop_reason = ?, superseded_by = ?
      WHERE event_id = ? AND notifier = ? AND state = 'waiting'
      """,
      reason, newer, notice.event.id, notice.notifier)
  }

  func event(_ id: EventID) throws -> Event? { try value("SELECT body FROM events WHERE id = ?", id) }

  func notifiersWithWaitingNotices() throws -> [NotifierID] {
    try column(
      "SELECT DISTINCT notifier FROM notices INDEXED BY notices_waiting WHERE state = 'waiting' ORDER BY notifier")
  }

  func notifiersNotified(of subject: String) throws -> [NotifierID] {
    try column(
      """
      SELECT DISTINCT notifier FROM notices
      WHERE subject = ? AND transition = 'firing' AND state <> 'dropped' ORDER BY notifier
      """,
      subject)
  }

  func firingsTold(of subject: String, to notifier: NotifierID) throws -> [(message: MessageID, event: Event)] {
    try rows(
      """
      SELECT d.message_id, e.body FROM notices n INDEXED BY notices_by_subject
      CROSS JOIN deliveries d ON d.id = n.delivery_id CROSS JOIN events e ON e.id = n.event_id
      WHERE n.subject = ? AND n.notifier = ? AND n.transition = 'firing' ORDER BY n.id DESC
      """,
      subject, notifier
    ) { row in (message: try row.next(), event: try row.next()) }
  }

  func endsTold(of subject: String, to notifier: NotifierID) throws -> [Event] {
    try column(
      """
      SELECT e.body FROM notices n INDEXED BY notices_by_subject
      CROSS JOIN deliveries d ON d.id = n.delivery_id CROSS JOIN events e ON e.id = n.event_id
      WHERE n.subject = ? AND n.notifier = ? AND d.status = 'delivered'
        AND n.transition IN ('resolved', 'expired', 'retired')
      """,
      subject, notifier)
  }

  func waitingNotices(for notifier: NotifierID) throws -> [Notice] {
    try rows(
      """
      SELECT \(Self.noticeColumns) FROM notices n INDEXED BY notices_waiting JOIN events e ON e.id = n.event_id
      LEFT JOIN deliveries d ON d.id = n.delivery_id
      WHERE n.notifier = ? AND n.state = 'waiting' ORDER BY n.id
      """,
      notifier, row: Self.notice)
  }

  func pendingMessages(for notifier: NotifierID) throws -> [PendingMessage] {
    var messages: [(id: MessageID, attempts: Int, isAnswered: Bool, queuedAt: Date, notices: [Notice])] = []
    try visit(
      """
      SELECT d.message_id, d.attempts, NOT d.may_have_arrived, d.queued_at, \(Self.noticeColumns)
      FROM deliveries d INDEXED BY deliveries_pending
      CROSS JOIN notices n INDEXED BY notices_by_delivery ON n.delivery_id = d.id
      CROSS JOIN events e ON e.id = n.event_id
      WHERE d.status = 'pending' AND d.notifier = ? ORDER BY d.id, n.id
      """,
      notifier
    ) { row in
      let (id, attempts): (MessageID, Int) = (try row.next(), try row.next())
      let (isAnswered, queuedAt): (Bool, Date) = (try row.next(), try row.next())
      if messages.last?.id != id { messages.append((id, attempts, isAnswered, queuedAt, [])) }
      messages[messages.count - 1].notices.append(try Self.notice(&row))
    }
    return messages.map {
      PendingMessage(
        message: $0.id, attempts: $0.attempts, isAnswered: $0.isAnswered, queuedAt: $0.queuedAt, notices: $0.notices)
    }
  }

  func notices(of organization: OrganizationID, limit: Int) throws -> [Notice] {
    try rows(
      """
      SELECT \(Self.noticeColumns) FROM notices n INDEXED BY notices_by_organization
      JOIN events e ON e.id = n.event_id LEFT JOIN deliveries d ON d.id = n.delivery_id
      WHERE n.organization_id = ? ORDER BY n.id DESC LIMIT ?
      """,
      organization, limit, row: Self.notice)
  }

  /// What ``notice(_:)`` reads, of `notices n` and its event and delivery. Each state has one detail.
  private static let noticeColumns =
    "e.body, n.notifier, n.since, n.state, coalesce(n.hold, n.drop_reason, d.message_id) AS detail"

  private static func notice(_ row: inout RowReader) throws -> Notice {
    let (event, notifier, since): (Event, NotifierID, Date) = (try row.next(), try row.next(), try row.next())
    let state: Notice.State =
      switch try row.next(NoticeState.self) {
      case .waiting: .waiting(try row.next())
      case .queued: .queued(try row.next())
      case .dropped: .dropped(try row.next())
      }
    return Notice(event: event, notifier: notifier, state: state, since: since)
  }
}

private enum NoticeState: String, SQLText {
  case waiting, queued, dropped
}
