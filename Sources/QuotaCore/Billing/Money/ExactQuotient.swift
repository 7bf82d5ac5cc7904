/// An exact amount that need not have an end as a decimal: a price for ten of thirty days.
package struct ExactQuotient: Hashable, Sendable {
  package let numerator: ExactDecimal
  /// From 1.
  package let denominator: Int64

  package static let zero = ExactQuotient(.zero)

  package init(_ number: ExactDecimal) {
    numerator = number
    denominator = 1
  }

  /// A part of a number: so many of so many days.
  ///
  /// - Parameter denominator: from 1.
  package init(_ number: ExactDecimal, times factor: Int, outOf denominator: Int) {
    if factor == denominator {
      self.init(number)
    } else {
      self.init(numerator: number * ExactDecimal(Int64(factor)), denominator: Int64(denominator))
    }
  }

  private init(numerator: ExactDecimal, denominator: Int64) {
    self.numerator = numerator
    self.denominator = denominator
  }

  package var isNegative: Bool { numerator.isNegative }

  package var isZero: Bool { numerator.isZero }

  package static func + (first: ExactQuotient, second: ExactQuotient) -> ExactQuotient {
    if first.denominator == second.denominator {
      return ExactQuotient(numerator: first.numerator + second.numerator, denominator: first.denominator)
    }
    let (one, other) = (first.denominator, second.denominator)
    let shared = greatestCommonDivisor(one, other)
    return ExactQuotient(
      numerator: first.numerator * ExactDecimal(other / shared) + second.numerator * ExactDecimal(one / shared),
      denominator: one / shared * other)
  }

  package static func - (first: ExactQuotient, second: ExactQuotient) -> ExactQuotient { first + -second }

  package static prefix func - (quotient: ExactQuotient) -> ExactQuotient {
    ExactQuotient(numerator: -quotient.numerator, denominator: quotient.denominator)
  }

  package static func * (quotient: ExactQuotient, factor: ExactDecimal) -> ExactQuotient {
    ExactQuotient(numerator: quotient.numerator * factor, denominator: quotient.denominator)
  }

  /// The nearest decimal number with at most so many decimals; a half goes away from zero.
  package func rounded(to decimals: Int) -> ExactDecimal {
    if denominator == 1 { return numerator.rounded(to: decimals) }
    return numerator.divided(by: ExactDecimal(denominator), decimals: decimals) ?? numerator
  }

  /// How many decimals more than the amount that was divided a quotient without end is written with.
  package static let writtenDecimals = 12

  /// The number as a decimal, for people and files: exact where it ends, otherwise rounded to
  /// ``writtenDecimals`` decimals beyond those of the amount that was divided.
  package var decimal: ExactDecimal { decimal(places: numerator.decimals + Self.writtenDecimals) }

  /// The number as a decimal: exact where nothing was divided, otherwise rounded to so many decimals.
  package func decimal(places: Int) -> ExactDecimal { denominator == 1 ? numerator : rounded(to: places) }

  /// What is left of an amount that contains a tax: × 100 ÷ (100 + percent), half away from zero.
  ///
  /// - Parameters:
  ///   - percent: from 0.
  ///   - decimals: by default ``writtenDecimals`` more than the amount has.
  package func withoutTax(of percent: ExactDecimal, decimals: Int? = nil) -> ExactDecimal {
    let hundred = ExactDecimal(100)
    let decimals = decimals ?? numerator.decimals + Self.writtenDecimals
    return (numerator * hundred).divided(by: ExactDecimal(denominator) * (hundred + percent), decimals: decimals)
      ?? .zero
  }

  private static func greatestCommonDivisor(_ first: Int64, _ second: Int64) -> Int64 {
    second == 0 ? first : greatestCommonDivisor(second, first % second)
  }
}

extension Sequence<ExactQuotient> {
  package func sum() -> ExactQuotient { reduce(.zero, +) }
}
