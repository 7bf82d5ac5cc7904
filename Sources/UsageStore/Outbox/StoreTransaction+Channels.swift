internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func health(of notifier: NotifierID) throws -> ChannelHealth {
    var query = try SQLQuery(
      """
      SELECT failures, last_attempt_at, rests_until, disabled_at, disabled_reason, configuration
      FROM channels WHERE notifier = ?
      """, in: database)
    query.bind(notifier.rawValue)
    guard try query.next() else { return ChannelHealth() }
    let disabled = try query.optionalTime(3).map {
      ChannelHealth.Disabled(since: $0, reason: query.text(4), configuration: query.text(5))
    }
    return ChannelHealth(
      failures: Int(query.integer(0)), lastAttemptAt: try query.optionalTime(1), restsUntil: try query.optionalTime(2),
      disabled: disabled)
  }

  func save(_ health: ChannelHealth, of notifier: NotifierID) throws {
    var upsert = try SQLQuery(
      """
      INSERT INTO channels (notifier, failures, last_attempt_at, rests_until, disabled_at, disabled_reason, configuration)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (notifier) DO UPDATE SET failures = ?2, last_attempt_at = ?3, rests_until = ?4, disabled_at = ?5,
        disabled_reason = ?6, configuration = ?7
      """, in: database)
    upsert.bind(notifier.rawValue)
    upsert.bind(Int64(health.failures))
    upsert.bind(health.lastAttemptAt)
    upsert.bind(health.restsUntil)
    upsert.bind(health.disabled?.since)
    upsert.bind(health.disabled?.reason)
    upsert.bind(health.disabled?.configuration)
    try upsert.run()
  }

  func installation() throws -> String {
    var query = try SQLQuery("SELECT name FROM installation", in: database)
    guard try query.next() else {
      throw StoreError.damaged("the database does not say which it is: see `quotawatch db check`")
    }
    return query.text(0)
  }
}
