import FoundationEssentials
import Notifiers
import QuotaCore

/// Makes messages of what notifiers are to be told, composed so that every attempt sends the same bytes.
struct MessageQueue: Sendable {
  let notifiers: [any Notifier]
  let policies: [NotifierID: DeliveryPolicy]
  let billingTimeZone: TimeZone

  /// Queues what may be told now, notes what is held back and gives up what is over.
  ///
  /// - Parameter takenBack: the organizations whose suspect figures the vendor has just taken back.
  /// - Returns: how many messages were queued.
  func fill(in writer: any StoreWriter, now: Date, takenBack: Set<OrganizationID> = []) throws -> Int {
    let waiting = try writer.notifiersWithWaitingNotices()
    guard !waiting.isEmpty else { return 0 }
    var circumstances = MessagePlan.Circumstances(
      now: now, silences: try writer.silences(endingAfter: now), isBreakerOpen: try writer.openBreakerTrip() != nil,
      takenBack: takenBack, billingTimeZone: billingTimeZone)
    var queued = 0
    for id in waiting {
      let notices = try writer.waitingNotices(for: id)
      guard let notifier = notifiers.first(where: { $0.id == id }) else {
        for notice in notices { try writer.drop(notice, .notifierGone) }
        continue
      }
      circumstances.stillFires = try stillFires(notices, in: writer)
      let plan = MessagePlan(notices, policies[id] ?? DeliveryPolicy(), groups: notifier.groups, circumstances)
      queued += try carryOut(plan, for: notifier, in: writer, now: now)
    }
    return queued
  }

  private func carryOut(
    _ plan: MessagePlan, for notifier: any Notifier, in writer: any StoreWriter, now: Date
  ) throws -> Int {
    for (notice, hold) in plan.held where notice.state != .waiting(hold) { try writer.hold(notice, hold) }
    for (notice, reason) in plan.dropped { try writer.drop(notice, reason) }
    for message in plan.messages {
      let delivery = Delivery(
        message: message.id, notifier: notifier.id, payload: try notifier.compose(message), queuedAt: now,
        nextAttemptAt: now)
      try writer.queue(delivery, of: message.events.map(\.id))
    }
    return plan.messages.count
  }

  /// Looks up which alerts fire, as far as silences that end ask for it.
  private func stillFires(_ notices: [Notice], in writer: any StoreWriter) throws -> @Sendable (Event) -> Bool {
    let silenced = notices.filter { $0.state == .waiting(.silence) }.compactMap(\.event.organization)
    guard !silenced.isEmpty else { return { _ in true } }
    let alerts = try Set(silenced).flatMap { try writer.alerts(of: $0) }
    let firing = Set(alerts.filter { $0.status == .firing }.map(\.key))
    return { event in
      guard let organization = event.organization else { return true }
      let levels: [Level?] = event.crossed.isEmpty ? [nil] : event.crossed
      return levels.contains { level in
        firing.contains(
          AlertKey(
            rule: event.rule, organization: organization, month: event.month, metric: event.metric, level: level))
      }
    }
  }
}

extension Service {
  var messageQueue: MessageQueue {
    MessageQueue(
      notifiers: notifiers,
      policies: Dictionary(
        uniqueKeysWithValues: configuration.notifiers.map { ($0.id, $0.configuration.policy) }),
      billingTimeZone: zone)
  }
}
