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
    var takenBack: Set<OrganizationID> = []
    switch doubt {
    case .calm, .undecided: break
    case .tripped(let trip): try writer.open(trip)
    case .confirmed: try writer.closeBreakerTrip(confirmed: true, at: now)
    case .denied(let trip):
      try writer.closeBreakerTrip(confirmed: false, at: now)
      takenBack = Set(trip.suspects.map(\.organization))
    }
    outcome.events += try twins.apply(to: writer, now: now)
    outcome.messages = try queue.fill(in: writer, now: now, takenBack: takenBack)
    return outcome
  }
}
