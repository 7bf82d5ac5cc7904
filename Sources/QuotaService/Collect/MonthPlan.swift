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
  init(_ months: [MonthStanding], now: Date) {
    asksForMonthBefore = true
    for standing in months {
      let askedLately = standing.askedAt?.isLess(than: Self.pastMonthInterval, before: now) ?? false
      // What is settled in the future was stored by a clock that was ahead.
      if askedLately || standing.settledAt.map({ $0 <= now }) ?? false {
        resting.append(standing.month)
      } else {
        open.append(standing.month)
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
