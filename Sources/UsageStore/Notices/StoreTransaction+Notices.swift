internal import FoundationEssentials
internal import GRDB
internal import QuotaCore

extension StoreTransaction {
  func enqueue(_ events: [Event], _ notices: [Notice]) throws {
    try insert(events)
    try insert(notices)
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

  private func insert(_ notices: [Notice]) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO notices (event_id, notifier, subject, organization_id, transition, state, hold, since)
      VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?) ON CONFLICT (event_id, notifier) DO NOTHING
      """, in: database)
    for notice in notices {
      insert.bind(notice.event.id.rawValue)
      insert.bind(notice.notifier.rawValue)
      insert.bind(notice.event.subject)
      insert.bind(notice.event.organization?.rawValue ?? "")
      insert.bind(notice.event.transition.rawValue)
      if case .waiting(let hold) = notice.state { insert.bind(hold?.rawValue) } else { insert.bind(String?.none) }
      insert.bind(notice.since)
      try insert.run()
    }
  }

  func queue(_ delivery: Delivery, of events: [EventID]) throws {
    try insert(delivery)
    var update = try SQLQuery(
      """
      UPDATE notices SET state = 'queued', hold = NULL,
        delivery_id = (SELECT id FROM deliveries WHERE message_id = ?1 AND notifier = ?2)
      WHERE event_id = ?3 AND notifier = ?2 AND state = 'waiting'
      """, in: database)
    for event in events {
      update.bind(delivery.message.rawValue)
      update.bind(delivery.notifier.rawValue)
      update.bind(event.rawValue)
      try update.run()
    }
  }

  func withdraw(_ message: MessageID, for notifier: NotifierID) throws {
    for change in [
      """
      UPDATE notices SET state = 'waiting', hold = NULL, delivery_id = NULL WHERE delivery_id =
        (SELECT id FROM deliveries WHERE message_id = ?1 AND notifier = ?2 AND status <> 'delivered')
      """,
      """
      UPDATE deliveries SET status = 'withdrawn', died_at = NULL, dismissed_at = NULL, dismissed_by = NULL
      WHERE message_id = ?1 AND notifier = ?2 AND status <> 'delivered'
      """,
    ] {
      var update = try SQLQuery(change, in: database)
      update.bind(message.rawValue)
      update.bind(notifier.rawValue)
      try update.run()
    }
  }

  func hold(_ notice: Notice, _ hold: Hold) throws {
    var update = try SQLQuery(
      "UPDATE notices SET hold = ? WHERE event_id = ? AND notifier = ? AND state = 'waiting'", in: database)
    update.bind(hold.rawValue)
    update.bind(notice.event.id.rawValue)
    update.bind(notice.notifier.rawValue)
    try update.run()
  }

  func drop(_ notice: Notice, _ reason: DropReason) throws {
    var update = try SQLQuery(
      """
      UPDATE notices SET state = 'dropped', hold = NULL, drop_reason = ?
      WHERE event_id = ? AND notifier = ? AND state = 'waiting'
      """, in: database)
    update.bind(reason.rawValue)
    update.bind(notice.event.id.rawValue)
    update.bind(notice.notifier.rawValue)
    try update.run()
  }

  func event(_ id: EventID) throws -> Event? {
    var query = try SQLQuery("SELECT body FROM events WHERE id = ?", in: database)
    query.bind(id.rawValue)
    return try query.next() ? try Self.event(query, 0) : nil
  }

  static func event(_ row: borrowing SQLQuery, _ column: Int32) throws -> Event {
    guard let event = StoredJSON.value(Event.self, row.bytes(column)) else { throw row.unreadable("an event", column) }
    return event
  }

  func notifiersWithWaitingNotices() throws -> [NotifierID] {
    var query = try SQLQuery(
      "SELECT DISTINCT notifier FROM notices INDEXED BY notices_waiting WHERE state = 'waiting' ORDER BY notifier",
      in: database)
    var notifiers: [NotifierID] = []
    while try query.next() { notifiers.append(NotifierID(query.text(0))) }
    return notifiers
  }

  func notifiersTold(of subject: String) throws -> [NotifierID] {
    var query = try SQLQuery(
      """
      SELECT DISTINCT notifier FROM notices
      WHERE subject = ? AND transition = 'firing' AND state <> 'dropped' ORDER BY notifier
      """, in: database)
    query.bind(subject)
    var notifiers: [NotifierID] = []
    while try query.next() { notifiers.append(NotifierID(query.text(0))) }
    return notifiers
  }

  func waitingNotices(for notifier: NotifierID) throws -> [Notice] {
    var query = try SQLQuery(
      """
      SELECT \(Self.noticeColumns) FROM notices n INDEXED BY notices_waiting JOIN events e ON e.id = n.event_id
      LEFT JOIN deliveries d ON d.id = n.delivery_id
      WHERE n.notifier = ? AND n.state = 'waiting' ORDER BY n.id
      """, in: database)
    query.bind(notifier.rawValue)
    return try Self.notices(&query)
  }

  func pendingMessages(for notifier: NotifierID) throws -> [PendingMessage] {
    var query = try SQLQuery(
      """
      SELECT \(Self.noticeColumns), d.attempts, d.last_answer IS NOT NULL
      FROM deliveries d INDEXED BY deliveries_pending
      CROSS JOIN notices n INDEXED BY notices_by_delivery ON n.delivery_id = d.id
      CROSS JOIN events e ON e.id = n.event_id
      WHERE d.status = 'pending' AND d.notifier = ? ORDER BY d.id, n.id
      """, in: database)
    query.bind(notifier.rawValue)
    var messages: [(id: MessageID, attempts: Int, isAnswered: Bool, notices: [Notice])] = []
    while try query.next() {
      let id = MessageID(rawValue: query.text(5))
      if messages.last?.id != id { messages.append((id, Int(query.integer(7)), query.integer(8) != 0, [])) }
      messages[messages.count - 1].notices.append(try Self.notice(query))
    }
    return messages.map {
      PendingMessage(message: $0.id, attempts: $0.attempts, isAnswered: $0.isAnswered, notices: $0.notices)
    }
  }

  func notices(of organization: OrganizationID, limit: Int) throws -> [Notice] {
    var query = try SQLQuery(
      """
      SELECT \(Self.noticeColumns) FROM notices n INDEXED BY notices_by_organization
      JOIN events e ON e.id = n.event_id LEFT JOIN deliveries d ON d.id = n.delivery_id
      WHERE n.organization_id = ? ORDER BY n.id DESC LIMIT ?
      """, in: database)
    query.bind(organization.rawValue)
    query.bind(Int64(limit))
    return try Self.notices(&query)
  }

  private static let noticeColumns = "e.body, n.notifier, n.state, n.hold, n.drop_reason, d.message_id, n.since"

  private static func notices(_ query: inout SQLQuery) throws -> [Notice] {
    var notices: [Notice] = []
    while try query.next() { notices.append(try notice(query)) }
    return notices
  }

  private static func notice(_ row: borrowing SQLQuery) throws -> Notice {
    Notice(
      event: try event(row, 0), notifier: NotifierID(row.text(1)), state: try state(row), since: try row.time(6))
  }

  private static func state(_ row: borrowing SQLQuery) throws -> Notice.State {
    switch row.text(2) {
    case "waiting": .waiting(row.isNull(3) ? nil : try row.word(3, Hold.self))
    case "queued": .queued(MessageID(rawValue: row.text(5)))
    case "dropped": .dropped(try row.word(4, DropReason.self))
    default: throw row.unreadable("a notice's state", 2)
    }
  }
}
