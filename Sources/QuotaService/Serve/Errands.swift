import Logging
import QuotaCore

/// Sends, beside the runs, what somebody has made due.
struct Errands: Sendable {
  private let rings: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  private let served: ServedConfiguration

  /// How long one takes at most, in seconds: the next run sends the rest.
  private static let budget = 10.0

  init(_ served: ServedConfiguration) {
    (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.served = served
  }

  /// Says that something is due.
  func ring() { continuation.yield() }

  /// Runs until it is cancelled.
  func run() async throws {
    for await _ in rings {
      let setup = served.state.setup
      do {
        try await setup.sendWhatIsDue(budget: Self.budget)
      } catch is CancellationError {
        // The server ends; what was under way is sent by the next run.
      } catch {
        let reason = (error as? ServiceError)?.lines.joined(separator: "; ") ?? "\(error)"
        setup.world.logger.error("what is due was not sent, the next run does that: \(reason)")
      }
    }
    try Task.checkCancellation()
  }
}
