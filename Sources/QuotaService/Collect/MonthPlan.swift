import FoundationEssentials
import QuotaCore

/// Which months are asked for by name, once the vendor's current one is known.
struct MonthPlan: Hashable, Sendable {
  private struct Known: Hashable {
    let month: BillingMonth
    let rests: Bool
  }

  /// The months whose values are known. One rests that is settled, or was asked for a short while ago.
  private let known: [Known]
  private let asksForMonthBefore: Bool

  /// A past month is asked for at most this often.
  static let pastMonthInterval = TimeSpan.hours(1)

  /// The month before, and older ones that were never seen to settle.
  init(_ months: [MonthStanding], now: Date) {
    asksForMonthBefore = true
    known = months.map { standing in
      let askedLately = standing.askedAt?.isLess(than: Self.pastMonthInterval, before: now) ?? false
      // What is settled in the future was stored by a clock that was ahead.
      return Known(
        month: standing.month, rests: askedLately || standing.settledAt.map({ $0 <= now }) ?? false)
    }
  }

  /// This month, if it is a past one.
  init(only month: BillingMonth) {
    asksForMonthBefore = false
    known = [Known(month: month, rests: false)]
  }

  /// The latest first.
  func dueMonths(after current: Reading) -> [BillingMonth] {
    var due = Set(known.filter { !$0.rests && $0.month < current.month }.map(\.month))
    if asksForMonthBefore, let before = current.month.advanced(by: -1),
      !known.contains(where: { $0.rests && $0.month == before })
    {
      due.insert(before)
    }
    return due.sorted(by: >)
  }
}
