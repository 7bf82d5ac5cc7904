import FoundationEssentials
import QuotaCore

/// Judges a reading of a closed month by the rules that tell of corrections, where nothing else is judged.
struct ClosedMonthJudgement: Sendable {
  private let rules: [Rule]
  private let routing: Routing
  private let billingTimeZone: TimeZone

  init(_ rules: [Rule], routing: Routing, billingTimeZone: TimeZone) {
    self.rules = rules.filter { $0.kind.isMomentary }
    self.routing = routing
    self.billingTimeZone = billingTimeZone
  }

  /// Saves what follows from a reading, inside the transaction that stores it. The next run delivers it.
  ///
  /// - Parameter before: the month's latest snapshot before the reading.
  func apply(
    _ usage: MonthUsage, before: Snapshot?, closed: ClosedMonth, of organization: Organization,
    to writer: any StoreWriter, now: Date
  ) throws {
    let month = usage.snapshot.month
    let observed = ObservedMonth(
      snapshot: usage.snapshot, before: before, quota: usage.quota, period: month.period(in: billingTimeZone),
      closed: closed)
    let alerts = try writer.alerts(of: organization.id).filter { $0.key.month == month }
    let input = RuleInput(
      organization: organization, now: now, months: [observed], history: PollHistory(),
      zone: billingTimeZone)
    let step = AlertLifecycle.step(rules, on: input, alerts: alerts)
    guard !step.isEmpty else { return }
    try routing.save(step, of: organization, in: writer, now: now)
  }
}
