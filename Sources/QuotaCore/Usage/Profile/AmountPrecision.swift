/// How exactly an amount is kept once its hour or day is over: with so many significant binary digits.
struct AmountPrecision: Hashable, Sendable {
  private let digits: Int

  /// Exact up to 7, and beyond that within an eighth.
  static let hour = AmountPrecision(digits: 3)
  /// Exact up to 1,023, and beyond that within a thousandth.
  static let day = AmountPrecision(digits: 10)

  /// How many amounts there are from one that is kept to the next.
  func step(at amount: Int64) -> Int64 { 1 << Int64(lostDigits(of: amount)) }

  /// The nearest amount that is kept.
  func rounded(_ amount: Int64) -> Int64 {
    let step = step(at: amount)
    return step == 1 ? amount : (amount + step / 2) / step * step
  }

  /// The place of an amount that is kept among all of them, from 0 on; they lie ever wider apart, so that a place
  /// is about a logarithm.
  func place(of amount: Int64) -> Int {
    let lost = lostDigits(of: amount)
    return lost << (digits - 1) + Int(amount >> Int64(lost))
  }

  /// The amount at a place.
  func amount(at place: Int) -> Int64 {
    let lost = max(0, place >> (digits - 1) - 1)
    return Int64(place - lost << (digits - 1)) << Int64(lost)
  }

  /// Rounds amounts, and hands what that takes or gives on to the next one that is not smaller: so sums stay as they are, but
  /// for a part of one amount.
  func round(_ amounts: inout [Int64], _ indices: Range<Int>) {
    for index in indices {
      let kept = rounded(amounts[index])
      let rest = amounts[index] - kept
      guard rest != 0 else { continue }
      amounts[index] = kept
      if let next = amounts[(index + 1)...].firstIndex(where: { $0 >= abs(rest) }) { amounts[next] += rest }
    }
  }

  private func lostDigits(of amount: Int64) -> Int {
    max(0, Int64.bitWidth - amount.leadingZeroBitCount - digits)
  }
}
