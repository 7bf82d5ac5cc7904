import FoundationEssentials
import QuotaCore

/// Ends what fires and is not watched any more, so that no incident stays open for ever. Before an edit ends a great part
/// of it, the operator is told, and nothing is closed for a day: a truncated file must not close every incident.
struct Retirement: Sendable {
  let rules: [Rule]
  let organizations: [ConfiguredOrganization]
  let billingTimeZone: TimeZone
  let breaker: Breaker
  let routing: Routing

  /// - Returns: what there is to tell.
  func apply(run: Int64, to writer: any StoreWriter, now: Date) throws -> [Event] {
    let keys = try writer.alertKeys([.firing, .pending])
    let watch = Watch(
      rules, organizations.lazy.map(\.organization), over: keys, in: BillingMonth(containing: now, in: billingTimeZone))
    // Mostly all of them are watched, and reading what they rest on takes long.
    let isAllWatched = keys.allSatisfy { watch.obstacle(to: $0) == nil }
    let open = isAllWatched ? [] : try writer.alerts([.firing, .pending])
    let unwatched = open.compactMap { alert in watch.obstacle(to: alert.key).map { (alert: alert, obstacle: $0) } }
    let affected = Set(unwatched.map(\.alert).filter { $0.status == .firing }.map(\.key.organization))
    if let hold = try writer.openRetirementHold() {
      let isAhead = hold.since > now
      guard affected.isEmpty || isAhead || hold.isOver(at: now) else { return [] }
      try writer.closeRetirementHold(at: now)
      if isAhead, !affected.isEmpty {
        try writer.open(hold.beginning(at: now))
        return []
      }
    } else if watch.isSuspicious(retiring: affected, by: breaker) {
      let hold = RetirementHold(
        run: run, since: now, affected: Int64(affected.count), compared: watch.compared(with: affected))
      try writer.open(hold)
      try routing.enqueue(hold.event, nil, in: writer, now: now)
      return [hold.event]
    }
    try retire(unwatched, among: open, in: writer, now: now)
    return []
  }

  private func retire(
    _ unwatched: [(alert: Alert, obstacle: String)], among open: [Alert], in writer: any StoreWriter, now: Date
  ) throws {
    let pending = unwatched.map(\.alert).filter { $0.status == .pending }
    try writer.forget(pending.filter { $0.episode == 0 }.map(\.key))
    try writer.save(pending.filter { $0.episode > 0 }.map { $0.ended(.resolved, at: now, because: $0.reason) })
    let firing = unwatched.filter { $0.alert.status == .firing }
    try writer.save(firing.map { $0.alert.ended(.retired, at: now, because: $0.obstacle) })
    let retired = Set(firing.map(\.alert.key))
    let staying = Dictionary(
      grouping: open.filter { $0.status == .firing && !retired.contains($0.key) }, by: \.key.subject)
    for (subject, group) in Dictionary(grouping: firing, by: \.alert.key.subject).sorted(by: { $0.key < $1.key }) {
      guard let firing = try writer.lastFiring(of: subject),
        let event = firing.retired(
          group.map(\.alert), left: staying[subject] ?? [], because: group[0].obstacle, at: now)
      else { continue }
      try routing.enqueue(event, nil, in: writer, now: now)
    }
  }
}

extension Alert {
  fileprivate func ended(_ status: Status, at now: Date, because reason: String) -> Alert {
    var ended = self
    ended.status = status
    ended.changedAt = now
    ended.reason = reason
    ended.pending = nil
    ended.acknowledgement = nil
    return ended
  }
}

extension Event {
  /// What ends the incident that this firing has opened, or a part of it.
  ///
  /// - Parameter left: the alerts of the subject that fire on.
  fileprivate func retired(_ alerts: [Alert], left: [Alert], because reason: String, at now: Date) -> Event? {
    let ranked = alerts.sorted { ($0.evidence.threshold ?? 0) < ($1.evidence.threshold ?? 0) }
    guard let headline = ranked.last else { return nil }
    var event = self
    event.id = EventID(rawValue: "\(headline.key)/retired/\(headline.episode)/\(now.milliseconds)")
    event.transition = .retired
    event.level = headline.key.level
    event.crossed = ranked.compactMap(\.key.level)
    event.firing = left.sorted { ($0.evidence.threshold ?? 0) < ($1.evidence.threshold ?? 0) }.compactMap(\.key.level)
    event.episode = headline.episode
    event.reason = reason
    event.evidence = headline.evidence
    event.occurredAt = now
    event.possibleRepetitionSince = nil
    return event
  }
}
