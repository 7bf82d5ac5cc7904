/// What a counter is expected to come to: the halves of two normal distributions with the same middle, since lulls only
/// take something away.
struct Outlook: Hashable, Sendable {
  let expected: Double
  /// The standard deviations below and above.
  let below: Double
  let above: Double

  /// The value so many standard deviations above what is expected.
  func value(_ deviations: Double) -> Double { expected + deviations * (deviations < 0 ? below : above) }

  /// How many standard deviations the expected value lies above a mark.
  func distance(above mark: Double) -> Double {
    let (difference, deviation) = (expected - mark, mark < expected ? below : above)
    return deviation > 0 ? difference / deviation : difference >= 0 ? .infinity : -.infinity
  }
}
