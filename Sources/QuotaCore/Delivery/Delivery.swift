package import FoundationEssentials

/// The user's name for a configured channel; see ``Identifier``.
package typealias NotifierID = ID<any Notifier>

/// One message on its way to one notifier: a row of the outbox.
package struct Delivery: Hashable, Sendable {
  package enum Status: String, Hashable, Codable, CaseIterable, Sendable {
    case pending
    case delivered
    /// Given up: the other side will never take it, or every attempt has failed.
    case dead
  }

  package let message: MessageID
  package let notifier: NotifierID
  /// What is sent, composed when the message was queued: the same bytes in every attempt.
  package let payload: [UInt8]
  package var status: Status
  /// How many attempts were made.
  package var attempts: Int
  package let queuedAt: Date
  /// Not before this moment.
  package var nextAttemptAt: Date
  /// When the last attempt has ended.
  package var lastAttemptAt: Date?
  /// What the other side said to the last attempt, or why it could not be made; one line.
  package var lastAnswer: String?
  /// What was unusual in the answer to a delivery; see ``SendOutcome/delivered(answer:remark:)``.
  package var remark: String?

  package init(
    message: MessageID, notifier: NotifierID, payload: [UInt8], status: Status = .pending, attempts: Int = 0,
    queuedAt: Date, nextAttemptAt: Date, lastAttemptAt: Date? = nil, lastAnswer: String? = nil, remark: String? = nil
  ) {
    self.message = message
    self.notifier = notifier
    self.payload = payload
    self.status = status
    self.attempts = attempts
    self.queuedAt = queuedAt
    self.nextAttemptAt = nextAttemptAt
    self.lastAttemptAt = lastAttemptAt
    self.lastAnswer = lastAnswer
    self.remark = remark
  }
}

/// What became of one attempt to send.
package enum SendOutcome: Hashable, Sendable {
  /// The other side took it, with this answer (one line). `remark` says what is unusual in the answer, so that a
  /// person may look whether it has arrived: nil for an answer as the service documents it.
  case delivered(answer: String, remark: String? = nil)
  /// The channel cannot take it now, and that passes: an overload, a limit, a failure of the network. `retryAfter` is
  /// the other side's wish.
  case retryable(reason: String, retryAfter: TimeSpan? = nil)
  /// This message will never be taken; others may be.
  case rejected(reason: String)
  /// The channel takes nothing until somebody repairs it or its configuration.
  case channelDead(reason: String)

  /// What became of an attempt that was ended before its time. Unless the other side has taken the message, nobody knows
  /// whether it has it: another attempt brings the same message once more.
  package var brokenOff: SendOutcome {
    if case .delivered = self { return self }
    return .retryable(reason: "broken off: there was no answer before the run's time was over")
  }
}

extension Delivery {
  /// The delivery after an attempt.
  ///
  /// - Parameters:
  ///   - now: when the attempt has ended, from which the wait for the next one counts.
  ///   - jitter: 0 to 1, see ``DeliverySchedule/delay(afterAttempts:jitter:)``.
  package func after(_ outcome: SendOutcome, at now: Date, jitter: Double) -> Delivery {
    var next = self
    next.attempts += 1
    next.lastAttemptAt = now
    switch outcome {
    case .delivered(let answer, let remark):
      next.status = .delivered
      next.lastAnswer = answer
      next.remark = remark
    case .rejected(let reason), .channelDead(let reason):
      next.status = .dead
      next.lastAnswer = reason
    case .retryable(let reason, let retryAfter):
      next.lastAnswer = reason
      guard let delay = DeliverySchedule.delay(afterAttempts: next.attempts, jitter: jitter) else {
        next.status = .dead
        return next
      }
      let wish = retryAfter.map { min($0, DeliverySchedule.longestWish) }
      next.nextAttemptAt = now.addingTimeInterval(max(delay, TimeInterval(wish?.seconds ?? 0))).roundedToMilliseconds
    }
    return next
  }
}

extension Delivery {
  /// The delivery as it was when it was queued, due now: somebody wants it tried again from the start.
  package func restarted(at now: Date) -> Delivery {
    var next = self
    next.status = .pending
    next.attempts = 0
    next.nextAttemptAt = now
    return next
  }
}

/// When a delivery is tried again: the schedule that the Standard Webhooks specification suggests.
package enum DeliverySchedule {
  /// The waits between attempts, before jitter.
  package static let waits: [TimeSpan] = [
    .seconds(5), .minutes(5), .minutes(30), .hours(2), .hours(5), .hours(10), .hours(14), .hours(20), .hours(24),
  ]
  /// The longest `Retry-After` that is obeyed.
  package static let longestWish = TimeSpan.hours(24)

  /// How long to wait after so many failed attempts, in seconds: the schedule ± 20 %; nil when it is exhausted.
  ///
  /// - Parameter jitter: 0 to 1, where 0.5 is the schedule itself.
  package static func delay(afterAttempts attempts: Int, jitter: Double) -> TimeInterval? {
    guard attempts >= 1, attempts <= waits.count else { return nil }
    return TimeInterval(waits[attempts - 1].seconds) * (0.8 + 0.4 * jitter)
  }
}
