import FoundationEssentials
import Logging
import Notifiers
import QuotaCore
import Synchronization

/// Tells a monitor of scheduled jobs how runs go, in the manner of Healthchecks: `URL/start`, and then `URL` or `URL/fail`.
/// A run that is not started at all is what the monitor itself notices.
///
/// What becomes of the pings never changes what becomes of the run.
struct Heartbeat: Sendable {
  let endpoint: WebEndpoint
  let world: World

  /// How long a run's end waits for the ping of its beginning, and how long for all, in seconds of real time, as the
  /// network's are.
  var longestBeginning = Duration.seconds(3)
  var longestEnd = Duration.seconds(10)

  /// Runs something and tells its beginning, once it says that it has begun, and its end.
  ///
  /// Nothing is told of a run that was not begun since another one is active.
  func accompany(
    _ run: (_ begin: @escaping @Sendable () -> Void) async throws -> CollectReport
  ) async throws -> CollectReport {
    let elapsed = world.clock.stopwatch()
    let beginning = Mutex<Task<Void, Never>?>(nil)
    let outcome: Result<CollectReport, any Error>
    do {
      outcome = .success(
        try await run { beginning.withLock { $0 = $0 ?? Task { await ping(HeartbeatPing(.start, "the run begins")) } } }
      )
    } catch {
      outcome = .failure(error)
    }
    let begun = beginning.withLock { $0 }
    if begun != nil || !outcome.isBusy {
      let end = HeartbeatPing(outcome, seconds: elapsed.seconds)
      // What has ended the run does not end this.
      let isTold = await Task.detached {
        await within(longestEnd) {
          if let begun { _ = await within(longestBeginning) { await begun.valueOrCancelled } }
          await ping(end)
        }
      }.value
      if !isTold { world.logger.warning("heartbeat: the monitor did not answer in \(longestEnd)") }
    }
    return try outcome.get()
  }

  /// Tells the monitor, with a few attempts, and says in the log if that fails.
  private func ping(_ ping: HeartbeatPing) async {
    do throws(SecretError) {
      let address = try await endpoint.address(from: world.secrets)
      let sender = HeartbeatSender(http: world.http, elapsed: world.clock.stopwatch())
      if let problem = await sender.send(ping, to: address) {
        world.logger.warning("heartbeat: the monitor could not be told that \(ping.words): \(problem)")
      }
    } catch {
      world.logger.warning("heartbeat: \(error.message)")
    }
  }

  /// Does some work, which is cancelled after a time; false if it was.
  private func within(_ time: Duration, _ work: @escaping @Sendable () async -> Void) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await work()
        return true
      }
      group.addTask {
        try? await Task.sleep(for: time)
        return false
      }
      let isDone = await group.next() ?? true
      group.cancelAll()
      return isDone
    }
  }
}

extension Task<Void, Never> {
  /// Waits for its end, and cancels it with whoever waits.
  fileprivate var valueOrCancelled: Void {
    get async {
      await withTaskCancellationHandler {
        await value
      } onCancel: {
        cancel()
      }
    }
  }
}

extension CollectUsage {
  /// Runs something with a heartbeat, if one is configured.
  func withHeartbeat(
    _ run: (_ begin: @escaping @Sendable () -> Void) async throws -> CollectReport
  ) async throws -> CollectReport {
    guard let endpoint = setup.configuration.heartbeat else { return try await run {} }
    return try await Heartbeat(endpoint: endpoint, world: setup.world).accompany(run)
  }
}

extension Result<CollectReport, any Error> {
  /// Whether it came to nothing since another run is active.
  fileprivate var isBusy: Bool {
    guard case .failure(let error) = self else { return false }
    return (error as? ServiceError)?.status == .busy
  }
}
