import Synchronization

/// A value that threads change and that tests wait for.
final class Observed<Value: Sendable>: Sendable {
  private struct Watch: Sendable {
    let condition: @Sendable (Value) -> Bool
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State: Sendable {
    var value: Value
    var watches: [Watch] = []
    var isFinal = false
  }

  private let state: Mutex<State>

  init(_ value: Value) {
    state = Mutex(State(value: value))
  }

  var value: Value { state.withLock { $0.value } }

  /// Changes the value and wakes whoever waited for what it is now.
  func change<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
    let (result, ready) = state.withLock { state in
      let result = body(&state.value)
      let ready = state.watches.filter { $0.condition(state.value) }
      state.watches.removeAll { $0.condition(state.value) }
      return (result, ready)
    }
    ready.forEach { $0.continuation.resume() }
    return result
  }

  /// Nothing changes any more: whoever waits goes on.
  func finish() {
    let watches = state.withLock { state in
      state.isFinal = true
      defer { state.watches = [] }
      return state.watches
    }
    watches.forEach { $0.continuation.resume() }
  }

  /// Returns the value once it satisfies a condition, or once nothing changes any more.
  func when(_ condition: @escaping @Sendable (Value) -> Bool) async -> Value {
    await withCheckedContinuation { continuation in
      let isReady = state.withLock { state in
        if state.isFinal || condition(state.value) { return true }
        state.watches.append(Watch(condition: condition, continuation: continuation))
        return false
      }
      if isReady { continuation.resume() }
    }
    return value
  }
}
