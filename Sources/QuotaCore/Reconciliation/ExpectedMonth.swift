/// What a plan says that a month costs, in the parts that an invoice is compared by.
struct ExpectedMonth {
  let calculation: PriceCalculation
  /// Whether the month's use is known. What depends on it is not expected otherwise.
  let isRead: Bool

  /// What the charges of a metric come to; nil if the plan has no charge for it.
  func amount(of metric: Metric) -> ExactDecimal? { sum(lines(of: metric)) }

  /// What the fees and the minimum come to; nil if the plan has neither.
  var fees: ExactDecimal? { sum(calculation.lines.filter { $0.isFee && (isRead || !$0.isMinimum) }) }

  /// The tax; nil where the plan does not speak of it.
  var tax: ExactDecimal? { calculation.taxes.isEmpty ? nil : calculation.tax }

  /// Whether the month is split between two versions of the plan.
  var isSplit: Bool { calculation.parts.count > 1 || calculation.lines.contains { $0.share != nil } }

  /// What an amount is with the plan's tax on it; nil where the plan does not speak of one tax.
  func withTax(_ amount: ExactDecimal) -> ExactDecimal? {
    guard calculation.taxes.count == 1, let percent = calculation.taxes.first?.percent else { return nil }
    return calculation.currency.rounded(amount + (amount * percent).movingPoint(left: 2))
  }

  /// The quantity that an invoice may state for so much use, in the ways in which invoices count.
  func countings(of metric: Metric, used: Int64) -> [Counting] {
    let tiers = lines(of: metric).flatMap(\.tiers)
    let billable = tiers.filter { !$0.unitPrice.isZero || !$0.flatAmount.isZero }.map(\.quantity).reduce(0, +)
    let packages = tiers.compactMap(\.packages)
    var countings = [Counting(quantity: used, way: .used)]
    guard !tiers.isEmpty else { return countings }
    if billable != used { countings.append(Counting(quantity: billable, way: .billable)) }
    if !packages.isEmpty { countings.append(Counting(quantity: packages.reduce(0, +), way: .packages)) }
    return countings
  }

  /// A quantity as an invoice may count it.
  struct Counting {
    let quantity: Int64
    let way: Way

    enum Way {
      /// All that was used.
      case used
      /// What is used above the units that cost nothing.
      case billable
      /// Packages.
      case packages
    }
  }

  private func lines(of metric: Metric) -> [PriceCalculation.Line] { calculation.lines.filter { $0.metric == metric } }

  /// Amounts as they are billed: rounded line by line, or exact where only the invoice's sum is rounded.
  private func sum(_ lines: [PriceCalculation.Line]) -> ExactDecimal? {
    guard !lines.isEmpty else { return nil }
    switch calculation.rounding {
    case .line: return lines.map(\.rounded).sum()
    case .invoice: return lines.map(\.unrounded).sum().decimal
    }
  }
}

extension PriceCalculation.Line {
  fileprivate var metric: Metric? {
    guard case .charge(_, let metric) = kind else { return nil }
    return metric
  }

  fileprivate var isFee: Bool { metric == nil }

  fileprivate var isMinimum: Bool {
    guard case .minimum = kind else { return false }
    return true
  }
}
