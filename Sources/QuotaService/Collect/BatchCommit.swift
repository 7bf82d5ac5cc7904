import FoundationEssentials
import QuotaCore

/// What a run does with the results of some organizations, inside one transaction: store, judge, queue.
struct BatchCommit: Sendable {
  let rules: [Rule]
  let notifiers: [NotifierID: any Notifier]
  let billingTimeZone: TimeZone

  /// What came of a batch.
  struct Outcome: Sendable {
    var events: [Event] = []
    /// The alerts that changed, for a dry run to show.
    var changed: [Alert] = []
    var deliveries = 0
  }

  /// Writes what the results say.
  ///
  /// - Parameter now: the moment of judging, not before the observations.
  func apply(_ results: [Poller.Result], to writer: any StoreWriter, now: Date) throws -> Outcome {
    let states = try writer.states(of: results.map(\.organization.organization.id))
    var outcome = Outcome()
    for result in results {
      let organization = result.organization.organization
      let state = states[organization.id] ?? OrganizationState()
      let history = state.history.adding(result.failure, at: now)
      try writer.save(history, of: organization.id)
      let months = try result.readings.map { try record($0, of: result, state, in: writer) }
      let observation = Observation(organization: organization, now: now, months: months, history: history)
      let step = AlertLifecycle.step(state.alerts, rules: rules, on: observation)
      guard !step.changed.isEmpty else { continue }
      try writer.save(step.changed)
      let deliveries = try step.events.flatMap { try self.deliveries(of: $0, organization, now: now) }
      try writer.enqueue(step.events, deliveries)
      outcome.events += step.events
      outcome.changed += step.changed
      outcome.deliveries += deliveries.count
    }
    return outcome
  }

  private func record(
    _ reading: Reading, of result: Poller.Result, _ state: OrganizationState, in writer: any StoreWriter
  ) throws -> ObservedMonth {
    let current = result.readings.first?.month ?? reading.month
    let usage = try writer.record(
      reading, quota: result.organization.organization.quota, freezesQuota: reading.month < current,
      asked: reading.month != current)
    return ObservedMonth(
      snapshot: usage.snapshot, before: state.months[reading.month]?.snapshot, quota: usage.quota,
      period: reading.month.period(in: billingTimeZone))
  }

  /// One delivery for each notifier of the rule and of the organization, composed now so that every attempt sends the
  /// same bytes.
  private func deliveries(of event: Event, _ organization: Organization, now: Date) throws -> [Delivery] {
    let ruleNotifiers = rules.first { $0.id == event.rule }?.notify ?? []
    var seen: Set<NotifierID> = []
    return try (ruleNotifiers + organization.notify).filter { seen.insert($0).inserted }.compactMap { id in
      guard let notifier = notifiers[id] else { return nil }
      return Delivery(
        event: event.id, notifier: id, payload: try notifier.compose(event), queuedAt: now, nextAttemptAt: now)
    }
  }
}
