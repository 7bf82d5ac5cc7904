import FoundationEssentials
import Notifiers
import QuotaCore

/// Makes messages of what notifiers are to be told, composed so that every attempt sends the same bytes.
struct MessageQueue: Sendable {
  let notifiers: [any Notifier]
  let configurations: [NotifierID: NotifierConfiguration]
  let billingTimeZone: TimeZone
  let departures: Departures

  /// Queues what may be told now, notes what is held back and gives up what is over.
  ///
  /// - Returns: how many messages were queued.
  func fill(in writer: any StoreWriter, now: Date) throws -> Int {
    try passOnWhatDeparted(in: writer, now: now)
    let waiting = try writer.notifiersWithWaitingNotices()
    guard !waiting.isEmpty else { return 0 }
    var circumstances = MessagePlan.Circumstances(
      now: now, silences: try writer.silences(endingAfter: now),
      notifiedOfKeys: Set(try writer.openKeyRefusal()?.notified ?? []), billingTimeZone: billingTimeZone)
    var queued = 0
    for id in waiting {
      let notices = try writer.waitingNotices(for: id)
      guard let notifier = notifiers.first(where: { $0.id == id }) else { continue }
      let held = notices.filter { if case .waiting(.some) = $0.state { true } else { false } }
      let status = try statuses(held.map(\.event), in: writer)
      circumstances.stillFires = { event in status(event)?.contains(.firing) ?? true }
      circumstances.isUnwatched = { event in status(event)?.allSatisfy { $0 == .retired } ?? false }
      circumstances.hasResolved = { event in
        status(event)?.allSatisfy { [.resolved, .pending, .retired].contains($0) } ?? false
      }
      let policy = configurations[id]?.policy ?? DeliveryPolicy()
      let (plan, takenBack) = try plan(notices, for: notifier, policy, circumstances, in: writer)
      queued += try carryOut(plan, inPlaceOf: takenBack, for: notifier, in: writer, now: now)
    }
    return queued
  }

  /// Plans what waits, and with it what was to be sent and says too little by now.
  private func plan(
    _ notices: [Notice], for notifier: any Notifier, _ policy: DeliveryPolicy,
    _ circumstances: MessagePlan.Circumstances, in writer: any StoreWriter
  ) throws -> (MessagePlan, TakenBack) {
    var (notices, circumstances, takenBack) = (notices, circumstances, TakenBack())
    while true {
      let pending = try writer.pendingMessages(for: notifier.id)
      circumstances.unsentFirings = Set(
        pending.flatMap(\.notices).map(\.event).filter { $0.transition == .firing }.map(\.subject))
      let plan = MessagePlan(notices, policy, groups: notifier.groups, circumstances)
      let outdated = plan.outdated(among: pending)
      guard !outdated.isEmpty else { return (plan, takenBack) }
      for message in outdated {
        try writer.withdraw(message.message, for: notifier.id)
        // Giving up sooner helps where somebody stands in.
        if !policy.fallback.isEmpty { takenBack.add(message) }
        if message.attempts > 0 { circumstances.refused.formUnion(message.notices.map(\.event.id)) }
      }
      notices = try writer.waitingNotices(for: notifier.id)
    }
  }

  /// Gives what waits for notifiers that are gone to those who would hear of it today, as far as it still fires. What nobody
  /// would hear of waits on: for the notifier, or for its alert to end.
  private func passOnWhatDeparted(in writer: any StoreWriter, now: Date) throws {
    for id in try writer.notifiersWithWaitingNotices() where !departures.configured.contains(id) {
      let notices = try writer.waitingNotices(for: id)
      let status = try statuses(notices.map(\.event), in: writer)
      let open = notices.filter { notice in
        notice.event.topic.kind.isMomentary || status(notice.event)?.contains(.firing) ?? true
      }
      let passedOn = try departures.passOn(open.map(\.event), of: id, in: writer, now: now)
      let kept = Set(
        open.lazy.map(\.event).filter { event in
          event.transition == .firing && !event.topic.kind.isMomentary && !passedOn.contains(event.id)
        }.map(\.id))
      for notice in notices where !kept.contains(notice.event.id) { try writer.drop(notice, .notifierGone, for: nil) }
    }
  }

