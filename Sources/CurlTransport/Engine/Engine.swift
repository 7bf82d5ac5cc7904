import CLibcurl
import QuotaCore
import Synchronization

/// Drives every HTTP exchange with one multi handle from one thread, on which tasks may run too: what they ask for there
/// begins, and what is answered goes on, without another thread being woken.
///
/// Everybody else only leaves something in the inbox and wakes the thread. The thread keeps the engine alive until
/// ``close()``.
final class Engine: TaskExecutor {
  typealias Completion = CheckedContinuation<Result<TransportResponse, TransportError>, Never>

  private enum Command {
    case start(HTTPTransfer, Completion)
    case cancel(HTTPTransfer)
  }

  private struct Inbox {
    var commands: [Command] = []
    var jobs: [UnownedJob] = []
    /// Whether the thread will look here before it sleeps.
    var isAwake = true
    var isClosing = false
    var hasEnded = false
    var waitingForEnd: [CheckedContinuation<Void, Never>] = []

    var isEmpty: Bool { commands.isEmpty && jobs.isEmpty && !isClosing }
  }

  /// How often jobs that follow from jobs go before libcurl's work.
  private static let mostRounds = 16

  private let inbox = Mutex(Inbox())
  private let multi: MultiHandle

  init(maximumConnections: Int) throws(TransportError) {
    try CurlLibrary.start()
    multi = try MultiHandle(maximumConnections: maximumConnections)
    try DedicatedThread.start { [self] in run() }
  }

  /// Begins an exchange; the completion is resumed exactly once.
  func start(_ transfer: HTTPTransfer, _ completion: Completion) {
    let isTaken = inbox.withLock { inbox in
      guard !inbox.isClosing else { return false }
      inbox.commands.append(.start(transfer, completion))
      wake(&inbox)
      return true
    }
    if !isTaken { completion.resume(returning: .failure(.cancelled)) }
  }

  /// Ends an exchange, be it under way, not yet begun, or over already.
  func cancel(_ transfer: HTTPTransfer) {
    inbox.withLock { inbox in
      guard !inbox.isClosing else { return }
      inbox.commands.append(.cancel(transfer))
      wake(&inbox)
    }
  }

  /// Runs a part of a task; when the thread has ended, where tasks run by themselves.
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isTaken = inbox.withLock { inbox in
      guard !inbox.hasEnded else { return false }
      inbox.jobs.append(job)
      wake(&inbox)
      return true
    }
    if !isTaken { globalConcurrentExecutor.enqueue(job) }
  }

  /// Tells the thread to end.
  func close() {
    inbox.withLock { inbox in
      guard !inbox.isClosing else { return }
      inbox.isClosing = true
      wake(&inbox)
    }
  }

  /// Tells the thread to end and waits for it.
  func shutdown() async {
    close()
    await withCheckedContinuation { continuation in
      let hasEnded = inbox.withLock { inbox in
        if !inbox.hasEnded { inbox.waitingForEnd.append(continuation) }
        return inbox.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }

  private func wake(_ inbox: inout Inbox) {
    guard !inbox.isAwake else { return }
    inbox.isAwake = true
    multi.wake()
  }

  /// The thread's whole life.
  private func run() {
    let exchanges = Exchanges(on: multi)
    repeat { work(on: exchanges) } while exchanges.advance() && rest()
    end(exchanges)
  }

  /// Does what was left in the inbox, and what follows from that.
  private func work(on exchanges: Exchanges) {
    let executor = asUnownedTaskExecutor()
    for _ in 0..<Self.mostRounds {
      let (commands, jobs) = inbox.withLock { inbox in
        defer { (inbox.commands, inbox.jobs) = ([], []) }
        return (inbox.commands, inbox.jobs)
      }
      guard !commands.isEmpty || !jobs.isEmpty else { return }
      for command in commands {
        switch command {
        case .start(let transfer, let completion): exchanges.start(transfer, completion)
        case .cancel(let transfer): exchanges.cancel(transfer)
        }
      }
      for job in jobs { job.runSynchronously(on: executor) }
    }
  }

  /// Sleeps unless there is something in the inbox. False when the thread is to end.
  private func rest() -> Bool {
    let isIdle = inbox.withLock { inbox in
      inbox.isAwake = !inbox.isEmpty
      return !inbox.isAwake
    }
    let isAble = !isIdle || multi.wait()
    return inbox.withLock { inbox in
      inbox.isAwake = true
      return isAble && !inbox.isClosing
    }
  }

  private func end(_ exchanges: Exchanges) {
    let rest = inbox.withLock { inbox in
      inbox.isClosing = true
      defer { inbox.commands = [] }
      return inbox.commands
    }
    for case .start(let transfer, let completion) in rest { exchanges.start(transfer, completion) }
    exchanges.endAll()
    let (jobs, waiting) = inbox.withLock { inbox in
      inbox.hasEnded = true
      defer { (inbox.jobs, inbox.waitingForEnd) = ([], []) }
      return (inbox.jobs, inbox.waitingForEnd)
    }
    for job in jobs { globalConcurrentExecutor.enqueue(job) }
    waiting.forEach { $0.resume() }
  }
}
