import FoundationEssentials
import Glibc
import Hummingbird
import Logging
import NIOCore
import NIOPosix

/// A Hummingbird server on 127.0.0.1 that runs in a task of its own until it is stopped.
///
/// Its sockets and its tasks share one thread, so that a request never waits for another thread to wake up.
struct LoopbackServer: Sendable {
  let port: Int
  private let task: Task<Void, Never>
  private let threads: MultiThreadedEventLoopGroup

  /// Starts serving and returns when connections are accepted.
  ///
  /// - Parameters:
  ///   - port: 0 for any free one.
  ///   - now: what its answers are dated with.
  static func start(
    _ router: Router<SandboxContext>, port: Int, now: @escaping @Sendable () -> Date
  ) async throws -> LoopbackServer {
    let threads = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (ports, continuation) = AsyncThrowingStream<Int, any Error>.makeStream()
    let application = Application(
      router: router,
      server: .http1(configuration: .init(additionalChannelHandlers: [DateHandler(now: now)])),
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port), backlog: 1_024),
      onServerRunning: { continuation.yield($0.localAddress?.port ?? port) },
      eventLoopGroupProvider: .shared(threads),
      logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() })
    let task = Task(executorPreference: EventLoopExecutor(loop: threads.next())) {
      do {
        try await application.run()
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    do {
      for try await port in ports { return LoopbackServer(port: port, task: task, threads: threads) }
    } catch {
      await end(threads)
      guard let error = error as? IOError else { throw error }
      throw SandboxError.cannotListen(service: "HTTP", port: port, reason: String(cString: strerror(error.errnoCode)))
    }
    await end(threads)
    throw CancellationError()
  }

  /// Ends every connection, hanging ones too, and returns when none is left.
  func stop() async {
    task.cancel()
    await task.value
    await Self.end(threads)
  }

  private static func end(_ threads: MultiThreadedEventLoopGroup) async {
    await withCheckedContinuation { continuation in
      // It fails only where they have ended already.
      threads.shutdownGracefully { _ in continuation.resume() }
    }
  }
}

/// Runs tasks on an event loop's thread.
private final class EventLoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(loop: any EventLoop) {
    self.loop = loop
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
