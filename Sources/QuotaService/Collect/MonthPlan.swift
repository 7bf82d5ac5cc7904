import FoundationEssentials
import QuotaCore

/// Which months are asked for by name, once the vendor's current one is known.
struct MonthPlan: Sendable {
  /// Settled, or asked for a short while ago.
  private var resting: [BillingMonth] = []
  /// Neither, though their values are known.
  private var open: [BillingMonth] = []
  private let asksForMonthBefore: Bool

  /// A past month is asked for at most this often.
  static let pastMonthInterval = TimeSpan.hours(1)

  /// The month before, and older ones that were never seen to settle.
  init(_ months: [BillingMonth: MonthUsage], zone: TimeZone, now: Date) {
    asksForMonthBefore = true
    for (month, usage) in months {
      let askedLately = usage.askedAt?.isLess(than: Self.pastMonthInterval, before: now) ?? false
      if askedLately || Settlement.isSettled(usage.snapshot, in: zone, at: now) {
        resting.append(month)
      } else {
        open.append(month)
      }
    }
  }

  /// This month, if it is a past one.
  init(only month: BillingMonth) {
    asksForMonthBefore = false
    open = [month]
  }

  /// The latest first.
  func dueMonths(after current: Reading) -> [BillingMonth] {
    var due = Set(open.filter { $0 < current.month })
    if asksForMonthBefore, let before = current.month.advanced(by: -1), !resting.contains(before) { due.insert(before) }
    return due.sorted(by: >)
  }
}
