import Glibc

/// The standard normal distribution.
enum Normal {
  /// Within so many standard deviations lie four of five values.
  static let fourOfFive = 1.2816

  /// How probable a value below this one is.
  static func probability(below value: Double) -> Double { erfc(-value / 2.0.squareRoot()) / 2 }

  /// The value below which a value lies with this probability, more than 0 and less than 1.
  static func quantile(_ probability: Double) -> Double {
    var (low, high) = (-9.0, 9.0)
    while high - low > 1e-9 {
      let middle = (low + high) / 2
      if Self.probability(below: middle) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
