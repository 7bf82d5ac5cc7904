/// Seconds since a moment of a monotonic clock.
struct Stopwatch: Sendable {
  private let elapsedSeconds: @Sendable () -> Double
  private let sleepFor: @Sendable (Duration) async throws -> Void

  fileprivate init<C: Clock<Duration>>(_ clock: C) {
    let start = clock.now
    elapsedSeconds = { start.duration(to: clock.now) / .seconds(1) }
    sleepFor = { try await clock.sleep(for: $0) }
  }

  /// Since the stopwatch was made.
  var seconds: Double { elapsedSeconds() }

  /// The shortest sleep, in seconds: a rest too small for the clock to tell would never pass.
  private static let shortestSleep = 0.000_001

  /// Sleeps until so many seconds have passed since the start.
  func sleep(until moment: Double) async throws {
    let rest = moment - seconds
    if rest > 0 { try await sleepFor(.seconds(max(rest, Self.shortestSleep))) }
  }
}

extension Clock where Duration == Swift.Duration {
  /// A stopwatch that starts now.
  func stopwatch() -> Stopwatch { Stopwatch(self) }
}
