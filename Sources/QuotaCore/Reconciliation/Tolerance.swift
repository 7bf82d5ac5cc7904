/// How far two figures may be apart and still count as the same.
package struct Tolerance: Hashable, Sendable {
  /// In pages, conversions or the currency's major unit; nil for one minor unit of the currency, and 0 of quantities.
  package let absolute: ExactDecimal?
  /// Of what is expected.
  package let percent: ExactDecimal?
  package let combination: Combination
  /// Whether FOCUS's formula takes the place of `absolute`.
  package let isFocus: Bool

  /// How an absolute tolerance and one in percent are put together, where both are given.
  package enum Combination: String, Hashable, CaseIterable, Codable, Sendable {
    /// It is enough to be within one of them: the larger counts.
    case any
    /// It has to be within both: the smaller counts.
    case all
  }

  package init(
    absolute: ExactDecimal? = nil, percent: ExactDecimal? = nil, combination: Combination = .any, isFocus: Bool = false
  ) {
    self.absolute = absolute
    self.percent = percent
    self.combination = combination
    self.isFocus = isFocus
  }

  /// How many pages or conversions a count may be off.
  package func limit(ofQuantity quantity: ExactDecimal) -> ExactDecimal {
    combined(percent == nil ? absolute ?? .zero : absolute, of: quantity)
  }

  /// How much an amount may be off.
  ///
  /// - Parameter rows: the lines of the invoice that the amount is the sum of.
  package func limit(ofAmount amount: ExactDecimal, in currency: Currency, rows: Int) -> ExactDecimal {
    let minorUnit = ExactDecimal(1).movingPoint(left: currency.minorUnit)
    if isFocus { return combined(Self.focus(minorUnit, rows: rows), of: amount) }
    return combined(percent == nil ? absolute ?? minorUnit : absolute, of: amount)
  }

  private func combined(_ absolute: ExactDecimal?, of expected: ExactDecimal) -> ExactDecimal {
    guard let percent else { return absolute ?? .zero }
    let share = (expected.absolute * percent).movingPoint(left: 2)
    guard let absolute else { return share }
    return combination == .any ? max(absolute, share) : min(absolute, share)
  }

  /// FOCUS's formula for sums of rounded rows, MAX(100 × s, √rows × 0.5 × s) with s the currency's minor unit.
  ///
  /// The root is taken down to a thousandth, so that the tolerance is never larger than the formula's.
  private static func focus(_ minorUnit: ExactDecimal, rows: Int) -> ExactDecimal {
    let root = Int64(Double(max(rows, 0) * 1_000_000).squareRoot().rounded(.down))
    let half = (ExactDecimal(root) * minorUnit * ExactDecimal(5)).movingPoint(left: 4)
    return max(minorUnit * ExactDecimal(100), half)
  }
}

/// The tolerances of quantities and amounts.
package struct Tolerances: Hashable, Sendable {
  package let quantity: Tolerance
  package let amount: Tolerance

  package init(quantity: Tolerance = Tolerance(), amount: Tolerance = Tolerance()) {
    self.quantity = quantity
    self.amount = amount
  }
}

/// What the configuration says of the reconciliation.
package struct ReconciliationSettings: Hashable, Sendable {
  package let tolerances: Tolerances
  /// By the name of the plan, instead of the others.
  package let plans: [String: Tolerances]

  package init(tolerances: Tolerances = Tolerances(), plans: [String: Tolerances] = [:]) {
    self.tolerances = tolerances
    self.plans = plans
  }

  package func tolerances(ofPlan plan: String?) -> Tolerances { plan.flatMap { plans[$0] } ?? tolerances }
}
