/// A part of a charge before it is known what it adds to the invoice.
struct FocusCost {
  let line: PriceCalculation.Line
  let tier: PricedTier?
  /// Whether it is the amount that the tier adds once.
  let isFlat: Bool
  /// The charge's number in its plan, from 1.
  let number: Int
  /// Exact, the days that count already taken into account.
  let exact: ExactQuotient

  /// The parts of a line: each tier's units, and behind them what it adds once; of what is no charge the one part that it is.
  static func all(of line: PriceCalculation.Line, number: Int) -> [FocusCost] {
    guard !line.tiers.isEmpty else {
      return [FocusCost(line: line, tier: nil, isFlat: true, number: number, exact: line.unrounded)]
    }
    return line.tiers.flatMap { tier in
      let units = FocusCost(
        line: line, tier: tier, isFlat: false, number: number,
        exact: share(of: ExactDecimal(tier.packages ?? tier.quantity) * tier.unitPrice, line))
      guard !tier.flatAmount.isZero else { return [units] }
      return [
        units,
        FocusCost(line: line, tier: tier, isFlat: true, number: number, exact: share(of: tier.flatAmount, line)),
      ]
    }
  }

  private static func share(of amount: ExactDecimal, _ line: PriceCalculation.Line) -> ExactQuotient {
    ExactQuotient(amount, times: line.share?.days ?? 1, outOf: line.share?.of ?? 1)
  }

  /// What each of some parts adds to their rounded sum: the rounded sum up to it less the rounded sum before it. So they
  /// add up to the rounded sum of all, and none is a minor unit or more away from its exact cost.
  static func billed(_ costs: [FocusCost], _ currency: Currency) -> [ExactDecimal] {
    var (exact, rounded) = (ExactQuotient.zero, ExactDecimal.zero)
    return costs.map { cost in
      exact = exact + cost.exact
      let before = rounded
      rounded = currency.rounded(exact)
      return rounded - before
    }
  }
}
