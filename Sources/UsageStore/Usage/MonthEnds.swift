internal import FoundationEssentials
internal import QuotaCore
internal import Synchronization

/// When months end in the billing time zone, remembered: the calendar is slow, and a run asks for the same few months
/// thousands of times.
final class MonthEnds: Sendable {
  let zone: TimeZone
  private let ends = Mutex<[BillingMonth: Date]>([:])

  init(in zone: TimeZone) {
    self.zone = zone
  }

  func isSettled(_ snapshot: Snapshot, at now: Date) -> Bool {
    Settlement.isSettled(
      snapshot, monthEnd: end(of: snapshot.month),
      followingMonthEnd: snapshot.month.advanced(by: 1).map { end(of: $0) },
      at: now)
  }

  func end(of month: BillingMonth) -> Date {
    ends.withLock { ends in
      if let known = ends[month] { return known }
      let end = month.period(in: zone).upperBound
      ends[month] = end
      return end
    }
  }
}
