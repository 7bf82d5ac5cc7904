import FoundationEssentials
import QuotaCore
import Synchronization

/// The time that the requests of a run have.
final class RunTime: Sendable {
  private let elapsed: Stopwatch
  /// In seconds since the stopwatch was started.
  private let end: Double
  private let deadline: @Sendable (_ seconds: Double) async throws -> Void
  private let isOver = Atomic(false)

  /// - Parameter deadline: returns after so many seconds.
  init(
    _ elapsed: Stopwatch, _ policy: RequestPolicy,
    deadline: @escaping @Sendable (_ seconds: Double) async throws -> Void
  ) {
    self.elapsed = elapsed
    self.deadline = deadline
    end = policy.deadline + policy.grace
  }

  /// Seconds since the beginning; infinite once the time is over.
  var seconds: Double { isOver.load(ordering: .relaxed) ? .infinity : elapsed.seconds }

  /// Runs workers side by side until all have ended, and cancels what they have under way when the time is over.
  func run(workers: Int, _ work: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<workers {
        group.addTask {
          try await work()
          return true
        }
      }
      group.addTask { [self] in
        if (try? await deadline(max(0, end - elapsed.seconds))) != nil {
          isOver.store(true, ordering: .relaxed)
        }
        return false
      }
      var open = workers
      while open > 0, let isWorker = try await group.next() {
        if isWorker { open -= 1 } else { group.cancelAll() }
      }
      group.cancelAll()
    }
  }

  /// Throws if the task was cancelled for another reason than that the time is over.
  func checkInterruption() throws {
    if !isOver.load(ordering: .relaxed) { try Task.checkCancellation() }
  }

  /// Sleeps until so many seconds have passed since the beginning, or the time is over.
  func sleep(until moment: Double) async throws {
    do {
      try await elapsed.sleep(until: moment)
    } catch {
      try checkInterruption()
    }
  }

  /// What to say of a key that may not be used before a moment.
  func rest(until moment: Double, _ now: Date) -> String {
    let end = now.addingTimeInterval(moment - elapsed.seconds)
    return "; no request with this key before \(end.iso8601), when this run is over"
  }
}
