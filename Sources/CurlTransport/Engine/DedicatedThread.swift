import Glibc
import QuotaCore

/// A thread for work that blocks, outside of Swift's cooperative pool.
enum DedicatedThread {
  private final class Work {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
      self.body = body
    }
  }

  /// Runs the body on a new thread on which `SIGPIPE` is blocked: writing to a broken connection is an error there and
  /// not the process's end, and the rest of the process (and programs that it starts) keep their signal handling.
  static func start(_ body: @escaping @Sendable () -> Void) throws(TransportError) {
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      work.release()
      throw .disconnected("cannot start a thread: \(String(cString: strerror(code)))")
    }
    pthread_detach(thread)
  }
}
