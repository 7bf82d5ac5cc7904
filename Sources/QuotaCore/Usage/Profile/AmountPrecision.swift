/// How exactly an amount is kept once its hour or day is over: small ones as they are, others with so many significant binary
/// digits.
struct AmountPrecision: Hashable, Sendable {
  /// What has no more digits than this is exact.
  private let exactDigits: Int
  private let digits: Int

  /// Exact up to 7, and beyond that within an eighth.
  static let hour = AmountPrecision(exactDigits: 3, digits: 3)
  /// Exact up to 1,023, and beyond that within a part in 128.
  static let day = AmountPrecision(exactDigits: 10, digits: 7)

  /// Whether so few amounts are kept that they come again and again.
  var isCoarse: Bool { digits < 4 }

  /// How many amounts there are from one that is kept to the next.
  func step(at amount: Int64) -> Int64 { 1 << Int64(lostDigits(of: amount)) }

  /// The nearest amount that is kept.
  func rounded(_ amount: Int64) -> Int64 {
    let step = step(at: amount)
    return step == 1 ? amount : (amount + step / 2) / step * step
  }

  /// The place of an amount that is kept among all of them, from 0 on; beyond those that are exact they lie ever wider
  /// apart, so that a place is about a logarithm.
  func place(of amount: Int64) -> Int {
    let lost = lostDigits(of: amount)
    return lost == 0 ? Int(amount) : lost << (digits - 1) + Int(amount >> Int64(lost)) + skipped
  }

  /// The amount at a place.
  func amount(at place: Int) -> Int64 {
    guard place >> exactDigits > 0 else { return Int64(place) }
    let lost = (place - skipped) >> (digits - 1) - 1
    return Int64(place - skipped - lost << (digits - 1)) << Int64(lost)
  }

  /// By how much the place of an amount that is exact is higher than if it had fewer digits.
  private var skipped: Int { 1 << exactDigits - (exactDigits - digits + 2) << (digits - 1) }

  /// Rounds amounts, and hands what that takes or gives on to the next one to which it is little: so sums stay as they are,
  /// but for a part of one amount, and no amount is off by much more than its own steps.
  ///
  /// - Parameter pending: what none has got yet.
  func round(_ amounts: inout [Int64], _ indices: Range<Int>, _ pending: inout Int64) {
    for index in indices {
      if isLittle(pending, to: amounts[index]) {
        amounts[index] += pending
        pending = 0
      }
      let kept = rounded(amounts[index])
      let rest = amounts[index] - kept
      guard rest != 0 else { continue }
      amounts[index] = kept
      if let next = amounts[(index + 1)...].firstIndex(where: { isLittle(rest, to: $0) }) {
        amounts[next] += rest
      } else {
        pending += rest
      }
    }
    // Who gave it is forgotten, and what has waited so long is nobody's.
    if pending != 0, !amounts.contains(where: { step(at: $0) / 2 >= abs(pending) }) { pending = 0 }
  }

  /// Whether a rest is no more than about a step of an amount that has no more digits than are kept.
  private func isLittle(_ rest: Int64, to amount: Int64) -> Bool {
    amount >> Int64(digits - 1) >= abs(rest) && amount > 0
  }

  private func lostDigits(of amount: Int64) -> Int {
    let all = Int64.bitWidth - amount.leadingZeroBitCount
    return all > exactDigits ? all - digits : 0
  }
}
