/// The days of a month for which one version's prices count.
struct PricedStretch {
  let validFrom: CalendarDay?
  let prices: Prices
  let days: ClosedRange<Int>
}

extension PricePlan {
  /// The versions with prices that count for days of a month: the one that is valid at its start, and those that begin
  /// within it and split it.
  func stretches(of month: BillingMonth) -> [PricedStretch] {
    let start = version(in: month).map { (day: 1, version: $0) }
    let within = versions.compactMap { version in
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
/// When a month is split, a flat charge and the minimum count for their days of the month. What is used is known for
/// the whole month only, and so its price counts for its days among those that have a price.
struct PartCalculation {
  let prices: Prices
  let lines: [PriceCalculation.Line]

  init(_ stretch: PricedStretch, of month: BillingMonth, _ counters: Counters, coveredDays: Int) {
    let prices = stretch.prices
    let fixed = PriceCalculation.Share(days: stretch.days.count, of: month.dayCount)
    let used = PriceCalculation.Share(days: stretch.days.count, of: coveredDays)
    var lines = prices.charges.map { charge in
      Self.line(charge, prices, counters, charge.model.metric == nil ? fixed : used)
    }
    if let minimum = prices.minimum, let line = Self.trueUp(to: minimum, prices, lines, fixed) { lines.append(line) }
    self.prices = prices
    self.lines = lines
  }

  private static func line(
    _ charge: Charge, _ prices: Prices, _ counters: Counters, _ share: PriceCalculation.Share
  ) -> PriceCalculation.Line {
    let tiers = charge.model.tiers(for: counters, billsZeroUsage: prices.billsZeroUsage)
    let unrounded = ExactQuotient(tiers.map(\.amount).sum(), times: share.days, outOf: share.of)
    return PriceCalculation.Line(
      name: charge.name, kind: .charge(charge.model.name, charge.model.metric),
      quantity: charge.model.metric.map { counters[$0] }, tiers: tiers, share: share.ifSplit, unrounded: unrounded,
      rounded: prices.currency.rounded(unrounded))
  }

  /// What the lines lack to the minimum; nil if nothing.
  private static func trueUp(
    to minimum: ExactDecimal, _ prices: Prices, _ lines: [PriceCalculation.Line], _ share: PriceCalculation.Share
  ) -> PriceCalculation.Line? {
    let due = ExactQuotient(minimum, times: share.days, outOf: share.of)
    let missing =
      switch prices.rounding {
      case .line: ExactQuotient(prices.currency.rounded(due) - lines.map(\.rounded).sum())
      case .invoice: due - lines.map(\.unrounded).sum()
      }
    guard !missing.isNegative, !missing.numerator.isZero else { return nil }
    return PriceCalculation.Line(
      name: "Minimum", kind: .minimum(minimum), quantity: nil, tiers: [], share: share.ifSplit, unrounded: missing,
      rounded: prices.currency.rounded(missing))
  }
}

extension PriceCalculation.Share {
  /// Nil for the whole.
  fileprivate var ifSplit: Self? { days == of ? nil : self }
}

extension Currency {
  func rounded(_ amount: ExactQuotient) -> ExactDecimal { amount.rounded(to: minorUnit) }
}
