/// A decimal number, exact and of any size: an amount of money in its major unit, a price, a percentage.
///
/// Sums, differences and products are exact; only ``rounded(to:)`` and ``divided(by:decimals:)`` round, always half
/// away from zero. `1.50` and `1.5` are the same number.
package struct ExactDecimal: Hashable, Sendable {
  package let isNegative: Bool
  /// The number without its sign, × 10 to the power of ``decimals``.
  private let magnitude: Magnitude
  /// How many digits there are behind the point, the last of them not 0.
  package let decimals: Int

  /// The longest text that is read: more than any price, and short enough that reading it takes no time.
  package static let maximumDigits = 64

  package static let zero = ExactDecimal(0)

  package init(_ number: Int64) {
    self.init(isNegative: number < 0, Magnitude(number.magnitude), decimals: 0)
  }

  /// Parses `-?(0|[1-9][0-9]*)(\.[0-9]+)?` with at most ``maximumDigits`` digits, and nothing else: no exponent, no
  /// plus sign, no group separators, no spaces.
  package init?(_ text: some StringProtocol) {
    var digits = Array(text.utf8)[...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits.removeFirst() }
    let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) }),
      whole.count == 1 || whole.first != UInt8(ascii: "0"), digits.count <= Self.maximumDigits
    else { return nil }
    let decimals = parts.count == 2 ? parts[1].count : 0
    let magnitude = parts.joined().reduce(Magnitude(0)) { number, digit in
      number.multiplied(byPowerOfTen: 1) + Magnitude(UInt64(digit - UInt8(ascii: "0")))
    }
    self.init(isNegative: isNegative, magnitude, decimals: decimals)
  }

  /// - Parameter decimals: from 0; trailing zeros are cut off.
  private init(isNegative: Bool, _ magnitude: Magnitude, decimals: Int) {
    var (magnitude, decimals) = (magnitude, decimals)
    while decimals > 0 {
      let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
      guard remainder == 0 else { break }
      (magnitude, decimals) = (quotient, decimals - 1)
    }
    self.magnitude = magnitude
    self.decimals = decimals
    self.isNegative = isNegative && !magnitude.isZero
  }

  /// The magnitude as if there were so many decimals, at least as many as there are.
  private func magnitude(decimals: Int) -> Magnitude {
    magnitude.multiplied(byPowerOfTen: decimals - self.decimals)
  }
}

// MARK: - Arithmetic

extension ExactDecimal {
  package var isZero: Bool { magnitude.isZero }

  /// The number without its sign.
  package var absolute: ExactDecimal { ExactDecimal(isNegative: false, magnitude, decimals: decimals) }

  package static func + (first: ExactDecimal, second: ExactDecimal) -> ExactDecimal {
    let decimals = max(first.decimals, second.decimals)
    let (one, other) = (first.magnitude(decimals: decimals), second.magnitude(decimals: decimals))
    guard first.isNegative != second.isNegative else {
      return ExactDecimal(isNegative: first.isNegative, one + other, decimals: decimals)
    }
    return ExactDecimal(
      isNegative: one < other ? second.isNegative : first.isNegative, one.distance(to: other), decimals: decimals)
  }

  package static func - (first: ExactDecimal, second: ExactDecimal) -> ExactDecimal { first + -second }

  package static prefix func - (number: ExactDecimal) -> ExactDecimal {
    ExactDecimal(isNegative: !number.isNegative, number.magnitude, decimals: number.decimals)
  }

  package static func * (first: ExactDecimal, second: ExactDecimal) -> ExactDecimal {
    ExactDecimal(
      isNegative: first.isNegative != second.isNegative, first.magnitude * second.magnitude,
      decimals: first.decimals + second.decimals)
  }

  package static func += (number: inout ExactDecimal, other: ExactDecimal) { number = number + other }

  /// The nearest number with at most so many decimals; a half goes away from zero.
  package func rounded(to decimals: Int) -> ExactDecimal {
    decimals >= self.decimals ? self : divided(by: ExactDecimal(1), decimals: decimals) ?? self
  }

  /// The quotient, rounded half away from zero to at most so many decimals; nil for a division by zero.
  package func divided(by divisor: ExactDecimal, decimals: Int) -> ExactDecimal? {
    guard !divisor.isZero else { return nil }
    // magnitude / 10^own ÷ (divisor / 10^its) × 10^decimals, as a quotient of two whole numbers.
    let shift = decimals + divisor.decimals - self.decimals
    let numerator = magnitude.multiplied(byPowerOfTen: max(shift, 0))
    let denominator = divisor.magnitude.multiplied(byPowerOfTen: max(-shift, 0))
    return ExactDecimal(
      isNegative: isNegative != divisor.isNegative, numerator.divided(by: denominator), decimals: decimals)
  }

  /// This number ÷ 10ⁿ, which is exact: cents to euros with 2.
  ///
  /// - Parameter places: from 0.
  package func movingPoint(left places: Int) -> ExactDecimal {
    ExactDecimal(isNegative: isNegative, magnitude, decimals: decimals + places)
  }
}

extension ExactDecimal: Comparable {
  package static func < (first: ExactDecimal, second: ExactDecimal) -> Bool {
    guard first.isNegative == second.isNegative else { return first.isNegative }
    let decimals = max(first.decimals, second.decimals)
    let (one, other) = (first.magnitude(decimals: decimals), second.magnitude(decimals: decimals))
    return first.isNegative ? other < one : one < other
  }
}

extension Sequence<ExactDecimal> {
  package func sum() -> ExactDecimal { reduce(.zero, +) }
}

// MARK: - Texts

extension ExactDecimal: TextCoded {
  /// The shortest text, such as `-0.5`, which parses to the same number.
  package var description: String { text() }

  /// The number with at least so many decimals: 1.5 with two is `1.50`. Nothing is rounded.
  package func text(minimumDecimals: Int = 0) -> String {
    let digits = magnitude.description
    let places = max(decimals, minimumDecimals)
    guard places > 0 else { return isNegative ? "-" + digits : digits }
    // There is a digit before the point.
    let padded =
      String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
      + String(repeating: "0", count: places - decimals)
    let point = padded.utf8.index(padded.endIndex, offsetBy: -places)
    return (isNegative ? "-" : "") + padded[..<point] + "." + padded[point...]
  }

  package static let expected = "a decimal number"
}
