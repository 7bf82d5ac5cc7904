/// A whole number from 0, of any size, so that no product of a price and a quantity can overflow.
struct Magnitude: Hashable, Sendable {
  /// The least significant digit in base 2⁶⁴: the whole number nearly always, which takes no memory of its own then.
  private let low: UInt64
  /// The digits above it, without zeros at the end.
  private let high: [UInt64]

  init(_ number: UInt64) {
    low = number
    high = []
  }

  private init(trimming words: [UInt64]) {
    low = words.first ?? 0
    high = words.lastIndex { $0 != 0 }.map { $0 > 0 ? Array(words[1...$0]) : [] } ?? []
  }

  /// Every digit, the least significant first; none for 0.
  private var words: [UInt64] { isZero ? [] : [low] + high }

  /// Whether the number fits into one word.
  private var isShort: Bool { high.isEmpty }

  var isZero: Bool { low == 0 && isShort }

  /// 10¹⁹, the highest power of ten in one word.
  private static let powerInWord: (exponent: Int, value: UInt64) = (19, 10_000_000_000_000_000_000)

  static func + (first: Magnitude, second: Magnitude) -> Magnitude {
    let (short, overflows) = first.low.addingReportingOverflow(second.low)
    if !overflows, first.isShort, second.isShort { return Magnitude(short) }
    var carry: UInt64 = 0
    var sum = (0...max(first.high.count, second.high.count)).map { index in
      let (partial, overflows) = first.word(index).addingReportingOverflow(second.word(index))
      let (sum, overflowsAgain) = partial.addingReportingOverflow(carry)
      carry = overflows || overflowsAgain ? 1 : 0
      return sum
    }
    sum.append(carry)
    return Magnitude(trimming: sum)
  }

  /// The difference between two numbers, whichever is the larger.
  func distance(to other: Magnitude) -> Magnitude {
    let (larger, smaller) = self < other ? (other, self) : (self, other)
    if larger.isShort { return Magnitude(larger.low - smaller.low) }
    var borrow: UInt64 = 0
    let difference = (0...larger.high.count).map { index in
      let (partial, overflows) = larger.word(index).subtractingReportingOverflow(smaller.word(index))
      let (difference, overflowsAgain) = partial.subtractingReportingOverflow(borrow)
      borrow = overflows || overflowsAgain ? 1 : 0
      return difference
    }
    return Magnitude(trimming: difference)
  }

  static func * (first: Magnitude, second: Magnitude) -> Magnitude {
    let (short, overflows) = first.low.multipliedReportingOverflow(by: second.low)
    if !overflows, first.isShort, second.isShort { return Magnitude(short) }
    let (words, factors) = (first.words, second.words)
    var product = [UInt64](repeating: 0, count: words.count + factors.count)
    for (shift, factor) in factors.enumerated() {
      var carry: UInt64 = 0
      for (index, word) in words.enumerated() {
        // The largest product of two words leaves room for the two words that are added to it.
        let sum = UInt128(word) * UInt128(factor) + UInt128(product[index + shift]) + UInt128(carry)
        product[index + shift] = UInt64(truncatingIfNeeded: sum)
        carry = UInt64(truncatingIfNeeded: sum >> 64)
      }
      product[words.count + shift] = carry
    }
    return Magnitude(trimming: product)
  }

  /// This number × 10ⁿ.
  func multiplied(byPowerOfTen exponent: Int) -> Magnitude {
    var (product, rest) = (self, exponent)
    while rest >= Self.powerInWord.exponent {
      product = product * Magnitude(Self.powerInWord.value)
      rest -= Self.powerInWord.exponent
    }
    return rest > 0 ? product * Magnitude(Self.powerOfTen(rest)) : product
  }

  /// - Parameter divisor: not 0.
  func quotientAndRemainder(dividingBy divisor: UInt64) -> (quotient: Magnitude, remainder: UInt64) {
    if isShort {
      let (quotient, remainder) = low.quotientAndRemainder(dividingBy: divisor)
      return (Magnitude(quotient), remainder)
    }
    var remainder: UInt64 = 0
    let words = words
    var quotient = words
    for index in words.indices.reversed() {
      (quotient[index], remainder) = divisor.dividingFullWidth((remainder, words[index]))
    }
    return (Magnitude(trimming: quotient), remainder)
  }

  /// The quotient of two numbers, rounded to the nearest whole number, and a half up.
  ///
  /// - Parameter divisor: not 0.
  func divided(by divisor: Magnitude) -> Magnitude {
    if isShort, divisor.isShort {
      let (quotient, remainder) = low.quotientAndRemainder(dividingBy: divisor.low)
      // A remainder is less than the divisor, so that this difference does not overflow.
      return Magnitude(quotient) + Magnitude(remainder >= divisor.low - remainder ? 1 : 0)
    }
    if let number = wide, let divisor = divisor.wide, divisor < 1 << 127 {
      let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
      let whole = Magnitude(wide: quotient)
      return remainder * 2 >= divisor ? whole + Magnitude(1) : whole
    }
    var (quotient, remainder) = (Magnitude(0), Magnitude(0))
    for word in words.reversed() {
      for bit in (0..<64).reversed() {
        remainder = remainder + remainder + Magnitude(word >> UInt64(bit) & 1)
        quotient = quotient + quotient
        if remainder >= divisor {
          remainder = remainder.distance(to: divisor)
          quotient = quotient + Magnitude(1)
        }
      }
    }
    return remainder + remainder >= divisor ? quotient + Magnitude(1) : quotient
  }

  /// 10ⁿ in one word, for n up to 19.
  private static func powerOfTen(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }

  private init(wide number: UInt128) {
    self.init(trimming: [UInt64(truncatingIfNeeded: number), UInt64(truncatingIfNeeded: number >> 64)])
  }

  /// This number in 128 bits, if it fits.
  private var wide: UInt128? {
    high.count > 1 ? nil : UInt128(low) | UInt128(word(1)) << 64
  }

  private func word(_ index: Int) -> UInt64 { index == 0 ? low : index <= high.count ? high[index - 1] : 0 }
}

extension Magnitude: Comparable {
  static func < (first: Magnitude, second: Magnitude) -> Bool {
    guard first.high.count == second.high.count else { return first.high.count < second.high.count }
    for (one, other) in zip(first.high, second.high).reversed() where one != other { return one < other }
    return first.low < second.low
  }
}

extension Magnitude: CustomStringConvertible {
  /// The decimal digits.
  var description: String {
    var (rest, digits) = (self, "")
    while true {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: Self.powerInWord.value)
      let part = String(remainder)
      guard !quotient.isZero else { return part + digits }
      digits = String(repeating: "0", count: Self.powerInWord.exponent - part.count) + part + digits
      rest = quotient
    }
  }
}
