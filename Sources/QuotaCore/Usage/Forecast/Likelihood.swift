/// What a probability means in words.
package struct Likelihood {
  /// 0 to 1.
  let probability: Double

  package init(probability: Double) {
    self.probability = probability
  }

  /// In percent; 0 and 100 are kept for what is certain.
  package var percent: Int64 { min(max(Int64((probability * 100).rounded()), 1), 99) }

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
