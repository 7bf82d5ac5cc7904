import FoundationEssentials
import Logging
import QuotaCore

/// Empties the outbox: every notifier has a lane of its own, so that a slow or dead channel does not hold up the others.
struct Dispatcher: Sendable {
  let notifiers: [any Notifier]
  let store: any UsageStore
  let clock: any Clock<Duration>
  let deadline: @Sendable (_ seconds: Double) async throws -> Void
  let now: @Sendable () -> Date
  let random: @Sendable () -> Double
  let logger: Logger

  /// The shortest budget, in seconds, so that what the work has queued last is tried once.
  private static let leastBudget = 1.0

  /// What has ended.
  private enum Ending {
    case lane(DeliveryCount)
    case budget
  }

  /// Sends what is due while some work goes on, and afterwards what becomes due within the budget. An attempt that is
  /// under way when the budget is spent is broken off.
  ///
  /// - Parameters:
  ///   - budget: seconds after the end of the work, for everything; at least one.
  ///   - work: gets a bell to ring whenever it has queued something.
  func run<Value>(
    budget: Double, during work: (_ ring: @escaping @Sendable () -> Void) async throws -> Value
  ) async throws -> (value: Value, count: DeliveryCount) {
    let budget = max(budget, Self.leastBudget)
    let elapsed = clock.stopwatch()
    let bells = notifiers.map { _ in AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }
    let result = try await withThrowingTaskGroup(of: Ending.self) { group in
      for (notifier, bell) in zip(notifiers, bells) {
        group.addTask {
          var lane = DeliveryLane(notifier: notifier, by: self, elapsed: elapsed)
          return .lane(try await lane.run(rings: bell.stream, budget: budget))
        }
      }
      defer { for bell in bells { bell.continuation.finish() } }
      let ring: @Sendable () -> Void = { for bell in bells { bell.continuation.yield() } }
      ring()
      let value = try await work(ring)
      for bell in bells { bell.continuation.finish() }
      group.addTask {
        try? await deadline(budget)
        return .budget
      }
      return (value, try await Self.count(of: notifiers.count, in: &group))
    }
    // A lane that was cancelled has recorded its attempt and ended.
    try Task.checkCancellation()
    return result
  }

  /// Waits for the lanes, and ends them when the budget is spent.
  private static func count(
    of lanes: Int, in group: inout ThrowingTaskGroup<Ending, any Error>
  ) async throws -> DeliveryCount {
    var (sum, open) = (DeliveryCount(), lanes)
    while open > 0, let ending = try await group.next() {
      switch ending {
      case .budget: group.cancelAll()
      case .lane(let count):
        sum = sum + count
        open -= 1
      }
    }
    group.cancelAll()
    return sum
  }
}

extension Service {
  /// A dispatcher for these notifiers.
  func dispatcher(_ notifiers: [any Notifier], _ store: any UsageStore) -> Dispatcher {
    Dispatcher(
      notifiers: notifiers, store: store, clock: world.clock, deadline: world.deadline, now: world.now,
      random: world.random, logger: world.logger)
  }
}
