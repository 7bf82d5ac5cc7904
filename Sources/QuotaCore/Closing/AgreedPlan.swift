/// The plan that a month is held against: the one that it was closed with, and otherwise the one that its organization has.
package struct AgreedPlan: Hashable, Sendable {
  /// Nil without a plan.
  package let name: String?
  /// The first day of the version that is valid at the month's start; nil for the plan's beginning.
  package let version: String?
  /// What it costs; nil where the configuration does not say so.
  package let prices: PricePlan?
  /// Why a month without prices has none.
  package let unpriced: String
  /// Whether it had prices that are not known any more.
  let isGone: Bool

  /// The plan, and behind an `@` the first day of its version where it has one, such as `pro@2026-07-01`.
  package var title: String? { name.map { name in version.map { "\(name)@\($0)" } ?? name } }

  private static let nothingAgreed = "no price is agreed for this month"
}

extension AgreedPlan {
  /// What an organization has agreed for a month.
  package init(of organization: Organization, in month: BillingMonth) {
    self.init(
      name: organization.plan, version: organization.pricePlan?.version(in: month)?.validFrom?.description,
      prices: organization.pricePlan, unpriced: Self.nothingAgreed, isGone: false)
  }

  /// What a month was closed with.
  ///
  /// - Parameter plans: those that are configured, by name.
  package init(of closed: ClosedMonth, in month: BillingMonth, among plans: [String: PricePlan]) {
    let plan = closed.plan.flatMap { plans[$0] }
    let prices = plan?.beginning(month, with: closed.planVersion)
    let missing: String? =
      switch (closed.plan, plan) {
      case (let name?, nil): "plan \(name)"
      case (let name?, .some) where prices == nil:
        "\(closed.planVersion.map { "version \($0)" } ?? "first version") of the plan \(name)"
      default: nil
      }
    let gone = missing.map { "the month was closed with the \($0), which is not in the configuration any more" }
    self.init(
      name: closed.plan, version: closed.planVersion, prices: prices,
      unpriced: gone ?? (closed.plan == nil ? "the month was closed without a plan" : Self.nothingAgreed),
      isGone: gone != nil)
  }
}

extension PricePlan {
  /// The plan with the version that a month began with when it was closed, whichever begins it today; nil if there is no such
  /// version any more, or one that splits the month by now cannot be added to it.
  ///
  /// - Parameter version: its first day; nil for the plan's beginning, and where the month began before it.
  fileprivate func beginning(_ month: BillingMonth, with version: String?) -> PricePlan? {
    let isThere = versions.contains { $0.validFrom?.description == version }
    guard isThere || version == nil && self.version(in: month) == nil else { return nil }
    let start = CalendarDay(startOf: month)
    let kept = versions.filter { $0.validFrom?.description == version || $0.validFrom.map { $0 > start } ?? false }
    let prices = kept.stretches(of: month).map(\.prices)
    return prices.dropFirst().allSatisfy { $0.isAdded(to: prices[0]) } ? PricePlan(name: name, versions: kept) : nil
  }
}

extension Prices {
  /// Whether amounts of both are amounts of one month: a configuration whose versions are not is refused.
  fileprivate func isAdded(to other: Prices) -> Bool {
    currency == other.currency && rounding == other.rounding && includesTax == other.includesTax
  }
}
