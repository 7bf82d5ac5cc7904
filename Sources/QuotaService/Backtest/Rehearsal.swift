import FoundationEssentials
import QuotaCore

/// Makes messages of replayed events as the runs of those days would have: routing, grouping, digests and quiet hours.
/// Silences, and doubt about the vendor's figures, are not rehearsed.
struct Rehearsal {
  let routing: Routing
  let organizations: [OrganizationID: Organization]
  let policies: [NotifierID: DeliveryPolicy]
  let groups: [NotifierID: Bool]
  let zone: TimeZone

  /// - Parameters:
  ///   - events: in the order of time.
  ///   - runs: when messages were made, in the order of time.
  func messages(of events: [Event], at runs: [Date]) -> [BacktestReport.SentMessage] {
    var waiting: [NotifierID: [Notice]] = [:]
    var notified: [String: Set<NotifierID>] = [:]
    var sent: [BacktestReport.SentMessage] = []
    var next = events.startIndex
    for run in runs {
      while next < events.endIndex, events[next].occurredAt <= run {
        for notifier in recipients(of: events[next], &notified) {
          waiting[notifier, default: []].append(
            Notice(event: events[next], notifier: notifier, since: events[next].occurredAt))
        }
        next += 1
      }
      guard !waiting.isEmpty else { continue }
      for notifier in waiting.keys.sorted() { sent += plan(notifier, &waiting, at: run) }
    }
    return sent
  }

  private func recipients(of event: Event, _ notified: inout [String: Set<NotifierID>]) -> [NotifierID] {
    guard event.transition == .firing else {
      return notified[event.subject, default: []].filter { routing.delivers(event, to: $0) }.sorted()
    }
    let recipients = routing.recipients(of: event, event.organization.flatMap { organizations[$0] })
    notified[event.subject, default: []].formUnion(recipients)
    return recipients
  }

  private func plan(
    _ notifier: NotifierID, _ waiting: inout [NotifierID: [Notice]], at run: Date
  ) -> [BacktestReport.SentMessage] {
    let plan = MessagePlan(
      waiting[notifier] ?? [], policies[notifier] ?? DeliveryPolicy(), groups: groups[notifier] ?? true,
      MessagePlan.Circumstances(now: run, billingTimeZone: zone))
    let held = plan.held.map { entry in
      var notice = entry.notice
      notice.state = .waiting(entry.hold)
      return notice
    }
    waiting[notifier] = held.isEmpty ? nil : held
    return plan.messages.map { message in
      let occasion: EventGroup.Occasion? = if case .group(let group) = message { group.occasion } else { nil }
      return BacktestReport.SentMessage(
        notifier: notifier, sentAt: run, events: message.events, occasion: occasion)
    }
  }
}
