/// An organization's quota over time: what is agreed for each month.
package struct QuotaSchedule: Hashable, Sendable {
  /// A quota, and the first month that it is agreed for; nil for all months from the beginning.
  private struct Step: Hashable {
    let from: BillingMonth?
    let quota: Quota
  }

  /// In the order of time, at least one; the first is from the beginning.
  private let steps: [Step]

  /// The same quota in every month.
  package init(_ quota: Quota = Quota()) {
    steps = [Step(from: nil, quota: quota)]
  }

  /// An organization's own quota, filled up in each month from the version of the plan that is valid at its start.
  package init(own: Quota, plan: PricePlan) {
    let fromPlan = plan.versions.compactMap { version -> Step? in
      guard let day = version.validFrom else { return Step(from: nil, quota: own.filled(from: version.quota)) }
      let month = day.day == 1 ? day.month : day.month.advanced(by: 1)
      return month.map { Step(from: $0, quota: own.filled(from: version.quota)) }
    }
    steps = (fromPlan.first?.from == nil && !fromPlan.isEmpty ? [] : [Step(from: nil, quota: own)]) + fromPlan
  }

  /// The quota of a month.
  package subscript(month: BillingMonth) -> Quota {
    steps.last { $0.from.map { $0 <= month } ?? true }?.quota ?? Quota()
  }

  /// Every quota that is agreed for some month.
  package var all: [Quota] { steps.map(\.quota) }
}
