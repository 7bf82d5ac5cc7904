/// An organization's quota over time: what is agreed for each month.
package struct QuotaSchedule: Hashable, Sendable {
  /// A quota, and the first month that it is agreed for; nil for all months from the beginning.
  private struct Step: Hashable {
    let from: BillingMonth?
    let quota: Quota
  }

  /// In the order of time, at least one; the first is from the beginning.
  private let steps: [Step]

  /// No quota in any month, which organizations share that have none of their own.
  private static let nothing = [Step(from: nil, quota: Quota())]

  /// The same quota in every month.
  package init(_ quota: Quota = Quota()) {
    steps = quota == Quota() ? Self.nothing : [Step(from: nil, quota: quota)]
  }

  /// What a plan includes: in each month by the version that is valid at its start.
  init(of versions: [PricePlan.Version]) {
    let steps = versions.compactMap { version -> Step? in
      guard let day = version.validFrom else { return Step(from: nil, quota: version.quota) }
      let month = day.day == 1 ? day.month : day.month.advanced(by: 1)
      return month.map { Step(from: $0, quota: version.quota) }
    }
    self.steps = (steps.first?.from == nil && !steps.isEmpty ? [] : [Step(from: nil, quota: Quota())]) + steps
  }

  private init(_ steps: [Step]) {
    self.steps = steps
  }

  /// A quota of one's own, filled up in each month from these. Without one they are these themselves, which many
  /// organizations share.
  func filling(_ own: Quota) -> QuotaSchedule {
    own == Quota() ? self : QuotaSchedule(steps.map { Step(from: $0.from, quota: own.filled(from: $0.quota)) })
  }

  /// The quota of a month.
  package subscript(month: BillingMonth) -> Quota {
    steps.last { $0.from.map { $0 <= month } ?? true }?.quota ?? Quota()
  }

  /// Every quota that is agreed for some month.
  package var all: [Quota] { steps.map(\.quota) }
}
