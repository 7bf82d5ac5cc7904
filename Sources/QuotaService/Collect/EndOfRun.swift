import FoundationEssentials
import QuotaCore

/// What a run does when every organization has been read: judge the figures as a whole, and make messages of what there
/// is to tell. One transaction.
struct EndOfRun: Sendable {
  let breaker: Breaker
  let queue: MessageQueue
  let routing: Routing
  let doubts: DoubtJudgement
  let duplicateKeys: DuplicateKeyJudgement
  let retirement: Retirement

  /// How far back runs say how far apart they usually are.
  private static let lately = TimeSpan.days(7)

  /// - Returns: what there is to tell beside what the run's batches have brought.
  func apply(
    _ scope: BreakerDecision.Scope, _ refusals: RefusalTally, to writer: any StoreWriter, now: Date
  ) throws -> [Event] {
    var events = [try judge(refusals, run: scope.run, in: writer, now: now)].compactMap(\.self)
    events += try decide(scope, in: writer, now: now)
    events += try duplicateKeys.apply(to: writer, now: now)
    events += try retirement.apply(run: scope.run, to: writer, now: now)
    if let restoration = try writer.restorations().first, !restoration.isCaughtUp {
      try writer.markUntold(since: restoration.gap.from)
      try writer.noteCaughtUp()
    }
    _ = try queue.fill(in: writer, now: now)
    return events
  }

  /// Decides on what is in doubt, whichever run has found it.
  private func decide(_ scope: BreakerDecision.Scope, in writer: any StoreWriter, now: Date) throws -> [Event] {
    let (known, trip) = (try writer.doubts(), try writer.openBreakerTrip())
    guard trip != nil || !known.isEmpty else { return [] }
    let decision = BreakerDecision(
      breaker, trip: trip, doubts: known, scope,
      interval: TimeSpan.usualInterval(of: try writer.runEnds(in: (now - Self.lately)...now)), now: now)
    switch decision.outcome {
    case .calm, .undecided: break
    case .tripped(let trip): try writer.open(trip)
    case .confirmed: try writer.closeBreakerTrip(.confirmed, at: now)
    case .denied: try writer.closeBreakerTrip(.denied, at: now)
    case .expired: try writer.closeBreakerTrip(.expired, at: now)
    }
    var events: [Event] = []
    let figures = try doubts.figures(decision.remaining, in: writer, now: now)
    if let event = decision.outcome.event(now: now, doubted: figures) {
      try routing.enqueue(event, nil, in: writer, now: now)
      events.append(event)
    }
    let staying = Set(decision.remaining)
    for doubt in known where !staying.contains(doubt) { try writer.remove(doubt) }
    for doubt in staying.subtracting(known) { try writer.save(doubt) }
    return events + (try doubts.release(decision.released, in: writer, now: now))
  }

  /// Tells that every key is refused, or no longer, and keeps it in mind meanwhile.
  private func judge(_ refusals: RefusalTally, run: Int64, in writer: any StoreWriter, now: Date) throws -> Event? {
    guard let event = refusals.event(try writer.openKeyRefusal(), run: run, now: now) else { return nil }
    try routing.enqueue(event, nil, in: writer, now: now)
    if event.transition == .firing {
      try writer.open(KeyRefusal(run: run, since: now, notified: routing.recipients(of: event, nil)))
    } else {
      try writer.closeKeyRefusal(at: now)
    }
    return event
  }
}

extension EndOfRun {
  init(_ setup: Setup, _ channels: Channels) {
    let configuration = setup.configuration
    let (organizations, zone) = (configuration.organizations, configuration.billingTimeZone)
    let routing = channels.routing
    self.init(
      breaker: configuration.breaker, queue: channels.messageQueue, routing: routing,
      doubts: DoubtJudgement(
        rules: configuration.rules, organizations: organizations, routing: routing, billingTimeZone: zone),
      duplicateKeys: DuplicateKeyJudgement(
        configuration.rules, organizations: organizations, routing: routing, billingTimeZone: zone),
      retirement: Retirement(
        rules: configuration.rules, organizations: organizations, billingTimeZone: zone,
        breaker: configuration.breaker, routing: routing))
  }
}
