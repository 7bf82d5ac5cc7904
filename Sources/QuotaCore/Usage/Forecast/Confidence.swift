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
