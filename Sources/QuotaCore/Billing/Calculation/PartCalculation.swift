/// The days of a month for which one version's prices count.
struct PricedStretch {
  let validFrom: CalendarDay?
  let prices: Prices
  let days: ClosedRange<Int>
}

extension [PricePlan.Version] {
  /// The versions with prices that count for days of a month: the one that is valid at its start, and those that begin
  /// within it and split it.
  func stretches(of month: BillingMonth) -> [PricedStretch] {
    let start = valid(in: month).map { (day: 1, version: $0) }
    let within = compactMap { version in
      version.validFrom.flatMap { first in
        first.month == month && first.day > 1 && version.prorates ? (day: first.day, version: version) : nil
      }
    }
    let all = (start.map { [$0] } ?? []) + within
    let ends = all.dropFirst().map { $0.day - 1 } + [month.dayCount]
    return zip(all, ends).compactMap { begin, end in
      begin.version.prices.map {
        PricedStretch(validFrom: begin.version.validFrom, prices: $0, days: begin.day...end)
      }
    }
  }
}

/// The lines of one version in a month.
///
/// What is charged comes first, each charge with its discounts behind it; then the discounts on all of it, and last what
/// is missing to the minimum or beyond the maximum. So a discount never lowers the minimum.
///
/// When a month is split, fixed amounts (flat charges, amounts of discounts, minimum and maximum) count for their days of
/// the month. What is used is known for the whole month only, and so its price counts for its days among those that have
/// a price.
struct PartCalculation {
  let prices: Prices
  private(set) var lines: [PriceCalculation.Line] = []
  private let fixed: PriceCalculation.Share

  init(_ stretch: PricedStretch, of month: BillingMonth, _ counters: Counters, coveredDays: Int) {
    prices = stretch.prices
    fixed = PriceCalculation.Share(days: stretch.days.count, of: month.dayCount)
    let used = PriceCalculation.Share(days: stretch.days.count, of: coveredDays)
    for charge in prices.charges {
      let first = lines.count
      lines.append(line(of: charge, counters, charge.model.metric == nil ? fixed : used))
      for discount in charge.discounts { apply(discount, to: first, charge.model.subject) }
    }
    for discount in prices.discounts { apply(discount, to: 0, nil) }
    if let minimum = prices.minimum {
      let missing = fixedAmount(minimum) - due(from: 0)
      if !missing.isNegative { add("Minimum", .minimum(minimum), missing, fixed) }
    }
    if let maximum = prices.maximum {
      let beyond = fixedAmount(maximum) - due(from: 0)
      if beyond.isNegative { add("Maximum", .maximum(maximum), beyond, fixed) }
    }
  }

  private func line(
    of charge: Charge, _ counters: Counters, _ share: PriceCalculation.Share
  ) -> PriceCalculation.Line {
    let tiers = charge.model.tiers(for: counters, billsZeroUsage: prices.billsZeroUsage)
    let unrounded = ExactQuotient(tiers.map(\.amount).sum(), times: share.days, outOf: share.of)
    return PriceCalculation.Line(
      name: charge.name, kind: .charge(charge.model.name, charge.model.metric),
      quantity: charge.model.metric.map { counters[$0] }, tiers: tiers, share: share.ifSplit, unrounded: unrounded,
      rounded: prices.currency.rounded(unrounded))
  }

  /// - Parameters:
  ///   - first: the first of the lines from which it is taken off.
  ///   - subject: what those are for; nil for everything.
  private mutating func apply(_ discount: Discount, to first: Int, _ subject: PriceCalculation.Subject?) {
    let due = due(from: first)
    let kind = PriceCalculation.Line.Kind.discount(discount, of: subject)
    switch discount.size {
    case .percent(let percent): add(discount.name, kind, -(due * percent.movingPoint(left: 2)), nil)
    case .amount(let amount):
      let amount = fixedAmount(amount)
      add(discount.name, kind, (due - amount).isNegative ? -due : -amount, fixed)
    }
  }

  /// A line beside the charges; none for nothing.
  private mutating func add(
    _ name: String, _ kind: PriceCalculation.Line.Kind, _ amount: ExactQuotient, _ share: PriceCalculation.Share?
  ) {
    guard !amount.isZero else { return }
    lines.append(
      PriceCalculation.Line(
        name: name, kind: kind, quantity: nil, tiers: [], share: share?.ifSplit, unrounded: amount,
        rounded: prices.currency.rounded(amount)))
  }

  /// What the lines from one on come to, by the way in which the plan rounds.
  private func due(from first: Int) -> ExactQuotient {
    switch prices.rounding {
    case .line: ExactQuotient(lines[first...].map(\.rounded).sum())
    case .invoice: lines[first...].map(\.unrounded).sum()
    }
  }

  /// An amount of a whole month for the days that count, by the way in which the plan rounds.
  private func fixedAmount(_ amount: ExactDecimal) -> ExactQuotient {
    let share = ExactQuotient(amount, times: fixed.days, outOf: fixed.of)
    return prices.rounding == .line ? ExactQuotient(prices.currency.rounded(share)) : share
  }
}

extension PriceCalculation.Share {
  /// Nil for the whole.
  fileprivate var ifSplit: Self? { days == of ? nil : self }
}

extension Currency {
  func rounded(_ amount: ExactQuotient) -> ExactDecimal { amount.rounded(to: minorUnit) }
}
