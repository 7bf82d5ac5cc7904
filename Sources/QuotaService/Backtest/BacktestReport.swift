package import FoundationEssentials
package import QuotaCore

/// What would have been sent if rules had been judged on the stored readings.
package struct BacktestReport: Sendable {
  package let from: Date
  package let to: Date
  package let organizations: Int
  /// How many readings were judged.
  package let readings: Int
  /// In the order of time.
  package let messages: [SentMessage]

  /// A message that would have been sent to one notifier.
  package struct SentMessage: Sendable {
    package let notifier: NotifierID
    package let sentAt: Date
    /// The most urgent first.
    package let events: [Event]
    /// Nil for a message of one event.
    package let occasion: EventGroup.Occasion?
  }
}

/// Two backtests over the same readings, and where they differ.
package struct BacktestComparison: Sendable {
  package let before: BacktestReport
  package let after: BacktestReport
  /// What only one of the two would have told, by event and notifier, in the order of time.
  package let onlyBefore: [Notification]
  package let onlyAfter: [Notification]

  /// One event as it would have been told to one notifier.
  package struct Notification: Hashable, Sendable {
    package let event: EventID
    package let notifier: NotifierID
    package let occurredAt: Date
    package let reason: String
  }

  init(_ before: BacktestReport, _ after: BacktestReport) {
    self.before = before
    self.after = after
    let (first, second) = (Self.notifications(before), Self.notifications(after))
    let (firstKeys, secondKeys) = (Set(first.map(Key.init)), Set(second.map(Key.init)))
    onlyBefore = first.filter { !secondKeys.contains(Key($0)) }
    onlyAfter = second.filter { !firstKeys.contains(Key($0)) }
  }

  private struct Key: Hashable {
    let event: EventID
    let notifier: NotifierID

    init(_ notification: Notification) {
      event = notification.event
      notifier = notification.notifier
    }
  }

  private static func notifications(_ report: BacktestReport) -> [Notification] {
    report.messages.flatMap { message in
      message.events.map {
        Notification(event: $0.id, notifier: message.notifier, occurredAt: $0.occurredAt, reason: $0.reason)
      }
    }
  }
}
