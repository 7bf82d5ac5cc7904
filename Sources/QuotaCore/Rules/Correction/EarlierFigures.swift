import FoundationEssentials

/// What a month's new reading is held against.
struct EarlierFigures {
  /// Why a past month's figures were taken as final.
  enum Finality {
    case settled
    /// With these counters; nil if the closing was forced without a reading.
    case closed(Counters?)
  }

  /// Nil if the month was closed without a reading, and this is its first since.
  let counters: Counters?
  let seenAt: Date?
  let snapshotID: Int64?
  /// Nil where the figures may still grow.
  let finality: Finality?

  /// The month's reading before this one or, when a closed month is read for the first time since it was over, what it
  /// was closed with: what it grew by while it ran was no correction then. Nil for a month that was never read before.
  ///
  /// - Parameter isCurrent: whether the vendor takes it for the current month, whatever our clock says.
  init?(of month: ObservedMonth, isCurrent: Bool, in zone: TimeZone) {
    let end = month.period.upperBound
    let isFirstAfterEnd = month.before.map { $0.lastSeenAt < end } ?? true
    if let closed = month.closed, isFirstAfterEnd {
      counters = closed.snapshot?.counters
      seenAt = closed.snapshot?.lastSeenAt
      snapshotID = closed.snapshot?.id
      finality = .closed(counters)
      return
    }
    guard let before = month.before else { return nil }
    counters = before.counters
    seenAt = before.lastSeenAt
    snapshotID = before.id
    if let closed = month.closed {
      finality = .closed(closed.snapshot?.counters)
    } else {
      let isSettled =
        !isFirstAfterEnd && !isCurrent
        && Settlement.isSettled(
          before, monthEnd: end, followingMonthEnd: before.month.advanced(by: 1)?.period(in: zone).upperBound,
          at: month.snapshot.lastSeenAt)
      finality = isSettled ? .settled : nil
    }
  }
}
