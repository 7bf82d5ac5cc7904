import FoundationEssentials
import Notifiers
import QuotaCore

/// What a run does with the results of some organizations, inside one transaction: store, judge, note whom to tell.
struct BatchCommit: Sendable {
  let rules: [Rule]
  let breaker: Breaker
  let routing: Routing
  let billingTimeZone: TimeZone

  /// What came of a batch.
  struct Outcome: Sendable {
    var events: [Event] = []
    /// The organizations that had figures to be held against others.
    var compared: Set<OrganizationID> = []
  }

  /// Writes what the results say.
  ///
  /// - Parameter now: the moment of judging, not before the observations.
  func apply(_ results: [OrganizationUsage], to writer: any StoreWriter, now: Date) throws -> Outcome {
    let states = try writer.states(of: results.map(\.organization.organization.id))
    let closed = try ClosedMonths(ofPastIn: results.map { ($0.organization.organization.id, $0.readings) }, writer)
    var outcome = Outcome()
    var profiles = ProfileKeeping(rules, zone: billingTimeZone)
    var doubts = try DoubtKeeping(breaker, in: writer, now: now)
    for result in results {
      let organization = result.organization.organization
      let state = try (states[organization.id] ?? OrganizationState()).completed(for: result.readings, from: writer)
      var history = state.history.adding(result.failure, at: now)
      let months = try result.readings.map { try record($0, of: result, state, closed, in: writer) }
      let judged = try doubts.judgeable(months, state, in: writer)
      // What is told when its figures are believed may be a repetition, too.
      if judged.count < months.count { history.gap = state.history.gap }
      try writer.save(history, of: organization.id)
      let input = RuleInput(
        organization: organization, now: now, months: judged, vendorMonth: result.readings.first?.month,
        doubted: Set(months.map(\.snapshot.month)).subtracting(judged.map(\.snapshot.month)), history: history,
        gap: state.history.gap, zone: billingTimeZone,
        profile: try profiles.profile(state, months, of: organization.id, in: writer, now: now))
      let step = AlertLifecycle.step(rules, on: input, alerts: state.alerts)
      guard !step.isEmpty else { continue }
      try routing.save(step, of: organization, in: writer, now: now)
      outcome.events += step.events
    }
    outcome.compared = doubts.compared
    return outcome
  }

  private func record(
    _ reading: Reading, of result: OrganizationUsage, _ state: OrganizationState, _ closed: ClosedMonths,
    in writer: any StoreWriter
  ) throws -> ObservedMonth {
    let current = result.readings.first?.month ?? reading.month
    let known = state.months[reading.month]
    let usage = try writer.record(
      reading, after: known, quota: result.organization.organization.quotas[reading.month],
      freezesQuota: reading.month < current, asked: reading.month != current)
    return ObservedMonth(
      snapshot: usage.snapshot, before: known?.snapshot, quota: usage.quota, quotaBefore: known?.quota,
      period: reading.month.period(in: billingTimeZone),
      closed: closed[reading.organization, reading.month])
  }
}

extension OrganizationState {
  /// This state with what is known of months that were read though they are settled, as closing an old month does, or a
  /// clock that was ahead.
  fileprivate func completed(for readings: [Reading], from reader: any StoreReader) throws -> OrganizationState {
    // The latest month on record is there.
    guard let latest = months.keys.max() else { return self }
    let missing = readings.filter { $0.month < latest && months[$0.month] == nil }
    guard let id = missing.first?.organization else { return self }
    var completed = self
    for reading in missing {
      completed.months[reading.month] =
        try reader.months(of: [id], from: reading.month, to: reading.month)[id]?[reading.month]
    }
    let wanted = Set(missing.map(\.month)).intersection(completed.months.keys)
    guard !wanted.isEmpty else { return self }
    let known = Set(alerts.map(\.key))
    completed.alerts += try reader.alerts(of: id).filter { alert in
      (alert.key.month.map(wanted.contains) ?? false) && !known.contains(alert.key)
    }
    return completed
  }
}

extension Routing {
  /// Saves what a step has changed, and notes for each of its events whom to tell.
  ///
  /// - Parameter hold: what has held the events back so far.
  func save(
    _ step: AlertLifecycle.Outcome, of organization: Organization, in writer: any StoreWriter, now: Date,
    heldBy hold: Hold? = nil
  ) throws {
    try writer.save(step.changed)
    try writer.forget(step.forgotten)
    for event in step.events {
      // What was held back until it was not watched any more was never told.
      if event.transition == .reopened,
        let start = step.changed.filter({ $0.key.subject == event.subject && $0.status == .firing }).map(\.firedAt)
          .min()
      {
        try writer.takeUpUnwatched(event.subject, since: start)
      }
      try enqueue(event, organization, in: writer, now: now, heldBy: hold)
    }
  }

  /// Adds an event for everybody who is to hear of it: a firing goes where rules, organizations and routes say, and what
  /// follows it to whoever has heard of the firing. A reminder goes where a firing would if nobody of these is left.
  func enqueue(
    _ event: Event, _ organization: Organization?, in writer: any StoreWriter, now: Date, heldBy hold: Hold? = nil
  ) throws {
    let told = event.transition == .firing ? [] : try writer.notifiersNotified(of: event.subject)
    let isForAll = event.transition == .firing || event.transition == .reminder && !told.contains(where: isConfigured)
    let notifiers = isForAll ? recipients(of: event, organization) : told.filter { delivers(event, to: $0) }
    try writer.enqueue([event], notifiers.map { Notice(event: event, notifier: $0, state: .waiting(hold), since: now) })
  }
}

extension BatchCommit {
  init(_ configuration: Configuration, _ routing: Routing) {
    self.init(
      rules: configuration.rules, breaker: configuration.breaker, routing: routing,
      billingTimeZone: configuration.billingTimeZone)
  }
}
