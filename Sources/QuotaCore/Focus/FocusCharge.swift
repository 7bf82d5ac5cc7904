package import FoundationEssentials

/// One row of the Cost and Usage dataset of FOCUS: a tier of a charge, a flat amount, a discount, what is missing to a
/// minimum or beyond a maximum, or a tax. Amounts are in the calculation's currency, and without tax except in its row.
package struct FocusCharge: Hashable, Sendable {
  package let category: ChargeCategory
  package let description: String
  /// The end is not part of it.
  package let period: Range<Date>
  /// What the row adds to the invoice; all rows together are the calculation's total.
  package let billedCost: ExactDecimal
  /// Before anything is rounded to the currency's minor unit.
  package let contractedCost: ExactDecimal
  /// Nil where nothing is priced by units: a tax, a discount, what is missing to a minimum or beyond a maximum.
  package let pricing: Pricing?
  /// The units that were used, of usage.
  package let consumed: ExactDecimal?
  package let metric: Metric?
  /// The plan, and behind an `@` the first day of its version where it has one; nil for a tax.
  package let pricePlan: String?
  package let firstUnit: Int64?
  package let lastUnit: Int64?

  /// What `contractedCost` is the product of.
  package struct Pricing: Hashable, Sendable {
    package let unitPrice: ExactDecimal
    /// A part of a month is rounded to ``ExactQuotient/writtenDecimals`` decimals.
    package let quantity: ExactDecimal
    /// Such as `Pages`.
    package let unit: String
    /// What is sold.
    package let skuID: String
    package let skuMeter: String
    /// The price in the plan: `growth@2026-07-01/2/10001` for its second charge from unit 10001 on.
    package let skuPriceID: String
  }

  /// How often it is charged, in the word of FOCUS: by usage, or every month.
  package var isUsageBased: Bool { category == .usage }
}

/// The charges of one organization and month.
package struct FocusMonth: Hashable, Sendable {
  package let organization: OrganizationID
  package let organizationName: String
  package let tags: [String]
  package let month: BillingMonth
  /// The month in UTC; the end is not part of it.
  package let period: Range<Date>
  package let currency: Currency
  package let periodStatus: PeriodStatus
  /// The reading that counts.
  package let snapshot: Int64
  package let charges: [FocusCharge]

  /// What an organization's month costs.
  ///
  /// - Parameters:
  ///   - calculation: of the organization's plan, for the figures of the reading.
  ///   - zone: the vendor's billing time zone.
  package init(
    _ organization: Organization, _ calculation: PriceCalculation, periodStatus: PeriodStatus, snapshot: Int64,
    in zone: TimeZone
  ) {
    self.organization = organization.id
    organizationName = organization.name
    tags = organization.tags
    month = calculation.month
    period = calculation.month.period(in: zone)
    currency = calculation.currency
    self.periodStatus = periodStatus
    self.snapshot = snapshot
    charges = calculation.focusCharges(in: zone)
  }
}
