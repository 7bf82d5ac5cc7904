/// Exact percentages of whole numbers.
enum Percentage {
  /// `quantity` as hundredths of a percent of `quota`, rounded half away from zero: 1 of 3 is 3333.
  ///
  /// Nil where a percentage has no meaning: for a quota that is not above 0 and for a negative quantity.
  static func hundredths(_ quantity: Int64, of quota: Int64) -> UInt128? {
    guard quota > 0, quantity >= 0 else { return nil }
    let (quotient, remainder) = (UInt128(quantity) * 10_000).quotientAndRemainder(dividingBy: UInt128(quota))
    return remainder * 2 >= UInt128(quota) ? quotient + 1 : quotient
  }
}
