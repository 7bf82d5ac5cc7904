import CLibcurl
import QuotaCore
import Synchronization

/// Drives every HTTP exchange with one multi handle from one thread.
///
/// Everybody else only leaves commands in the inbox and wakes the thread. The thread keeps the engine alive until
/// ``close()``.
final class Engine: Sendable {
  typealias Completion = CheckedContinuation<Result<TransportResponse, TransportError>, Never>

  private enum Command {
    case start(HTTPTransfer, Completion)
    case cancel(HTTPTransfer)
  }

  private struct Inbox {
    var commands: [Command] = []
    var isClosing = false
    var hasEnded = false
    var waitingForEnd: [CheckedContinuation<Void, Never>] = []
  }

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
      leave(.start(transfer, completion), in: &inbox)
      return true
    }
    if !isTaken { completion.resume(returning: .failure(.cancelled)) }
  }

  /// Ends an exchange, be it under way, not yet begun, or over already.
  func cancel(_ transfer: HTTPTransfer) {
    inbox.withLock { inbox in
      guard !inbox.isClosing else { return }
      leave(.cancel(transfer), in: &inbox)
    }
  }

  /// Tells the thread to end.
  func close() {
    inbox.withLock { inbox in
      guard !inbox.isClosing else { return }
      inbox.isClosing = true
      multi.wake()
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

  /// The thread looks into the inbox before it sleeps, so only the first command has to wake it.
  private func leave(_ command: Command, in inbox: inout Inbox) {
    inbox.commands.append(command)
    if inbox.commands.count == 1 { multi.wake() }
  }

  /// The thread's whole life.
  private func run() {
    let exchanges = Exchanges(on: multi)
    var commands: [Command] = []
    var isClosing = false
    while !isClosing {
      commands.removeAll(keepingCapacity: true)
      inbox.withLock { inbox in
        swap(&inbox.commands, &commands)
        isClosing = inbox.isClosing
      }
      for command in commands {
        switch command {
        case .start(let transfer, let completion): exchanges.start(transfer, completion)
        case .cancel(let transfer): exchanges.cancel(transfer)
        }
      }
      guard !isClosing, exchanges.advance() else { break }
    }
    end(exchanges)
  }

  private func end(_ exchanges: Exchanges) {
    let rest = inbox.withLock { inbox in
      inbox.isClosing = true
      defer { inbox.commands = [] }
      return inbox.commands
    }
    for case .start(let transfer, let completion) in rest { exchanges.start(transfer, completion) }
    exchanges.endAll()
    let waiting = inbox.withLock { inbox in
      inbox.hasEnded = true
      defer { inbox.waitingForEnd = [] }
      return inbox.waitingForEnd
    }
    waiting.forEach { $0.resume() }
  }
}
