/// What organizations of one plan have agreed: quotas and prices, each version from a day on.
package struct PricePlan: Hashable, Sendable {
  package let name: String
  /// In the order of time.
  package let versions: [Version]
  /// What it includes over time.
  let quotas: QuotaSchedule

  package init(name: String, versions: [Version]) {
    self.name = name
    self.versions = versions
    quotas = QuotaSchedule(of: versions)
  }

  /// What is agreed from a day on, until the next version.
  package struct Version: Hashable, Sendable {
    /// The first day, at the midnight that begins it in the vendor's billing time zone; nil for the plan's beginning.
    package let validFrom: CalendarDay?
    /// Whether a first day within a month splits that month by days. Otherwise the version counts from the next month.
    package let prorates: Bool
    package let quota: Quota
    /// Nil where only a quota is agreed.
    package let prices: Prices?

    package init(
      validFrom: CalendarDay? = nil, prorates: Bool = false, quota: Quota = Quota(), prices: Prices? = nil
    ) {
      self.validFrom = validFrom
      self.prorates = prorates
      self.quota = quota
      self.prices = prices
    }
  }

  /// The version that is valid at a month's start; nil for a month before the first.
  package func version(in month: BillingMonth) -> Version? { versions.valid(in: month) }

  /// The currencies of all versions with prices.
  package var currencies: Set<Currency> { Set(versions.compactMap { $0.prices?.currency }) }
}

extension [PricePlan.Version] {
  /// The version that is valid at a month's start; nil for a month before the first.
  func valid(in month: BillingMonth) -> PricePlan.Version? {
    let start = CalendarDay(startOf: month)
    return last { $0.validFrom.map { $0 <= start } ?? true }
  }
}

/// What a month costs, as a version of a plan says it.
package struct Prices: Hashable, Sendable {
  package let currency: Currency
  /// Added up.
  package let charges: [Charge]
  /// Taken off all charges together, one after the other.
  package let discounts: [Discount]
  /// What the charges come to at least when discounts are taken off; what is missing is a line of its own.
  package let minimum: ExactDecimal?
  /// What they come to at most, from the minimum; what is beyond it is taken off by a line of its own.
  package let maximum: ExactDecimal?
  /// Whether a month without usage costs the flat amount of a charge's first tier.
  package let billsZeroUsage: Bool
  package let rounding: Rounding
  /// From 0 to 100; nil where tax is not spoken of.
  package let taxPercent: ExactDecimal?
  /// Whether all amounts contain the tax; otherwise it is added. Only where there is a percentage.
  package let includesTax: Bool

  package init(
    currency: Currency, charges: [Charge], discounts: [Discount] = [], minimum: ExactDecimal? = nil,
    maximum: ExactDecimal? = nil, billsZeroUsage: Bool = true, rounding: Rounding = .line,
    taxPercent: ExactDecimal? = nil, includesTax: Bool = false
  ) {
    self.currency = currency
    self.charges = charges
    self.discounts = discounts
    self.minimum = minimum
    self.maximum = maximum
    self.billsZeroUsage = billsZeroUsage
    self.rounding = rounding
    self.taxPercent = taxPercent
    self.includesTax = includesTax
  }

  /// Where amounts are rounded to the currency's minor unit, half away from zero.
  package enum Rounding: String, CaseIterable, Codable, Sendable {
    /// Every line, and the sum of the rounded lines is the invoice.
    case line
    /// Only the sum of the exact lines.
    case invoice
  }
}
