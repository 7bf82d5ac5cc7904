/// How sure a forecast has to be of a mark before it is told, in percent.
package struct Confidence: Hashable, Sendable {
  package let percent: Int64
  /// So many standard deviations above the mark the expected value has to lie.
  private let distance: Double

  package static let usual = Confidence(percent: 80)
  /// What is less probable is over.
  private static let resolution = Normal.quantile(0.3)

  /// - Parameter percent: 50 to 99.
  package init(percent: Int64) {
    self.percent = percent
    distance = Normal.quantile(Double(percent) / 100)
  }

  /// Whether a forecast holds that is so many standard deviations above its mark.
  func holds(at distance: Double) -> Holds {
    distance >= self.distance ? .yes : distance >= Self.resolution ? .between : .no
  }

  /// The quantile of a forecast that has to reach the mark for it to hold, and the one that has to stay below for it to be
  /// over, in standard deviations.
  var quantiles: (holds: Double, over: Double) { (-distance, -Self.resolution) }
}

extension Shape<Confidence> {
  static var confidence: Shape {
    let count = Shape<Int64>.count(from: 50, to: 99)
    return Shape(
      count.declaration, encode: { .number("\($0.percent)") },
      decode: { count.decode($0).map(Confidence.init(percent:)) })
  }
}

/// What a probability means in words.
struct Likelihood {
  /// 0 to 1.
  let probability: Double

  /// In percent; 0 and 100 are kept for what is certain.
  var percent: Int64 { min(max(Int64((probability * 100).rounded()), 1), 99) }

  /// `will very likely pass`.
  func words(_ passes: String, _ stays: String) -> String {
    switch probability {
    case 0.98...: "will almost certainly \(passes)"
    case 0.8..<0.98: "will very likely \(passes)"
    case 0.6..<0.8: "will probably \(passes)"
    case 0.4..<0.6: "may \(passes)"
    case 0.2..<0.4: "will probably \(stays)"
    case 0.02..<0.2: "will very likely \(stays)"
    default: "will almost certainly \(stays)"
    }
  }
}
