import Synchronization

/// What arrived, in order, and a way to wait for more of it.
///
/// Holds the latest entries only, so that a benchmark's tens of thousands do not fill the memory; the total counts all.
package final class ArrivalLog<Element: Sendable>: Sendable {
  private struct State {
    var entries: [Element] = []
    var total = 0
    var waiters: [Int: Waiter] = [:]
    var nextWaiter = 0
  }

  private struct Waiter {
    let total: Int
    let continuation: CheckedContinuation<Void, any Error>
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: how many entries are kept at least; up to twice as many are, so that dropping is rare.
  package init(capacity: Int) {
    self.capacity = max(0, capacity)
  }

  /// How many have arrived, those that are no longer kept included.
  package var total: Int { state.withLock { $0.total } }

  /// What is kept, oldest first.
  package var entries: [Element] { state.withLock { Array($0.entries.suffix(capacity)) } }

  /// Forgets the entries and counts from zero again. Who waits goes on waiting.
  package func clear() {
    state.withLock {
      $0.entries = []
      $0.total = 0
    }
  }

  /// Returns what is kept as soon as so many have arrived since the start or the last ``clear()``.
  ///
  /// Throws `CancellationError` if the task is cancelled before.
  @discardableResult
  package func wait(untilTotal total: Int) async throws -> [Element] {
    let id = state.withLock {
      $0.nextWaiter += 1
      return $0.nextWaiter
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome: Result<Void, any Error>? = state.withLock {
          if $0.total >= total { return .success(()) }
          // A cancellation that came first has found no waiter to end.
          if Task.isCancelled { return .failure(CancellationError()) }
          $0.waiters[id] = Waiter(total: total, continuation: continuation)
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
      waiter?.continuation.resume(throwing: CancellationError())
    }
    return entries
  }

  func append(_ element: Element) {
    let arrived = state.withLock { state in
      state.total += 1
      state.entries.append(element)
      if state.entries.count >= 2 * max(1, capacity) { state.entries.removeFirst(state.entries.count - capacity) }
      guard !state.waiters.isEmpty else { return [Waiter]() }
      let due = state.waiters.filter { $0.value.total <= state.total }
      for id in due.keys { state.waiters[id] = nil }
      return Array(due.values)
    }
    for waiter in arrived { waiter.continuation.resume() }
  }
}