  private func carryOut(
    _ plan: MessagePlan, inPlaceOf takenBack: TakenBack, for notifier: any Notifier, in writer: any StoreWriter,
    now: Date
  ) throws -> Int {
    for (notice, hold) in plan.held where notice.state != .waiting(hold) { try writer.hold(notice, hold) }
    for (notice, reason, newer) in plan.dropped { try writer.drop(notice, reason, for: newer) }
    guard !plan.messages.isEmpty else { return 0 }
    let identity = MessageIdentity(
      installation: try writer.installation(), notifier: notifier.id,
      channel: configurations[notifier.id]?.type.rawValue ?? "")
    let composed = try plan.messages.flatMap(notifier.composed)
    for (message, payload) in composed {
      var (id, payload) = try identity.identified(message, payload, by: notifier)
      payload = try threaded(payload, message, to: notifier, in: writer)
      let delivery = Delivery(
        message: id, notifier: notifier.id, channel: identity.channel, payload: payload, urgency: message.urgency,
        queuedAt: takenBack.age(of: message, queuedAt: now))
      try writer.queue(delivery, of: message.events.map(\.id))
    }
    return composed.count
  }

  /// The bytes of a message as an answer to what it ends or reminds of.
  private func threaded(
    _ payload: [UInt8], _ message: Message, to notifier: any Notifier, in writer: any StoreWriter
  ) throws -> [UInt8] {
    let earlier = notifier.threads ? try firings(before: message, to: notifier.id, in: writer) : []
    return earlier.isEmpty ? payload : try notifier.threaded(payload, behind: earlier)
  }

  /// Composes what is on its way anew, since by now it is known that it may have arrived already. It keeps its ids, by which
  /// receivers know it again; what some of those whom it is for have stays as it is.
  func recompose(in writer: any StoreWriter) throws {
    let pending = try writer.deliveries([.pending]).filter { !$0.hasArrivedInPart }
    for notifier in notifiers {
      let told = Dictionary(
        try writer.pendingMessages(for: notifier.id).map { ($0.message, $0.notices.map(\.event)) }
      ) { first, _ in first }
      for var delivery in pending
      where delivery.notifier == notifier.id && delivery.channel == configurations[notifier.id]?.type.rawValue {
        guard let events = told[delivery.message],
          let message: Message = events.count == 1
            ? events.first.map({ .event($0) })
            : EventGroup(events, occasion: .restored, composedAt: delivery.queuedAt).map({ .group($0) })
        else { continue }
        let payload = try notifier.compose(message.identified(as: delivery.message))
        guard payload.count <= notifier.longestGroup else { continue }
        delivery.payload = try threaded(payload, message, to: notifier, in: writer)
        try writer.update(delivery)
      }
    }
  }

  /// The messages that have told a notifier of what a message ends or reminds of, each once.
  private func firings(
    before message: Message, to notifier: NotifierID, in writer: any StoreWriter
  ) throws -> [MessageID] {
    var found: [MessageID] = []
    for event in message.events where event.transition != .firing {
      let firings = try writer.firingsTold(of: event.subject, to: notifier)
      let firing = firings.first { told in event.level.map(told.event.crossed.contains) ?? true }
      if let id = (firing ?? firings.first)?.message, !found.contains(id) { found.append(id) }
    }
    return Array(found.prefix(Self.mostReferences))
  }

  /// A digest may end more than mail programs read.
  private static let mostReferences = 20

  /// Looks up what has become of the alerts of events; nil for other organizations' events.
  private func statuses(
    _ events: [Event], in writer: any StoreWriter
  ) throws -> @Sendable (Event) -> [Alert.Status]? {
    let organizations = Set(events.compactMap(\.organization))
    guard !organizations.isEmpty else { return { _ in nil } }
    let alerts = try organizations.flatMap { try writer.alerts(of: $0) }
    let statuses = Dictionary(alerts.map { ($0.key, $0.status) }) { first, _ in first }
    return { event in
      guard let organization = event.organization, organizations.contains(organization) else { return nil }
      let levels: [Level?] = event.crossed.isEmpty ? [nil] : event.crossed
      return levels.map { level in
        // What is not known any more is over as little as it fires.
        statuses[
          AlertKey(
            rule: event.rule, organization: organization, month: event.month, metric: event.metric, level: level)]
          ?? .expired
      }
    }
  }
}

extension Channels {
  var messageQueue: MessageQueue {
    MessageQueue(
      notifiers: notifiers,
      configurations: Dictionary(uniqueKeysWithValues: configuration.notifiers.map { ($0.id, $0.configuration) }),
      billingTimeZone: configuration.billingTimeZone,
      departures: Departures(
        configured: Set(configuration.notifiers.map(\.id)), routing: routing,
        organizations: configuration.organizations))
  }
}
