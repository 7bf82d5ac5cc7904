/// What a plan says that a month costs, line by line.
package struct PriceCalculation: Hashable, Sendable {
  package let plan: String
  package let month: BillingMonth
  package let counters: Counters
  package let currency: Currency
  package let rounding: Prices.Rounding
  /// Whether the amounts of the lines contain the tax.
  package let includesTax: Bool
  /// One part for each version of the plan that counts for days of the month: nearly always one.
  package let parts: [Part]
  /// The expected amount: all lines before tax, exact (a tax that they contain is taken out with
  /// ``ExactQuotient/writtenDecimals`` further decimals) and as it is billed.
  package let unroundedSubtotal: ExactQuotient
  package let subtotal: ExactDecimal
  /// One for each percentage that is agreed, in the order of the parts.
  package let taxes: [Tax]

  /// The taxes together.
  package var tax: ExactDecimal { taxes.map(\.amount).sum() }

  /// The expected amount with tax.
  package var total: ExactDecimal { subtotal + tax }

  /// The lines of all parts.
  package var lines: [Line] { parts.flatMap(\.lines) }

  /// What one version of the plan charges.
  package struct Part: Hashable, Sendable {
    /// The first day of the version; nil for the plan's beginning.
    package let validFrom: CalendarDay?
    /// The days of the month that it counts for.
    package let days: ClosedRange<Int>
    /// Nil where tax is not spoken of.
    package let taxPercent: ExactDecimal?
    /// The charges in the order of the plan with their discounts, the discounts on all of them, and then what is missing
    /// to the minimum or beyond the maximum.
    package let lines: [Line]
  }

  /// What is charged under one name.
  package struct Line: Hashable, Sendable {
    package let name: String
    package let kind: Kind
    /// What was used in the whole month; nil without a metric.
    package let quantity: Int64?
    /// For a whole month; empty for all but charges.
    package let tiers: [PricedTier]
    /// Which part of the month counts, in days, when the month is split.
    package let share: Share?
    package let unrounded: ExactQuotient
    /// Half away from zero to the currency's minor unit.
    package let rounded: ExactDecimal

    package enum Kind: Hashable, Sendable {
      case charge(Charge.ModelName, Metric?)
      /// What is taken off a charge; off all of them without a subject. The amount is negative.
      case discount(Discount, of: Subject?)
      /// What the charges lack to the minimum.
      case minimum(ExactDecimal)
      /// What takes off that by which the charges exceed the maximum. The amount is negative.
      case maximum(ExactDecimal)
    }
  }

  /// What is paid for, as invoices are compared by it.
  package enum Subject: Hashable, Sendable {
    case usage(Metric)
    case fees
  }

  /// So many days of so many.
  package struct Share: Hashable, Sendable {
    package let days: Int
    package let of: Int
  }

  package struct Tax: Hashable, Sendable {
    package let percent: ExactDecimal
    /// Half away from zero to the currency's minor unit.
    package let amount: ExactDecimal
  }
}

extension PricePlan {
  /// What a month costs for what was used; nil where no price is agreed for it.
  ///
  /// - Parameter counters: of the whole month, from 0.
  package func calculation(of month: BillingMonth, _ counters: Counters) -> PriceCalculation? {
    let stretches = versions.stretches(of: month)
    guard let first = stretches.first else { return nil }
    let covered = stretches.reduce(0) { $0 + $1.days.count }
    let parts = stretches.map {
      PartCalculation($0, of: month, counters, coveredDays: covered)
    }
    let (currency, rounding) = (first.prices.currency, first.prices.rounding)
    let includesTax = first.prices.includesTax
    // What is taxed alike is rounded together, so that the parts of a subtotal add up to it.
    let sums = TaxedSum.all(of: parts, currency, rounding)
    let amounts = sums.map { $0.withoutTax(ifIncluded: includesTax, currency) }
    return PriceCalculation(
      plan: name, month: month, counters: counters, currency: currency, rounding: rounding, includesTax: includesTax,
      parts: zip(stretches, parts).map {
        .init(validFrom: $0.validFrom, days: $0.days, taxPercent: $1.prices.taxPercent, lines: $1.lines)
      },
      unroundedSubtotal: amounts.map(\.exactNet).sum(), subtotal: amounts.map(\.net).sum(),
      taxes: zip(sums, amounts).compactMap { sum, amount in sum.percent.map { .init(percent: $0, amount: amount.tax) } }
    )
  }
}

/// The sum of all lines with one percentage of tax, as they are priced.
private struct TaxedSum {
  let percent: ExactDecimal?
  let exact: ExactQuotient
  /// As it is billed.
  let rounded: ExactDecimal

  /// One for each percentage, in the order of the parts.
  static func all(of parts: [PartCalculation], _ currency: Currency, _ rounding: Prices.Rounding) -> [TaxedSum] {
    var percents: [ExactDecimal?] = []
    for part in parts where !percents.contains(part.prices.taxPercent) { percents.append(part.prices.taxPercent) }
    return percents.map { percent in
      let lines = parts.filter { $0.prices.taxPercent == percent }.flatMap(\.lines)
      let exact = lines.map(\.unrounded).sum()
      return TaxedSum(
        percent: percent, exact: exact,
        rounded: rounding == .line ? lines.map(\.rounded).sum() : currency.rounded(exact))
    }
  }

  /// The amount before tax, exact and as it is billed, and the tax. Of amounts that contain the tax the net is rounded,
  /// and the tax is the rest.
  func withoutTax(
    ifIncluded isIncluded: Bool, _ currency: Currency
  ) -> (exactNet: ExactQuotient, net: ExactDecimal, tax: ExactDecimal) {
    guard let percent else { return (exact, rounded, .zero) }
    guard isIncluded else { return (exact, rounded, currency.rounded((rounded * percent).movingPoint(left: 2))) }
    let net = ExactQuotient(rounded).withoutTax(of: percent, decimals: currency.minorUnit)
    return (ExactQuotient(exact.withoutTax(of: percent)), net, rounded - net)
  }
}

extension PriceCalculation {
  /// Amounts of each part as they are priced, without the tax that they contain. Those that are taxed alike add up to
  /// their net, which is rounded to so many decimals.
  func beforeTax(_ amounts: [[ExactQuotient]], decimals: Int) -> [[ExactQuotient]] {
    guard includesTax else { return amounts }
    var (priced, net): ([ExactDecimal?: ExactQuotient], [ExactDecimal?: ExactDecimal]) = ([:], [:])
    return zip(parts, amounts).map { part, amounts in
      let percent = part.taxPercent
      return amounts.map { amount in
        let sum = priced[percent, default: .zero] + amount
        let netSum = sum.withoutTax(of: percent ?? .zero, decimals: decimals)
        defer { (priced[percent], net[percent]) = (sum, netSum) }
        return ExactQuotient(netSum - net[percent, default: .zero])
      }
    }
  }
}

extension Organization {
  /// What the plan says that a month costs before tax, for what was used; nil where no price is agreed for it.
  package func expectedAmount(of month: BillingMonth, _ counters: Counters) -> Money? {
    pricePlan?.calculation(of: month, counters).map { Money($0.subtotal, $0.currency) }
  }
}
