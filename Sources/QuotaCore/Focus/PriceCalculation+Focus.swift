package import FoundationEssentials

extension PriceCalculation {
  /// The calculation as rows of FOCUS. Their billed costs add up to the total exactly.
  ///
  /// - Parameter zone: the vendor's billing time zone.
  package func focusCharges(in zone: TimeZone) -> [FocusCharge] {
    let costs = parts.map { part in
      part.lines.enumerated().map { FocusCost.all(of: $1, number: $0 + 1) }
    }
    let billed = beforeTax(self.billed(costs).map { $0.map { ExactQuotient($0) } }, decimals: currency.minorUnit)
    let rows = zip(parts, zip(costs, billed)).map { part, rest in
      let period = self.period(of: part.days, in: zone)
      return zip(rest.0.flatMap(\.self), rest.1).map { charge($0, billed: $1.decimal, part, period) }
    }
    return rows.flatMap(\.self)
      + taxes.map { tax in
        let untaxed = zip(parts, rows).filter { $0.0.taxPercent == tax.percent }.flatMap(\.1)
        return FocusCharge(
          category: .tax, description: "Tax, \(tax.percent) %", period: period(of: 1...month.dayCount, in: zone),
          billedCost: tax.amount,
          contractedCost: (untaxed.map(\.contractedCost).sum() * tax.percent).movingPoint(left: 2), pricing: nil,
          consumed: nil, metric: nil, pricePlan: nil, firstUnit: nil, lastUnit: nil)
      }
  }

  /// What each cost of each part adds to the invoice, with a tax that the prices contain, by the way in which the plan rounds: every line for itself, or all
  /// that is taxed alike together.
  private func billed(_ costs: [[[FocusCost]]]) -> [[ExactDecimal]] {
    switch rounding {
    case .line:
      return costs.map { lines in lines.flatMap { FocusCost.billed($0, currency) } }
    case .invoice:
      var billed: [[ExactDecimal]] = costs.map { _ in [] }
      var done: [ExactDecimal?] = []
      for percent in parts.map(\.taxPercent) where !done.contains(percent) {
        done.append(percent)
        let alike = parts.indices.filter { parts[$0].taxPercent == percent }
        var amounts = FocusCost.billed(alike.flatMap { costs[$0].flatMap(\.self) }, currency)[...]
        for index in alike {
          let count = costs[index].map(\.count).reduce(0, +)
          billed[index] = Array(amounts.prefix(count))
          amounts = amounts.dropFirst(count)
        }
      }
      return billed
    }
  }

  private func charge(
    _ cost: FocusCost, billed: ExactDecimal, _ part: Part, _ period: Range<Date>
  ) -> FocusCharge {
    let pricePlan = plan + (part.validFrom.map { "@\($0)" } ?? "")
    guard case .charge(_, let metric) = cost.line.kind, let tier = cost.tier else {
      return FocusCharge(
        category: cost.line.kind.category, description: cost.line.name, period: period, billedCost: billed,
        contractedCost: billed,
        pricing: nil, consumed: nil, metric: nil, pricePlan: pricePlan, firstUnit: nil, lastUnit: nil)
    }
    let usage = cost.isFlat ? nil : metric
    let pricing = cost.pricing(
      tier, usage, pricePlan: pricePlan, containedTax: includesTax ? part.taxPercent : nil)
    return FocusCharge(
      category: usage == nil ? .purchase : .usage, description: cost.description(tier), period: period,
      billedCost: billed, contractedCost: pricing.unitPrice * pricing.quantity, pricing: pricing,
      consumed: usage == nil ? nil : cost.quantity(tier.quantity), metric: usage, pricePlan: pricePlan,
      firstUnit: tier.firstUnit, lastUnit: tier.lastUnit)
  }

  /// Some days of the month, from the midnight that begins the first to the one that ends the last.
  private func period(of days: ClosedRange<Int>, in zone: TimeZone) -> Range<Date> {
    func midnight(_ day: Int) -> Date { LocalTime.moment(day: month.firstDay + day - 1, in: zone) }
    return midnight(days.lowerBound)..<midnight(days.upperBound + 1)
  }
}

extension FocusCost {
  fileprivate func quantity(_ units: Int64) -> ExactDecimal {
    ExactQuotient(ExactDecimal(units), times: line.share?.days ?? 1, outOf: line.share?.of ?? 1).decimal
  }

  /// - Parameter containedTax: the percentage of a tax that the prices contain, and that no row is to have.
  fileprivate func pricing(
    _ tier: PricedTier, _ metric: Metric?, pricePlan: String, containedTax: ExactDecimal?
  ) -> FocusCharge.Pricing {
    func net(_ price: ExactDecimal) -> ExactDecimal {
      containedTax.map { ExactQuotient(price).withoutTax(of: $0) } ?? price
    }
    let priceID = "\(pricePlan)/\(number)" + (tier.firstUnit.map { "/\($0)" } ?? "")
    guard let metric else {
      // What is charged once a month; of a tier it is what the tier adds.
      return FocusCharge.Pricing(
        unitPrice: net(tier.firstUnit == nil ? tier.unitPrice : tier.flatAmount), quantity: quantity(1), unit: "Months",
        skuID: line.name, skuMeter: "Months", skuPriceID: tier.firstUnit == nil ? priceID : "\(priceID)/flat")
    }
    return FocusCharge.Pricing(
      unitPrice: net(tier.unitPrice), quantity: quantity(tier.packages ?? tier.quantity),
      unit: tier.packages == nil ? metric.plural : "Packages", skuID: metric.rawValue, skuMeter: metric.plural,
      skuPriceID: priceID)
  }

  fileprivate func description(_ tier: PricedTier) -> String {
    guard let first = tier.firstUnit else { return line.name }
    let range = tier.lastUnit.map { "\(first.grouped) to \($0.grouped)" } ?? "from \(first.grouped)"
    return "\(line.name), \(range)\(isFlat ? ", flat amount" : "")"
  }
}

extension PriceCalculation.Line.Kind {
  /// What a part without a price is: FOCUS calls what is taken off afterwards, in a row of its own, a credit, and what is
  /// none of the other categories an adjustment.
  fileprivate var category: ChargeCategory {
    switch self {
    case .discount: .credit
    case .charge, .minimum, .maximum: .adjustment
    }
  }
}

extension Metric {
  /// As a unit of measure in FOCUS.
  package var plural: String {
    switch self {
    case .pages: "Pages"
    case .conversions: "Conversions"
    }
  }
}
