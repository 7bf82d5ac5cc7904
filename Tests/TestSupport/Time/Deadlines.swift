import Synchronization

/// Deadlines that pass when a test says so, whatever time they are set to.
package final class Deadlines: Sendable {
  private struct State {
    var havePassed = false
    var next = 0
    var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  /// Returns when the deadlines have passed.
  package func wait() async throws {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let havePassed = state.withLock { state in
          if !state.havePassed { state.waiting[id] = continuation }
          return state.havePassed
        }
        if havePassed { return continuation.resume() }
        // The task may have been cancelled before the continuation was there to be found.
        if Task.isCancelled { end(id) }
      }
    } onCancel: {
      end(id)
    }
  }

  /// Lets every deadline pass, until ``reset()``.
  package func pass() {
    let waiting = state.withLock { state in
      defer { state.waiting = [:] }
      state.havePassed = true
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume() }
  }

  /// From now on no deadline has passed.
  package func reset() {
    state.withLock { $0.havePassed = false }
  }

  private func end(_ id: Int) {
    state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
  }
}
