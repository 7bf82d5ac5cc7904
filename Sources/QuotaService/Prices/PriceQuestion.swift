package import QuotaCore

/// Says what a month costs.
package struct PriceMonth: Sendable {
  let configuration: Configuration
  let world: World

  /// What a configured plan says that a month costs.
  ///
  /// - Parameters:
  ///   - plan: the plan's name.
  ///   - month: by default the present one.
  /// - Throws: `usage` for a plan that is not configured, and for a month for which it has no prices.
  package func callAsFunction(plan: String, month: BillingMonth?, _ counters: Counters) throws -> PriceCalculation {
    guard let pricePlan = configuration.plans[plan] else {
      let help = suggestion(for: plan, among: configuration.plans.keys)
      throw ServiceError(.usage, "no plan \"\(plan)\" is configured\(help.isEmpty ? "; add it under \"plans\"" : help)")
    }
    guard let month = month ?? BillingMonth(containing: world.now(), in: configuration.billingTimeZone) else {
      throw ServiceError(.usage, "the present month is none that the vendor knows; name one with --month")
    }
    guard let calculation = pricePlan.calculation(of: month, counters) else {
      throw ServiceError(
        .usage,
        "plan \"\(plan)\" has no prices for \(month); give \"currency\" and \"charges\" to a version that is valid then"
      )
    }
    return calculation
  }
}
