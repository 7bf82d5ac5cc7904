import FoundationEssentials
import Logging
import QuotaCore

/// Sends what is due for one notifier, one message after the other.
///
/// Every attempt is recorded before it begins and when it has ended. A channel that works gets everything. One that failed
/// last time gets its most urgent message; when that has arrived, it works. One that fails again, or asks for a longer pause than there
/// is time, is left alone until the next run.
struct DeliveryLane {
  private let notifier: any Notifier
  private let fingerprint: ChannelFingerprint
  private let store: any UsageStore
  private let elapsed: Stopwatch
  private let now: @Sendable () -> Date
  private let random: @Sendable () -> Double
  private let logger: Logger

  private(set) var count = DeliveryCount()
  private var health = ChannelHealth()
  /// Whether the channel has failed in an earlier run, and not worked since.
  private var wasSick = false
  private var failures = 0
  private var isLeftAlone = false
  /// What some of those whom it is for take later: they are tried again in the next run.
  private var postponed: Set<MessageID> = []
  /// Not before this moment of the stopwatch: the channel's pace, or a rest after a failure.
  private var nextSend = 0.0

  init(notifier: any Notifier, by dispatcher: Dispatcher, elapsed: Stopwatch) {
    self.notifier = notifier
    self.elapsed = elapsed
    fingerprint = dispatcher.fingerprint
    store = dispatcher.store
    now = dispatcher.now
    random = dispatcher.random
    logger = dispatcher.logger
  }

  /// Sends what is due at each ring, and when the rings have ended what becomes due within the budget. What a sick channel
  /// is tried with is known only when everything is queued, so it passes over the first ring. When it is cancelled it records the attempt
  /// under way and ends.
  ///
  /// - Parameter budget: seconds.
  mutating func run(rings: AsyncStream<Void>, budget: Double) async throws {
    health = try await store.read { [id = notifier.id] in try $0.health(of: id) }
    wasSick = health.isSick
    isLeftAlone = health.disabled != nil
    var isFirst = true
    do {
      for await _ in rings {
        if !isFirst || !wasSick { try await send(until: nil) }
        isFirst = false
      }
      try await send(until: elapsed.seconds + budget)
    } catch is CancellationError {}
  }

  /// Sends what is due and has been queued since the lane ran. When it is cancelled it records the attempt under way and
  /// ends.
  mutating func resume() async throws {
    do { try await send(until: nil) } catch is CancellationError {}
  }

  /// - Parameter end: until when to wait for what is not due yet; nil sends what is due and returns.
  private mutating func send(until end: Double?) async throws {
    while !isLeftAlone, elapsed.seconds < end ?? .infinity,
      try await store.read({ [id = notifier.id, postponed] in
        try $0.nextDelivery(for: id, urgentFirst: false, except: postponed)
      }) != nil
    {
      try Task.checkCancellation()
      let time = now()
      let rest = health.rest(at: time).map { elapsed.seconds + $0.timeIntervalSince(time) } ?? 0
      let moment = max(nextSend, rest)
      guard moment <= end ?? (elapsed.seconds + max(notifier.pace, 0.001)) else { return }
      try await elapsed.sleep(until: moment)
      try await attempt()
    }
  }

  private mutating func attempt() async throws {
    let start = now()
    let begun = try await store.write { [id = notifier.id, health, postponed] writer in
      let next = try writer.nextDelivery(for: id, urgentFirst: health.isSick, except: postponed)?.beginning(at: start)
      if let next { try writer.update(next) }
      return next
    }
    guard let begun else { return }
    let answer = await notifier.send(begun.payload, id: begun.message, now: start)
    let outcome = Task.isCancelled ? answer.brokenOff(by: "the run's time was over") : answer
    if case .deferred = outcome { postponed.insert(begun.message) }
    let end = now()
    let wasWell = !health.isSick
    let after = begun.after(outcome, at: end)
    health = health.after(outcome, at: end, configuration: try await configuration(after: outcome))
    let given = try await store.write { [health, id = notifier.id] writer in
      try writer.update(after)
      try writer.save(health, of: id)
      return health.isSick ? try writer.giveUp(tooOldAt: end, for: id, because: after.lastAnswer) : []
    }
    count.add(after)
    log(after, isNews: wasWell)
    given.forEach { count.add($0) }
    if !given.isEmpty {
      let reason = given.last?.lastAnswer ?? ""
      logger.error("\(notifier.id): \(given.count.counted("message")) given up, which waited for too long: \(reason)")
    }
    rest(after: outcome)
  }

