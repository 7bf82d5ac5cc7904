package import FoundationEssentials
import Synchronization

/// A clock that waits for nobody: whoever sleeps wakes at once, and the time has passed.
///
/// It is both the monotonic clock and the calendar of a test, so that waits and stamps agree.
package final class TestClock: Clock, Sendable {
  package struct Instant: InstantProtocol {
    fileprivate let sinceStart: Duration

    package func advanced(by duration: Duration) -> Instant { Instant(sinceStart: sinceStart + duration) }
    package func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }
    package static func < (first: Instant, second: Instant) -> Bool { first.sinceStart < second.sinceStart }
  }

  private let start: Date
  private let elapsed = Mutex(Duration.zero)

  /// - Parameter start: the date at which the clock begins.
  package init(_ start: Date) {
    self.start = start
  }

  /// A clock that begins at a time such as `2026-11-23T12:00:00.000Z`.
  package convenience init?(iso8601 text: String) {
    guard let date = try? Date(text, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
    else { return nil }
    self.init(date)
  }

  package var now: Instant { Instant(sinceStart: elapsed.withLock { $0 }) }
  package var minimumResolution: Duration { .zero }

  /// The date that it is.
  package var date: Date {
    let seconds = elapsed.withLock { $0 } / .seconds(1)
    return Date(timeIntervalSince1970: ((start.timeIntervalSince1970 + seconds) * 1_000).rounded() / 1_000)
  }

  /// Lets time pass.
  package func advance(by duration: Duration) {
    elapsed.withLock { $0 += duration }
  }

  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    elapsed.withLock { $0 = max($0, deadline.sinceStart) }
    await Task.yield()
  }
}
