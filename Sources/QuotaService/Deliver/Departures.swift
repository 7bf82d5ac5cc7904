import FoundationEssentials
import Notifiers
import QuotaCore

/// What becomes of what notifiers were to tell that are not configured any more.
struct Departures: Sendable {
  let configured: Set<NotifierID>
  let routing: Routing
  let organizations: [ConfiguredOrganization]

  /// Who is told what a notifier could not be told: those who stand in for it, and instead of one that is gone those who
  /// would hear of it today.
  private func heirs(
    of notifier: NotifierID, for event: Event, among organizations: [OrganizationID: Organization]
  ) -> [NotifierID] {
    if configured.contains(notifier) { return routing.fallbacks(of: notifier, for: event) }
    guard event.transition == .firing else { return [] }
    guard let id = event.organization else { return routing.recipients(of: event, nil) }
    return organizations[id].map { routing.recipients(of: event, $0) } ?? []
  }

  /// Notes events for those who stand in, unless they hear of them anyway.
  ///
  /// - Returns: the events that somebody is told now.
  @discardableResult
  func passOn(
    _ events: [Event], of notifier: NotifierID, in writer: any StoreWriter, now: Date
  ) throws -> Set<EventID> {
    guard !events.isEmpty else { return [] }
    var passedOn: Set<EventID> = []
    let wanted = Set(events.compactMap(\.organization))
    let concerned = organizations.lazy.map(\.organization).filter { wanted.contains($0.id) }
    let known = Dictionary(uniqueKeysWithValues: concerned.map { ($0.id, $0) })
    for event in events {
      let heirs = heirs(of: notifier, for: event, among: known)
      if !configured.contains(notifier) { try takeUp(event, for: heirs, in: writer) }
      try writer.enqueue([], heirs.map { Notice(event: event, notifier: $0, since: now) })
      if !heirs.isEmpty { passedOn.insert(event.id) }
    }
    return passedOn
  }

  /// What was given up since a notifier was not configured for a while is to be told again.
  private func takeUp(_ event: Event, for heirs: [NotifierID], in writer: any StoreWriter) throws {
    for delivery in try writer.deliveries(of: event.id.rawValue)
    where heirs.contains(delivery.notifier) && delivery.status == .dead && delivery.lastAnswer == Self.gone {
      try writer.withdraw(delivery.message, for: delivery.notifier)
    }
  }

  /// Why something was given up that nobody is left to send.
  static let gone = "the notifier is not configured any more"

  /// Says once which incidents stay open because nobody can close them any more.
  func tell(_ writer: any StoreWriter, now: Date) throws {
    for notifier in try writer.forgetChannels(except: configured) {
      guard let channel = try writer.lastDelivered(to: notifier)?.channel,
        NotifierConfiguration.keepsIncidents(channel)
      else { continue }
      let firing = try writer.alertKeys([.firing])
      let open = try Dictionary(grouping: firing, by: \.subject).filter {
        try writer.notifiersNotified(of: $0.key).contains(notifier)
      }
      guard !open.isEmpty else { continue }
      let event = Event.departed(
        notifier, leaving: open.count, of: Set(open.values.joined().map(\.organization)), at: now)
      try writer.enqueue(
        [event],
        routing.witnesses(of: notifier, for: event).map { Notice(event: event, notifier: $0, since: now) })
    }
  }
}
