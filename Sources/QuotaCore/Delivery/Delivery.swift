package import FoundationEssentials

/// The user's name for a configured channel; see ``Identifier``.
package typealias NotifierID = ID<any Notifier>

/// One message on its way to one notifier: a row of the outbox.
package struct Delivery: Hashable, Sendable {
  package enum Status: String, Hashable, Codable, CaseIterable, Sendable {
    case pending
    case delivered
    /// Given up: a dead letter, until somebody dismisses it or has it sent again.
    case dead
    /// Taken back before it was delivered: what it tells is told in another message, or not at all.
    case withdrawn
  }

  package let message: MessageID
  package let notifier: NotifierID
  /// The notifier's `type` when the message was composed: another type could not send it.
  package let channel: String
  /// What is sent, composed when the message was queued: the same bytes in every attempt, except for who is still to have
  /// it; see ``SendOutcome/deferred(rest:answer:remark:)``.
  package var payload: [UInt8]
  /// A sick channel is tried with the greatest first; see ``Message/urgency``.
  package let urgency: Int
  package var status: Status
  /// How many attempts were begun.
  package var attempts: Int
  /// When it was queued, or made due again, or what it takes the place of: the beginning of its age.
  package var queuedAt: Date
  /// When the last attempt has begun, or ended.
  package var lastAttemptAt: Date?
  /// What came of the last attempt, one line; nil before the first, and while it is not known.
  package var lastAnswer: String?
  /// Whether the other side may have it though it has not said so: the last attempt was killed, broken off or not
  /// answered. Then nothing else may be told in its place.
  package var mayHaveArrived = false
  /// Whether some of those whom it is for have it: nothing newer waits for the others.
  package var hasArrivedInPart = false
  /// What was unusual in the answer to a delivery; see ``SendOutcome/delivered(answer:remark:)``.
  package var remark: String?
  /// When it was given up; nil unless it is dead.
  package var diedAt: Date?
  /// Who has said of the dead letter that it is dealt with.
  package var dismissal: Dismissal?

  /// Somebody's word that a dead letter needs no more attention.
  package struct Dismissal: Hashable, Sendable {
    package let at: Date
    /// Who, as they are called on their machine.
    package let by: String

    package init(at: Date, by: String) {
      self.at = at
      self.by = by
    }
  }

  package init(
    message: MessageID, notifier: NotifierID, channel: String, payload: [UInt8], urgency: Int = 0,
    status: Status = .pending, attempts: Int = 0, queuedAt: Date, lastAttemptAt: Date? = nil, lastAnswer: String? = nil,
    remark: String? = nil, diedAt: Date? = nil
  ) {
    self.message = message
    self.notifier = notifier
    self.channel = channel
    self.payload = payload
    self.urgency = urgency
    self.status = status
    self.attempts = attempts
    self.queuedAt = queuedAt
    self.lastAttemptAt = lastAttemptAt
    self.lastAnswer = lastAnswer
    self.remark = remark
    self.diedAt = diedAt
  }
}

/// What became of one attempt to send.
package enum SendOutcome: Hashable, Sendable {
  /// The other side took it, with this answer (one line). `remark` says what is unusual in the answer, so that a
  /// person may look whether it has arrived: nil for an answer as the service documents it.
  case delivered(answer: String, remark: String? = nil)
  /// The channel works, and takes it later for some of those whom it is for, or all. `rest` is the payload for them, whom a
  /// later run tries again.
  case deferred(rest: [UInt8], answer: String, remark: String? = nil)
  /// The channel cannot take it now, and that passes: an overload, a limit, a failure of the network. `retryAfter` is
  /// the other side's retry-after.
  case retryable(reason: String, retryAfter: TimeSpan? = nil)
  /// Nobody knows whether the other side has taken it: another attempt brings the same message once more.
  case unknown(reason: String)
  /// This message will never be taken; others may be.
  case rejected(reason: String)
  /// The channel takes nothing until somebody repairs it or its configuration.
  case channelDead(reason: String)

  /// Whether the message was taken, but somebody whom it was for will never get it.
  package var isRefusedInPart: Bool {
    if case .delivered(_, let remark?) = self { remark.hasPrefix(Delivery.refusal) } else { false }
  }

  /// What became of it, in words.
  package var words: String {
    switch self {
    case .delivered(let answer, let remark): "delivered: \(answer)\(remark.map { " (\($0))" } ?? "")"
    case .deferred(_, let answer, let remark):
      "not everybody has it: \(answer)\(remark.map { " (\($0))" } ?? "")"
    case .retryable(let reason, _), .unknown(let reason), .rejected(let reason), .channelDead(let reason):
      "failed: \(reason)"
    }
  }

  /// Whether everybody has it whom it was for.
  package var isDelivered: Bool { if case .delivered = self { !isRefusedInPart } else { false } }

  /// What became of an attempt that was ended before its time. Unless the other side has taken the message, nobody knows
  /// whether it has it: another attempt brings the same message once more.
  ///
  /// - Parameter end: what has ended it, in words.
  package func brokenOff(by end: String) -> SendOutcome {
    switch self {
    case .delivered, .deferred: return self
    case .retryable, .unknown, .rejected, .channelDead: break
    }
    return .unknown(reason: "broken off: there was no answer before \(end)")
  }
}

