package import QuotaCore

/// A price calculation as JSON: amounts are texts with all decimals of the currency.
package struct PriceOutput: Encodable {
  let plan: String
  let month: String
  let pages: Int64
  let conversions: Int64
  let currency: String
  let rounding: String
  let lines: [Line]
  let subtotalUnrounded: String
  let subtotal: String
  let taxes: [Tax]
  /// Whether the lines contain the tax; subtotal and taxes are apart in any case.
  let taxIncluded: Bool
  let tax: String
  let total: String

  package init(_ calculation: PriceCalculation) {
    let currency = calculation.currency
    plan = calculation.plan
    month = calculation.month.description
    pages = calculation.counters.pages
    conversions = calculation.counters.conversions
    self.currency = currency.code
    rounding = calculation.rounding.rawValue
    lines = calculation.parts.flatMap { part in part.lines.map { Line($0, of: part, currency) } }
    subtotalUnrounded = currency.text(calculation.unroundedSubtotal.decimal)
    subtotal = currency.text(calculation.subtotal)
    taxes = calculation.taxes.map { Tax(percent: $0.percent.description, amount: currency.text($0.amount)) }
    taxIncluded = calculation.includesTax
    tax = currency.text(calculation.tax)
    total = currency.text(calculation.total)
  }

  struct Line: Encodable {
    let name: String
    /// The charge's model, or `discount`, `minimum`, `maximum`.
    let model: String
    let metric: String?
    let quantity: Int64?
    let validFrom: String?
    let days: Int?
    let daysOf: Int?
    let tiers: [Tier]
    let unrounded: String
    let rounded: String

    init(_ line: PriceCalculation.Line, of part: PriceCalculation.Part, _ currency: Currency) {
      name = line.name
      switch line.kind {
      case .charge(let model, let metric):
        self.model = model.rawValue
        self.metric = metric?.rawValue
      case .discount(_, let subject):
        model = "discount"
        if case .usage(let metric) = subject { self.metric = metric.rawValue } else { metric = nil }
      case .minimum:
        model = "minimum"
        metric = nil
      case .maximum:
        model = "maximum"
        metric = nil
      }
      quantity = line.quantity
      validFrom = part.validFrom?.description
      days = line.share?.days
      daysOf = line.share?.of
      tiers = line.tiers.map { Tier($0, currency) }
      unrounded = currency.text(line.unrounded.decimal)
      rounded = currency.text(line.rounded)
    }
  }

  struct Tier: Encodable {
    let firstUnit: Int64?
    let lastUnit: Int64?
    let quantity: Int64
    let packages: Int64?
    let unitPrice: String
    let flatAmount: String
    let amount: String

    init(_ tier: PricedTier, _ currency: Currency) {
      firstUnit = tier.firstUnit
      lastUnit = tier.lastUnit
      quantity = tier.quantity
      packages = tier.packages
      unitPrice = tier.unitPrice.description
      flatAmount = currency.text(tier.flatAmount)
      amount = currency.text(tier.amount)
    }
  }

  struct Tax: Encodable {
    let percent: String
    let amount: String
  }
}
