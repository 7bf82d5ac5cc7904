/// How lulls bear on the days to come, as a compound Poisson process: where there were several in the last months, more
/// will come.
///
/// Lulls are taken to last as long as it takes an exponentially distributed time to pass, two weeks as a mean, but no
/// more than half of the days to come.
struct Lulls: Hashable, Sendable {
  /// That have ended within about ``span``.
  let count: Int

  /// Four months, in days.
  private static let span = 120.0
  private static let usualLength = 14.0
  /// The most that is taken off.
  private static let largestShare = 0.5

  private func length(within days: Double) -> Double { min(Self.usualLength, days / 2) }

  /// What part of the days to come lulls will take. A single lull is taken for an exception.
  func share(of days: Double) -> Double {
    min(Double(max(count - 1, 0)) * length(within: days) / Self.span, Self.largestShare)
  }

  /// The variance of that part.
  func variance(of days: Double) -> Double {
    guard count > 0, days > 0 else { return 0 }
    let length = length(within: days)
    return 2 * Double(count) * length * length / (Self.span * days)
  }
}
