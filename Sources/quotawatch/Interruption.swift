import Synchronization

/// Which signal has asked the process to end, if any.
final class Interruption: Sendable {
  private let signal = Mutex<Int32?>(nil)

  var value: Int32? { signal.withLock { $0 } }

  func store(_ number: Int32) {
    signal.withLock { $0 = number }
  }
}
