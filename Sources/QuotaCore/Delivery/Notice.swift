package import FoundationEssentials

/// One event that a notifier is to be told of.
package struct Notice: Hashable, Sendable {
  /// What has become of it.
  package enum State: Hashable, Sendable {
    /// It is not in a message yet; held back, if a plan has held it back.
    case waiting(Hold?)
    /// It is in a message, which is on its way or delivered.
    case queued(MessageID)
    /// It is not told, for this reason.
    case dropped(DropReason)
  }

  package var event: Event
  package let notifier: NotifierID
  package var state: State
  package let since: Date

  package init(event: Event, notifier: NotifierID, state: State = .waiting(nil), since: Date) {
    self.event = event
    self.notifier = notifier
    self.state = state
    self.since = since
  }
}

/// What holds an event back from a notifier.
package enum Hold: String, Hashable, Codable, CaseIterable, Sendable {
  /// The figures that it rests on were in doubt; when it is known of, they are so no more.
  case breaker
  case silence
  case quietHours = "quiet_hours"
  /// It comes with the next digest.
  case digest
  /// Every key is refused, which was told as one.
  case keys
}

/// Why an event is not told to a notifier after all.
package enum DropReason: String, Hashable, Codable, CaseIterable, Sendable {
  /// It was resolved before it could be told, and so was this.
  case resolvedMeanwhile = "resolved_meanwhile"
  /// It no longer fired when its silence ended.
  case overMeanwhile = "over_meanwhile"
  /// It is not watched any more.
  case noLongerWatched = "no_longer_watched"
  /// A newer message about the same thing says it too, or says more.
  case superseded
  /// It reminds of what is still to be told.
  case firingWaits = "firing_waits"
  /// The notifier is not configured any more.
  case notifierGone = "notifier_gone"
}

/// A message on its way, without its bytes, and what it tells.
package struct PendingMessage: Hashable, Sendable {
  package let message: MessageID
  package let attempts: Int
  /// Whether the last attempt's outcome is known.
  package let isAnswered: Bool
  /// The beginning of its age.
  package let queuedAt: Date
  /// In the order in which they came; at least one.
  package let notices: [Notice]

  package init(message: MessageID, attempts: Int, isAnswered: Bool, queuedAt: Date, notices: [Notice]) {
    self.message = message
    self.attempts = attempts
    self.isAnswered = isAnswered
    self.queuedAt = queuedAt
    self.notices = notices
  }
}
