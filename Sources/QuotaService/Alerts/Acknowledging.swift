import FoundationEssentials
package import QuotaCore

/// Records that somebody has taken charge of alerts.
package struct AcknowledgeAlerts: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let channels: Channels
  let world: World
  let log: ActLog

  /// What an alert showed to who acts on it.
  package struct Seen: Sendable {
    fileprivate let episode: String
    fileprivate let mark: String?

    /// - Parameters:
    ///   - episode: which firing it was, as a number.
    ///   - mark: of its acknowledgement; nil for none.
    package init(episode: String, mark: String?) { (self.episode, self.mark) = (episode, mark) }
  }

  /// Takes note that somebody has taken charge of firing alerts: no reminders are sent until then, and channels that keep
  /// incidents are told: at once, or by the run that is active.
  ///
  /// - Parameters:
  ///   - id: an alert as `quotawatch alerts` shows it, or the part that several levels share.
  ///   - seen: what it showed; nil takes it as it is.
  ///   - by: who, as they are called on their machine.
  ///   - span: for how long; nil until the alert ends.
  ///   - budget: for how long channels are told, in seconds; nil leaves that to others.
  /// - Returns: the alerts that are acknowledged now.
  /// - Throws: `usage` for one that does not fire, fires again, or is acknowledged by somebody else than it showed.
  package func callAsFunction(
    _ id: String, seen: Seen? = nil, by: String, for span: TimeSpan?, note: String?, budget: Double?
  ) async throws -> [Alert] {
    let now = world.now()
    try checkLine(by, "--by")
    if let note { try checkLine(note, "--note") }
    let acknowledgement = Acknowledgement(by: by, at: now, until: span.map { now + $0 }, note: note)
    return try await database.writing { store in
      let alerts = try await store.write { [routing = channels.routing, messageQueue = channels.messageQueue] writer in
        try world.warnOfClock(writer, at: now)
        let known = try writer.alerts([.firing]).filter { log.author.mayAct(on: $0.key.organization) }
        let chosen = known.filter { $0.key.description == id || $0.key.description.hasPrefix(id + "/") }
        guard !chosen.isEmpty else { throw ServiceError(.usage, notFiring(id, known)) }
        try seen?.check(chosen, id, at: now)
        let acknowledged = chosen.map { alert in
          var next = alert
          next.acknowledgement = acknowledgement
          return next
        }
        try writer.save(acknowledged)
        for event in acknowledged.compactMap({ event($0, acknowledgement) }) {
          try routing.enqueue(event, nil, in: writer, now: now)
        }
        _ = try messageQueue.fill(in: writer, now: now)
        let end = acknowledgement.until.map { "until \($0.iso8601)" } ?? "until it ends"
        try record(
          .acknowledge, "acknowledged \(Self.names(chosen, as: id)) \(end)\(remark(by, note))", chosen, in: writer)
        return acknowledged
      }
      if let budget {
        _ = try await database.unlessRunning { try await channels.send(from: store, budget: budget) }
      }
      return alerts
    }
  }

  /// Takes acknowledgements back: what then still fires is told again by the next run, once.
  ///
  /// - Parameter seen: what the alert showed; nil takes it as it is.
  /// - Returns: the alerts that are not acknowledged any more.
  package func undo(_ id: String, seen: Seen? = nil) async throws -> [Alert] {
    let now = world.now()
    return try await database.writing { store in
      try await store.write { writer in
        let known = try writer.alerts([.firing]).filter {
          $0.isAcknowledged(at: now) && log.author.mayAct(on: $0.key.organization)
        }
        let chosen = known.filter { $0.key.description == id || $0.key.description.hasPrefix(id + "/") }
        guard !chosen.isEmpty else {
          throw ServiceError(
            .usage,
            "no alert \"\(id)\" is acknowledged" + suggestion(for: id, among: Set(known.map(\.key.description))))
        }
        try seen?.check(chosen, id, at: now)
        let open = chosen.map { alert in
          var next = alert
          next.acknowledgement = alert.acknowledgement.map {
            Acknowledgement(by: $0.by, at: min($0.at, now), until: now, note: $0.note)
          }
          return next
        }
        try writer.save(open)
        try record(.unacknowledge, "took the acknowledgement of \(Self.names(chosen, as: id)) back", chosen, in: writer)
        return open
      }
    }
  }

  /// What was meant: an alert, or so many of some organizations.
  private static func names(_ alerts: [Alert], as id: String) -> String {
    guard alerts.count > 1 || alerts.first?.key.description != id else { return id }
    let organizations = Set(alerts.map(\.key.organization.rawValue)).sorted()
    let others = organizations.count - shownOrganizations
    let names = organizations.prefix(shownOrganizations).joined(separator: ", ")
    return "\(id) (\(alerts.count.counted("alert")) of \(names)\(others > 0 ? " and \(others.grouped) more" : ""))"
  }

  private static let shownOrganizations = 5

  private func record(_ kind: Act.Kind, _ words: String, _ alerts: [Alert], in writer: any StoreWriter) throws {
    try log.note(
      kind, words, of: Set(alerts.map(\.key.organization)).sorted(), objects: alerts.map(\.key.description), in: writer)
  }

  /// What else is to be known of an acknowledgement: for whom it is, if for somebody else, and the note.
  private func remark(_ by: String, _ note: String?) -> String {
    (by == log.author.name ? "" : ", for \(by)") + (note.map { ": \($0)" } ?? "")
  }

  private func notFiring(_ id: String, _ known: [Alert]) -> String {
    "no alert \"\(id)\" fires" + suggestion(for: id, among: Set(known.map(\.key.description)))
      + "; `quotawatch alerts` lists those that do"
  }

  /// Nil for an alert of a rule that is not configured any more: nobody hears of it.
  private func event(_ alert: Alert, _ acknowledgement: Acknowledgement) -> Event? {
    let key = alert.key
    guard let rule = configuration.rules.first(where: { $0.id == key.rule }) else { return nil }
    let organization = configuration.organizations.first { $0.organization.id == key.organization }?.organization
    let moment = Int64((acknowledgement.at.timeIntervalSince1970 * 1_000).rounded())
    return Event(
      id: EventID(rawValue: "\(key)/acknowledged/\(alert.episode)/\(moment)"), transition: .acknowledged,
      rule: key.rule, topic: .rule(rule.kind.type), severity: alert.severity, organization: key.organization,
      organizationName: organization?.name ?? key.organization.rawValue, month: key.month, metric: key.metric,
      level: key.level, crossed: [key.level].compactMap { $0 }, firing: [key.level].compactMap { $0 },
      episode: alert.episode, acknowledgement: acknowledgement, reason: alert.reason, evidence: alert.evidence,
      occurredAt: acknowledgement.at)
  }
}

extension AcknowledgeAlerts.Seen {
  /// - Throws: what has become of the alert with this id, or of another one that is meant with it, meanwhile.
  fileprivate func check(_ alerts: [Alert], _ id: String, at now: Date) throws {
    guard alerts.contains(where: { $0.key.description == id && "\($0.episode)" == episode }) else {
      throw ServiceError(.usage, "it has ended and fires again meanwhile; look at it again")
    }
    for alert in alerts where alert.isAcknowledged(at: now) {
      guard let present = alert.acknowledgement, present.mark != mark else { continue }
      throw ServiceError(.usage, "\(present.by) has acknowledged it meanwhile; look at it again")
    }
  }
}

/// What somebody writes for others to read has to fit on a line, and to look like what it is.
func checkLine(_ text: String, _ option: String) throws {
  guard !text.withoutOuterSpaces.isEmpty, !text.hasControlCharacters, text.unicodeScalars.count <= 500 else {
    throw ServiceError(.usage, "\(option) takes one line of up to 500 characters")
  }
  guard text.visible() == text else {
    throw ServiceError(.usage, "\(option) takes no characters that hide or turn around what stands beside them")
  }
}
