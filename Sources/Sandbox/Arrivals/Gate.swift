import Synchronization

/// Holds tasks until somebody lets them go.
final class Gate: Sendable {
  /// A place before the gate. Who takes one is let go by the next ``Gate/open()``, even if it comes before the wait.
  struct Ticket: Sendable {
    fileprivate let gate: Gate
    fileprivate let openings: Int

    /// Returns when the gate was opened; throws `CancellationError` if the task is cancelled before.
    func wait() async throws { try await gate.wait(beyond: openings) }
  }

  private struct State {
    var openings = 0
    var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  func ticket() -> Ticket {
    Ticket(gate: self, openings: state.withLock { $0.openings })
  }

  /// Lets everybody go who has a ticket now.
  func open() {
    let released = state.withLock { state in
      let released = Array(state.waiting.values)
      state.waiting = [:]
      state.openings += 1
      return released
    }
    for continuation in released { continuation.resume() }
  }

  private func wait(beyond openings: Int) async throws {
    let id = state.withLock {
      $0.next += 1
      return $0.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome: Result<Void, any Error>? = state.withLock {
          if $0.openings > openings { return .success(()) }
          // A cancellation that came first has found nobody waiting.
          if Task.isCancelled { return .failure(CancellationError()) }
          $0.waiting[id] = continuation
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }
  }
}
