import FoundationEssentials
import Notifiers
import QuotaCore

/// What becomes of messages that cannot be sent as they are.
struct OutboxUpkeep: Sendable {
  /// The configured notifiers' types.
  let channels: [NotifierID: String]
  let routing: Routing
  let queue: MessageQueue

  /// Takes back what was composed for a channel of another type, to be composed anew, and what was not sent yet to a notifier
  /// that is not configured any more; gives up what was sent to such a one without success, what waits for channels that are disabled, and for those that want to be left alone for longer
  /// than it can wait.
  ///
  /// - Returns: how many messages were given up.
  func sort(_ writer: any StoreWriter, now: Date) throws -> Int {
    try queue.departures.tell(writer, now: now)
    guard try writer.pendingDeliveryCount() > 0 else { return 0 }
    var dead = 0
    let health = try Dictionary(uniqueKeysWithValues: channels.keys.map { ($0, try writer.health(of: $0)) })
    for delivery in try writer.deliveries([.pending]) {
      guard let channel = channels[delivery.notifier] else {
        guard delivery.attempts > 0 else {
          try writer.withdraw(delivery.message, for: delivery.notifier)
          continue
        }
        try writer.update(delivery.givenUp(at: now, because: Departures.gone))
        dead += 1
        continue
      }
      if channel != delivery.channel {
        try writer.withdraw(delivery.message, for: delivery.notifier)
      } else if let reason = health[delivery.notifier]?.obstacle(to: delivery, at: now) {
        try writer.update(delivery.givenUp(at: now, because: reason))
        dead += 1
      }
    }
    return dead
  }

  /// Passes what was given up on to those who stand in, and tells the others that it was.
  ///
  /// - Returns: how many messages were queued.
  func relay(_ writer: any StoreWriter, now: Date) throws -> Int {
    let letters = try writer.unannouncedDeadLetters()
    guard !letters.isEmpty else { return 0 }
    for (notifier, letters) in Dictionary(grouping: letters, by: \.notifier).sorted(by: { $0.key < $1.key }) {
      try queue.departures.passOn(letters.flatMap(\.events), of: notifier, in: writer, now: now)
      let disabled = try writer.health(of: notifier).disabled
      if let event = Event.undelivered(letters, disabled: disabled, at: now) {
        let witnesses = routing.witnesses(of: notifier, for: event)
        try writer.enqueue([event], witnesses.map { Notice(event: event, notifier: $0, since: now) })
      }
      for letter in letters { try writer.noteAnnounced(letter) }
    }
    return try queue.fill(in: writer, now: now)
  }
}

extension ChannelHealth {
  /// Why a message cannot wait for the channel; nil if it can.
  fileprivate func obstacle(to delivery: Delivery, at now: Date) -> String? {
    if let disabled { return "the channel is disabled since \(disabled.since.iso8601): \(disabled.reason)" }
    guard delivery.isTooOld(at: now), let rest = rest(at: now) else { return nil }
    return "the channel wants to be left alone until \(rest.iso8601)"
  }
}

extension Channels {
  var outboxUpkeep: OutboxUpkeep {
    OutboxUpkeep(
      channels: Dictionary(
        uniqueKeysWithValues: configuration.notifiers.map { ($0.id, $0.configuration.type.rawValue) }),
      routing: routing, queue: messageQueue)
  }
}
