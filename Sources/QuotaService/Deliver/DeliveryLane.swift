import FoundationEssentials
import Logging
import QuotaCore

/// Sends what is due for one notifier, one message after the other.
///
/// Every attempt is recorded before the next begins. A channel that fails several times in a row, or asks for a longer
/// pause than there is time, is left alone until the next run, so that its messages keep their attempts.
struct DeliveryLane {
  private let notifier: any Notifier
  private let store: any UsageStore
  private let elapsed: Stopwatch
  private let now: @Sendable () -> Date
  private let random: @Sendable () -> Double
  private let logger: Logger

  private var count = DeliveryCount()
  private var failuresInARow = 0
  /// Not before this moment of the stopwatch: the channel's pace, or its own wish.
  private var nextSend = 0.0

  /// After how many failures in a row a channel is left alone in this run.
  private static let mostFailuresInARow = 3

  init(notifier: any Notifier, by dispatcher: Dispatcher, elapsed: Stopwatch) {
    self.notifier = notifier
    self.elapsed = elapsed
    store = dispatcher.store
    now = dispatcher.now
    random = dispatcher.random
    logger = dispatcher.logger
  }

  /// Sends what is due at each ring, and when the rings have ended what becomes due within the budget. When it is
  /// cancelled it records the attempt under way and ends.
  ///
  /// - Parameter budget: seconds.
  mutating func run(rings: AsyncStream<Void>, budget: Double) async throws -> DeliveryCount {
    do {
      for await _ in rings { try await send(until: nil) }
      try await send(until: elapsed.seconds + budget)
    } catch is CancellationError {}
    return count
  }

  /// - Parameter end: until when to wait for what is not due yet; nil sends what is due and returns.
  private mutating func send(until end: Double?) async throws {
    while failuresInARow < Self.mostFailuresInARow, elapsed.seconds < end ?? .infinity {
      try Task.checkCancellation()
      guard let delivery = try await store.read({ [id = notifier.id] in try $0.nextDelivery(for: id) }) else { return }
      let wait = delivery.nextAttemptAt.timeIntervalSince(now())
      let moment = max(nextSend, wait > 0 ? elapsed.seconds + wait : 0)
      guard moment <= end ?? (elapsed.seconds + max(notifier.pace, 0.001)) else { return }
      try await elapsed.sleep(until: moment)
      try await attempt(delivery)
    }
  }

  private mutating func attempt(_ delivery: Delivery) async throws {
    let answer = await notifier.send(delivery.payload, id: delivery.message, now: now())
    let outcome = Task.isCancelled ? answer.brokenOff : answer
    let after = delivery.after(outcome, at: now(), jitter: random())
    try await store.write { try $0.update(after) }
    count.add(after)
    log(after)
    nextSend = elapsed.seconds + notifier.pace
    guard case .retryable(_, let wish) = outcome else {
      failuresInARow = 0
      return
    }
    failuresInARow += 1
    nextSend = max(nextSend, elapsed.seconds + Double(wish?.seconds ?? 0))
  }

  private func log(_ delivery: Delivery) {
    let subject = "\(delivery.notifier): \(delivery.message)"
    let answer = delivery.lastAnswer ?? ""
    switch delivery.status {
    case .delivered: logger.info("\(subject): delivered: \(answer)")
    case .pending:
      logger.warning(
        "\(subject): attempt \(delivery.attempts) failed: \(answer); next at \(delivery.nextAttemptAt.iso8601)")
    case .dead:
      logger.error("\(subject): given up after \(delivery.attempts) attempts: \(answer); see `quotawatch notify list`")
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

  fileprivate mutating func add(_ delivery: Delivery) {
    switch delivery.status {
    case .delivered: delivered += 1
    case .dead: dead += 1
    case .pending: failed += 1
    }
  }

  static func + (first: Self, second: Self) -> Self {
    Self(
      delivered: first.delivered + second.delivered, failed: first.failed + second.failed,
      dead: first.dead + second.dead)
  }
}
