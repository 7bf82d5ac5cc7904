import FoundationEssentials
import QuotaCore
import Synchronization

/// Starts one run after another, and knows how the present one fares.
///
/// A run is what `collect` does: the same locks, so that commands beside it work.
final class RunSchedule: Sendable {
  /// What the loop is at.
  private enum Phase: Sendable {
    case waiting
    /// A run, which is stuck from that moment on by the stopwatch.
    case running(until: Double)
  }

  private let configuration: ServedConfiguration
  private let elapsed: Stopwatch
  private let report: @Sendable (Result<CollectReport, any Error>) -> Void
  private let phase = Mutex(Phase.waiting)
  /// Whether somebody asks for a run that has not begun.
  private let isAsked = Mutex(false)
  private let deliveryBudget = CollectUsage.Options().deliveryBudget

  /// How long after its own deadlines a run counts as stuck, in seconds.
  private static let patience = 120.0
  /// How often one looks whether there is another schedule, or somebody asks for a run, in seconds.
  private static let idleInterval = 1.0

  /// - Parameter report: told what came of each run.
  init(_ configuration: ServedConfiguration, _ report: @escaping @Sendable (Result<CollectReport, any Error>) -> Void) {
    self.configuration = configuration
    self.report = report
    elapsed = configuration.state.setup.world.clock.stopwatch()
  }

  /// Whether the loop turns: nothing runs, or what runs is inside its deadlines.
  var isTurning: Bool {
    phase.withLock { phase in
      if case .running(let until) = phase { elapsed.seconds < until } else { true }
    }
  }

  /// Begins a run within a second, or when the present one has ended.
  func startSoon() { isAsked.withLock { $0 = true } }

  /// Runs until it is cancelled.
  func run() async throws {
    while true {
      let setup = configuration.state.setup
      let isAsked = isAsked.withLock { asked in
        defer { asked = false }
        return asked
      }
      guard setup.configuration.schedule != nil || isAsked else {
        try await elapsed.sleep(until: elapsed.seconds + Self.idleInterval)
        continue
      }
      let begun = elapsed.seconds
      await collect(setup)
      try Task.checkCancellation()
      guard let schedule = setup.configuration.schedule else { continue }
      let next = begun + Double(schedule.every.seconds) + schedule.jitter * setup.world.random()
      try await wait(until: next, by: schedule)
    }
  }

  /// Waits, unless a reload brings another schedule, or somebody asks for a run.
  private func wait(until next: Double, by schedule: Schedule) async throws {
    while elapsed.seconds < next, !isAsked.withLock({ $0 }),
      configuration.state.setup.configuration.schedule == schedule
    {
      try await elapsed.sleep(until: min(next, elapsed.seconds + Self.idleInterval))
    }
  }

  private func collect(_ setup: Setup) async {
    let policy = setup.vendor.policy(requests: setup.configuration.organizations.count)
    let deadline = elapsed.seconds + policy.deadline + policy.grace + deliveryBudget + Self.patience
    phase.withLock { $0 = .running(until: deadline) }
    defer { phase.withLock { $0 = .waiting } }
    do {
      report(.success(try await setup.collect(CollectUsage.Options())))
    } catch is CancellationError {
      // The server ends; what was gathered is stored.
    } catch {
      report(.failure(error))
    }
  }
}
