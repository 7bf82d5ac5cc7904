internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func health(of notifier: NotifierID) throws -> ChannelHealth {
    try first(
      """
      SELECT failures, last_attempt_at, rests_until, disabled_at, disabled_reason, configuration
      FROM channels WHERE notifier = ?
      """,
      notifier
    ) { row in
      var health = ChannelHealth(
        failures: try row.next(), lastAttemptAt: try row.next(), restsUntil: try row.next())
      let (since, reason): (Date?, String?) = (try row.next(), try row.next())
      health.configuration = try row.next()
      if let since {
        health.disabled = ChannelHealth.Disabled(since: since, reason: reason ?? "")
      }
      return health
    } ?? ChannelHealth()
  }

  func save(_ health: ChannelHealth, of notifier: NotifierID) throws {
    let disabled = health.disabled
    try run(
      """
      INSERT INTO channels (notifier, failures, last_attempt_at, rests_until, disabled_at, disabled_reason, configuration)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (notifier) DO UPDATE SET failures = ?2, last_attempt_at = ?3, rests_until = ?4, disabled_at = ?5,
        disabled_reason = ?6, configuration = ?7
      """,
      notifier, health.failures, health.lastAttemptAt, health.restsUntil, disabled?.since, disabled?.reason,
      health.configuration)
  }

  func forgetChannels(except configured: Set<NotifierID>) throws -> [NotifierID] {
    let gone: [NotifierID] = try column("SELECT notifier FROM channels ORDER BY notifier").filter {
      !configured.contains($0)
    }
    for notifier in gone { try run("DELETE FROM channels WHERE notifier = ?", notifier) }
    return gone
  }

  func installation() throws -> String {
    guard let name: String = try value("SELECT name FROM installation") else {
      throw StoreError.damaged("the database does not say which it is: see `quotawatch db check`")
    }
    return name
  }
}