extension Delivery {
  /// The delivery whose next attempt begins: stored before anything is sent, so that it is known to have been begun
  /// whatever happens.
  package func beginning(at now: Date) -> Delivery {
    var next = self
    next.attempts += 1
    next.lastAttemptAt = now
    next.lastAnswer = nil
    next.mayHaveArrived = true
    return next
  }

  /// The delivery after the attempt that was begun.
  ///
  /// - Parameter end: when the attempt ended.
  package func after(_ outcome: SendOutcome, at end: Date) -> Delivery {
    var next = self
    next.lastAttemptAt = end
    next.mayHaveArrived = if case .unknown = outcome { true } else { false }
    switch outcome {
    case .delivered(let answer, let remark):
      next.status = .delivered
      next.lastAnswer = answer
      next.add(remark)
    case .deferred(let rest, let answer, let remark):
      next.hasArrivedInPart = hasArrivedInPart || rest != payload
      (next.payload, next.lastAnswer) = (rest, answer)
      next.add(remark)
      if isTooOld(at: end) { return next.givenUp(at: end, because: answer) }
    case .rejected(let reason), .channelDead(let reason): return next.givenUp(at: end, because: reason)
    case .retryable(let reason, _), .unknown(let reason):
      next.lastAnswer = reason
      if isTooOld(at: end) { return next.givenUp(at: end, because: reason) }
    }
    return next
  }

  /// Who was refused while others were deferred is not forgotten when these have it.
  private mutating func add(_ remark: String?) {
    let remarks = [self.remark, remark].compactMap { $0 }
    self.remark = remarks.isEmpty ? nil : remarks.joined(separator: "; ")
  }

  /// The delivery as a dead letter, for a reason in one line.
  package func givenUp(at now: Date, because reason: String) -> Delivery {
    var dead = self
    dead.status = .dead
    dead.diedAt = now
    dead.lastAnswer = reason
    return dead
  }

  /// What the remark begins with where some of those whom a message is for will never get it.
  package static let refusal = "refused: "

  /// Whether somebody whom it was for was refused for good.
  package var isRefusedInPart: Bool { remark?.hasPrefix(Self.refusal) ?? false }

  /// Whether a failing channel is not waited for any longer.
  package func isTooOld(at now: Date) -> Bool { now >= queuedAt + DeliverySchedule.longestAge }

  /// The delivery made due again from the start, with the same bytes: somebody wants it tried.
  package func restarted(at now: Date) -> Delivery {
    var next = self
    next.status = .pending
    next.queuedAt = now
    next.diedAt = nil
    next.dismissal = nil
    return next
  }
}

/// When a failing channel is tried again.
///
/// Within a run the waits grow. Between runs there are none: each run begins with one message, and sends the others when
/// that one has arrived.
package enum DeliverySchedule {
  /// The waits between the attempts of one run, before jitter.
  package static let waits: [TimeSpan] = [.seconds(5), .minutes(5)]
  /// A message that a failing channel has not taken for so long is given up.
  package static let longestAge = TimeSpan.days(3)
  /// The longest `Retry-After` that is obeyed: by then every message that waits for it is given up.
  package static let longestRetryAfter = longestAge

  /// How long a channel rests after so many failures in this run, in seconds: the schedule ± 20 %; nil when it is left to
  /// the next run.
  ///
  /// - Parameter jitter: 0 to 1, where 0.5 is the schedule itself.
  package static func delay(afterFailures failures: Int, jitter: Double) -> TimeInterval? {
    guard failures >= 1, failures <= waits.count else { return nil }
    return TimeInterval(waits[failures - 1].seconds) * (0.8 + 0.4 * jitter)
  }
}
