package import FoundationEssentials

/// Why an organization's usage could not be read.
package struct ReadingFailure: Error, Hashable, Sendable {
  /// The class of the reason, as it is stored and counted.
  package enum Reason: String, Hashable, Codable, CaseIterable, Sendable {
    /// The vendor itself refuses the key (401 or 403).
    case keyRejected = "key_rejected"
    /// Something else answers instead of the vendor: a proxy, a firewall, a login page.
    case gateway
    /// 401 or 403, but by its own words for a rate or a quota.
    case limited
    /// The key itself could not be had: a missing variable, an unreadable file, a failing command.
    case keyUnavailable = "key_unavailable"
    /// 429.
    case rateLimited = "rate_limited"
    /// No connection, or it broke.
    case unreachable
    case timeout
    /// 5xx, 408 or 425.
    case serverError = "server_error"
    /// An answer that is not what the vendor documents: it is no reading.
    case invalidAnswer = "invalid_answer"
    /// The run's time was over before this organization could be read.
    case deadline

    /// Whether access is refused though nothing is said about the key.
    package var isObstacle: Bool { self == .gateway || self == .limited }
  }

  /// Whether asking again may help, and when.
  package enum Retry: Hashable, Sendable {
    case never
    /// Not before the vendor's own retry-after, if it told one.
    case possible(notBefore: TimeSpan?)
  }

  package let reason: Reason
  /// One line that says what happened; never holds a secret or a document.
  package let message: String
  package let retry: Retry

  package init(_ reason: Reason, _ message: String, retry: Retry = .never) {
    self.reason = reason
    self.message = message
    self.retry = retry
  }
}

/// How the reading of one organization has gone over time.
package struct PollHistory: Hashable, Sendable {
  /// The first attempt ever.
  package var firstAttemptAt: Date?
  package var lastSuccessAt: Date?
  /// The failures since the last success; nil after a success.
  package var failing: FailureStreak?
  /// Set between the restoring of a backup and the first success after it: what is known is from before it.
  package var gap: Gap?

  package init(
    firstAttemptAt: Date? = nil, lastSuccessAt: Date? = nil, failing: FailureStreak? = nil, gap: Gap? = nil
  ) {
    self.firstAttemptAt = firstAttemptAt
    self.lastSuccessAt = lastSuccessAt
    self.failing = failing
    self.gap = gap
  }

  /// Why what is known cannot be taken for how things are now; nil if it can.
  package var problem: String? {
    failing?.message ?? gap.map { "not read since a backup was restored at \($0.to.iso8601)" }
  }

  /// The history after a run that read this organization (nil) or failed to. What happened before happened at this time at
  /// the latest, whatever a clock that was ahead has stored.
  package func adding(_ failure: ReadingFailure?, at time: Date) -> PollHistory {
    var history = self
    history.firstAttemptAt = min(firstAttemptAt ?? time, time)
    history.lastSuccessAt = lastSuccessAt.map { min($0, time) }
    guard let failure else {
      history.lastSuccessAt = time
      history.failing = nil
      history.gap = nil
      return history
    }
    history.failing = FailureStreak(
      firstFailedAt: min(failing?.firstFailedAt ?? time, time), lastFailedAt: time, count: (failing?.count ?? 0) + 1,
      reason: failure.reason, message: failure.message,
      obstructedSince: failing?.obstructedSince.map { min($0, time) } ?? (failure.reason.isObstacle ? time : nil))
    return history
  }
}

/// Failures in a row, without a success between them.
package struct FailureStreak: Hashable, Sendable {
  package let firstFailedAt: Date
  package let lastFailedAt: Date
  /// In how many runs.
  package let count: Int64
  /// The latest failure's reason.
  package let reason: ReadingFailure.Reason
  package let message: String
  /// The first of these failures that was an obstacle; see ``ReadingFailure/Reason/isObstacle``.
  package let obstructedSince: Date?

  package init(
    firstFailedAt: Date, lastFailedAt: Date, count: Int64, reason: ReadingFailure.Reason, message: String,
    obstructedSince: Date? = nil
  ) {
    self.firstFailedAt = firstFailedAt
    self.lastFailedAt = lastFailedAt
    self.count = count
    self.reason = reason
    self.message = message
    self.obstructedSince = obstructedSince
  }
}
