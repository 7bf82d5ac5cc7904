import FoundationEssentials
import Logging
import QuotaCore

/// Empties the outbox: every notifier has a lane of its own, so that a slow or dead channel does not hold up the others.
struct Dispatcher: Sendable {
  let notifiers: [any Notifier]
  let store: any UsageStore
  let clock: any Clock<Duration>
  let now: @Sendable () -> Date
  let random: @Sendable () -> Double
  let logger: Logger

  /// How long a run waits for retries, in seconds.
  static let defaultBudget = 30.0

  /// Sends what is due while some work goes on, and afterwards what becomes due within the budget.
  ///
  /// - Parameters:
  ///   - budget: seconds after the end of the work.
  ///   - work: gets a bell to ring whenever it has queued something.
  func run<Value>(
    budget: Double = Self.defaultBudget, during work: (_ ring: @escaping @Sendable () -> Void) async throws -> Value
  ) async throws -> (value: Value, count: DeliveryCount) {
    let elapsed = clock.stopwatch()
    let bells = notifiers.map { _ in AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }
    return try await withThrowingTaskGroup(of: DeliveryCount.self) { group in
      for (notifier, bell) in zip(notifiers, bells) {
        group.addTask {
          var lane = DeliveryLane(notifier: notifier, by: self, elapsed: elapsed)
          return try await lane.run(rings: bell.stream, budget: budget)
        }
      }
      defer { for bell in bells { bell.continuation.finish() } }
      let ring: @Sendable () -> Void = { for bell in bells { bell.continuation.yield() } }
      ring()
      let value = try await work(ring)
      for bell in bells { bell.continuation.finish() }
      return (value, try await group.reduce(DeliveryCount(), +))
    }
  }
}

extension Service {
  /// A dispatcher for these notifiers.
  func dispatcher(_ notifiers: [any Notifier], _ store: any UsageStore) -> Dispatcher {
    Dispatcher(
      notifiers: notifiers, store: store, clock: world.clock, now: world.now, random: world.random,
      logger: world.logger)
  }
}