  /// The digest of the configuration that a channel rests or is disabled with; nothing needs one otherwise.
  private func configuration(after outcome: SendOutcome) async throws -> String {
    switch outcome {
    case .channelDead, .retryable(_, retryAfter: .some): break
    case .delivered, .deferred, .retryable, .unknown, .rejected: return ""
    }
    let installation = try await store.read { try $0.installation() }
    return await fingerprint.of(notifier.id, in: installation) ?? ""
  }

  private mutating func rest(after outcome: SendOutcome) {
    nextSend = elapsed.seconds + notifier.pace
    guard health.isSick else {
      (failures, wasSick) = (0, false)
      return
    }
    failures += 1
    guard !wasSick, health.disabled == nil,
      let delay = DeliverySchedule.delay(afterFailures: failures, jitter: random())
    else {
      isLeftAlone = true
      return
    }
    nextSend = max(nextSend, elapsed.seconds + delay)
  }

  /// - Parameter isNews: whether the channel has worked so far: that it goes on failing is none.
  private func log(_ delivery: Delivery, isNews: Bool) {
    let subject = "\(delivery.notifier): \(delivery.message)"
    let answer = delivery.lastAnswer ?? ""
    switch delivery.status {
    case .delivered where delivery.isRefusedInPart:
      logger.warning("\(subject): delivered, but not to everybody: \(delivery.remark ?? "")")
    case .delivered: logger.info("\(subject): delivered: \(answer)")
    case .pending:
      logger.log(
        level: isNews && (health.isSick || delivery.attempts == 1) ? .warning : .info,
        "\(subject): attempt \(delivery.attempts)\(health.isSick ? " failed" : ""): \(answer)")
    case .dead:
      logger.error(
        "\(subject): given up after \(delivery.attempts.counted("attempt")): \(answer); see `quotawatch notify list --dead`"
      )
    case .withdrawn: break
    }
  }
}

extension StoreWriter {
  /// Gives up every pending message of a failing channel that has waited too long; returns them.
  fileprivate func giveUp(tooOldAt now: Date, for notifier: NotifierID, because reason: String?) throws -> [Delivery] {
    let old = try deliveries([.pending]).filter { $0.notifier == notifier && $0.isTooOld(at: now) }
    return try old.map { delivery in
      let dead = delivery.givenUp(at: now, because: reason ?? "")
      try update(dead)
      return dead
    }
  }
}

/// What became of the attempts of a run.
package struct DeliveryCount: Sendable, Hashable {
  package var delivered = 0
  /// Attempts that failed and will be repeated.
  package var failed = 0
  /// Deliveries that were given up.
  package var dead = 0
  /// Deliveries that not everybody was to have.
  package var refusedInPart = 0

  fileprivate mutating func add(_ delivery: Delivery) {
    switch delivery.status {
    case .delivered:
      delivered += 1
      refusedInPart += delivery.isRefusedInPart ? 1 : 0
    case .dead: dead += 1
    case .pending: failed += 1
    case .withdrawn: break
    }
  }

  static func + (first: Self, second: Self) -> Self {
    Self(
      delivered: first.delivered + second.delivered, failed: first.failed + second.failed,
      dead: first.dead + second.dead, refusedInPart: first.refusedInPart + second.refusedInPart)
  }
}
