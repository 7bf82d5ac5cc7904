/// What a plan says that a month costs, line by line.
package struct PriceCalculation: Hashable, Sendable {
  package let plan: String
  package let month: BillingMonth
  package let counters: Counters
  package let currency: Currency
  package let rounding: Prices.Rounding
  /// One part for each version of the plan that counts for days of the month: nearly always one.
  package let parts: [Part]
  /// The expected amount: all lines before tax, exact and as it is billed.
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
    /// The charges in the order of the plan, and then what is missing to the minimum.
    package let lines: [Line]
  }

  /// What is charged under one name.
  package struct Line: Hashable, Sendable {
    package let name: String
    package let kind: Kind
    /// What was used in the whole month; nil without a metric.
    package let quantity: Int64?
    /// For a whole month; empty for what is missing to a minimum.
    package let tiers: [PricedTier]
    /// Which part of the month counts, in days, when the month is split.
    package let share: Share?
    package let unrounded: ExactQuotient
    /// Half away from zero to the currency's minor unit.
    package let rounded: ExactDecimal

    package enum Kind: Hashable, Sendable {
      case charge(Charge.ModelName, Metric?)
      /// What the charges lack to the minimum.
      case minimum(ExactDecimal)
    }
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
    let stretches = stretches(of: month)
    guard let first = stretches.first else { return nil }
    let covered = stretches.map(\.days.count).reduce(0, +)
    let parts = stretches.map {
      PartCalculation($0, of: month, counters, coveredDays: covered)
    }
    let (currency, rounding) = (first.prices.currency, first.prices.rounding)
    var percents: [ExactDecimal?] = []
    for part in parts where !percents.contains(part.prices.taxPercent) { percents.append(part.prices.taxPercent) }
    // What is taxed alike is rounded together, so that the parts of a subtotal add up to it.
    let nets = percents.map { percent in
      let alike = parts.filter { $0.prices.taxPercent == percent }
      return switch rounding {
      case .line: alike.flatMap(\.lines).map(\.rounded).sum()
      case .invoice: currency.rounded(alike.flatMap(\.lines).map(\.unrounded).sum())
      }
    }
    return PriceCalculation(
      plan: name, month: month, counters: counters, currency: currency, rounding: rounding,
      parts: zip(stretches, parts).map {
        .init(validFrom: $0.validFrom, days: $0.days, taxPercent: $1.prices.taxPercent, lines: $1.lines)
      },
      unroundedSubtotal: parts.flatMap(\.lines).map(\.unrounded).sum(), subtotal: nets.sum(),
      taxes: zip(percents, nets).compactMap { percent, net in
        percent.map { .init(percent: $0, amount: currency.rounded((net * $0).movingPoint(left: 2))) }
      })
  }
}

extension Organization {
  /// What the plan says that a month costs before tax, for what was used; nil where no price is agreed for it.
  package func expectedAmount(of month: BillingMonth, _ counters: Counters) -> Money? {
    pricePlan?.calculation(of: month, counters).map { Money($0.subtotal, $0.currency) }
  }
}
