import FoundationEssentials
import QuotaCore

/// What a run does when every organization has been read: judge the figures as a whole, and make messages of what there
/// is to tell. One transaction.
struct RunConclusion: Sendable {
  let queue: MessageQueue
  let routing: Routing
  let twins: TwinJudgement

  /// What a run's end has brought, beside what its batches did.
  struct Outcome: Sendable {
    var events: [Event] = []
    var messages = 0
  }

  func apply(_ tally: BreakerTally, run: Int64, to writer: any StoreWriter, now: Date) throws -> Outcome {
    var outcome = Outcome()
    let doubt = tally.outcome(run: run, now: now)
    if let event = doubt.event(now: now) {
      try routing.enqueue(event, nil, in: writer, now: now)
      outcome.events.append(event)
    }
    var takenBack: Set<OrganizationID> = tally.takenBack
    switch doubt {
    case .calm: break
    case .undecided: takenBack = []
    case .tripped(let trip):
      if let rest = try writer.openBreakerTrip() {
        try writer.closeBreakerTrip(confirmed: rest.isConfirmed ?? true, at: now)
      }
      try writer.open(trip)
    case .confirmed(let trip): try settle(trip, isConfirmed: true, tally, in: writer, now: now)
    case .denied(let trip): try settle(trip, isConfirmed: false, tally, in: writer, now: now)
    case .settling(let trip): try settle(trip, isConfirmed: trip.isConfirmed ?? true, tally, in: writer, now: now)
    }
    outcome.events += try twins.apply(to: writer, now: now)
    outcome.messages = try queue.fill(in: writer, now: now, takenBack: takenBack)
    return outcome
  }

  /// Ends a doubt, apart from the suspects that could not be read yet.
  private func settle(
    _ trip: BreakerTrip, isConfirmed: Bool, _ tally: BreakerTally, in writer: any StoreWriter, now: Date
  ) throws {
    let rest = tally.rest(of: trip, isConfirmed: isConfirmed, now: now)
    guard rest != trip else { return }
    try writer.closeBreakerTrip(confirmed: isConfirmed, at: now)
    if let rest { try writer.open(rest) }
  }
}
