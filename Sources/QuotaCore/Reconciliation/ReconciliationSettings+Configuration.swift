extension ReconciliationSettings {
  package static let shape = Shape.object(
    Fields(
      Field(
        "tolerance", Tolerances.shape, .usually(Tolerances()), "How far figures may be apart and still match."),
      Field(
        "plans", .byReference(to: .plan, Tolerances.shape), .usually([]),
        "The same by the name of a plan, instead of `tolerance`.")
    ) { tolerances, plans in
      ReconciliationSettings(
        tolerances: tolerances, plans: Dictionary(plans.map { ($0.name, $0.value) }) { first, _ in first })
    }
  )
  .named("reconciliation", "How usage, ledger and invoices are compared.")
}

extension Tolerances {
  fileprivate static let shape = Shape.object(
    Fields(
      Field(
        "quantity", Tolerance.ofQuantity, .usually(Tolerance(), "0"),
        "How many pages or conversions an invoice may be off."),
      Field("amount", Tolerance.ofAmount, .usually(Tolerance(), "one minor unit"), "How much money it may be off.")
    ) { Tolerances(quantity: $0, amount: $1) }
  )
  .named("tolerances", "How far figures may be apart and still match.")
}

extension Tolerance {
  fileprivate static let ofQuantity = Shape.object(
    Fields(
      Field("absolute", .count(from: 0, to: Quota.largest), .optional("0"), "So many."), percent, combine
    ) { Tolerance(absolute: $0.map { ExactDecimal($0) }, percent: $1, combination: $2) }
  )
  .named("quantityTolerance", "How many pages or conversions figures may be apart.")

  fileprivate static let ofAmount = Shape.object(
    Fields(
      Field(
        "absolute", .amount, .optional("one minor unit, unless `percent` is given"),
        "In the currency's major unit; a minor unit is such as 0.01 EUR."),
      percent, combine,
      Field(
        "formula", .choice(of: Formula.self), .optional,
        "Instead of `absolute`: MAX(100 × s, √rows × 0.5 × s), s being the minor unit and rows the lines of the invoice."
      )
    ) { Tolerance(absolute: $0, percent: $1, combination: $2, isFocus: $3 != nil) }
    .without("formula", beside: "absolute", else: "takes the place of \"absolute\"; leave one of them out")
  )
  .named("amountTolerance", "How much money figures may be apart.")

  private static let percent = Field(
    "percent", .exactPercentage, .optional, "In percent of what is expected, with at most four decimals.")

  private static let combine = Field(
    "combine", .choice(of: Combination.self), .usually(.any),
    "With both: `any` if it is enough to be within one of them, `all` if it has to be within both.")

  private enum Formula: String, CaseIterable {
    case focus
  }
}
