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

  package let event: Event
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
}

/// Why an event is not told to a notifier after all.
package enum DropReason: String, Hashable, Codable, CaseIterable, Sendable {
  /// It was resolved before it could be told, and so was this.
  case resolvedMeanwhile = "resolved_meanwhile"
  /// It no longer fired when its silence ended.
  case overMeanwhile = "over_meanwhile"
  /// The notifier is not configured any more.
  case notifierGone = "notifier_gone"
}
