package import FoundationEssentials

/// How a notifier's channel has answered lately: what a run has to know of the runs before.
package struct ChannelHealth: Hashable, Sendable {
  /// How many attempts have failed in a row; 0 for a channel that works or was never tried.
  package var failures: Int
  /// When the last attempt ended.
  package var lastAttemptAt: Date?
  /// Until when the other side asks to be left alone.
  package var restsUntil: Date?
  /// Set while nothing is sent any more.
  package var disabled: Disabled?
  /// A digest of the configuration that was told to rest, or is disabled: another one is tried. Nil for any other channel.
  package var configuration: String?

  /// A channel whose other side has said that it will take nothing any more.
  package struct Disabled: Hashable, Sendable {
    package let since: Date
    package let reason: String

    package init(since: Date, reason: String) {
      self.since = since
      self.reason = reason
    }
  }

  package init(
    failures: Int = 0, lastAttemptAt: Date? = nil, restsUntil: Date? = nil, disabled: Disabled? = nil,
    configuration: String? = nil
  ) {
    self.failures = failures
    self.lastAttemptAt = lastAttemptAt
    self.restsUntil = restsUntil
    self.disabled = disabled
    self.configuration = configuration
  }

  /// Whether the last attempt failed: then one message is tried before the others.
  package var isSick: Bool { failures > 0 }

  /// Until when the channel is to be left alone; nil if it may be tried. One that was told later than now was told to
  /// a clock that was ahead, and is none.
  package func rest(at now: Date) -> Date? {
    guard let restsUntil, restsUntil > now, let lastAttemptAt, lastAttemptAt <= now else { return nil }
    return restsUntil
  }

  /// After an attempt that ended at a moment.
  ///
  /// - Parameter configuration: the digest of the channel's configuration.
  package func after(_ outcome: SendOutcome, at end: Date, configuration: String) -> ChannelHealth {
    switch outcome {
    // A channel that answers about a message works.
    case .delivered, .deferred, .rejected: ChannelHealth(lastAttemptAt: end)
    case .channelDead(let reason):
      ChannelHealth(
        failures: failures + 1, lastAttemptAt: end,
        disabled: Disabled(since: end, reason: reason), configuration: configuration)
    case .unknown: ChannelHealth(failures: failures + 1, lastAttemptAt: end)
    case .retryable(_, let retryAfter):
      ChannelHealth(
        failures: failures + 1, lastAttemptAt: end,
        restsUntil: retryAfter.map { (end + min($0, DeliverySchedule.longestRetryAfter)).roundedToMilliseconds },
        configuration: retryAfter.map { _ in configuration })
    }
  }
}
