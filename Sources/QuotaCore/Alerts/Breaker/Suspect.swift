import FoundationEssentials

/// A month whose counter has moved beyond reason from one reading to the next, or that has nothing to be held against.
package struct Suspect: Hashable, Codable, Sendable {
  package enum Move: String, Hashable, Codable, Sendable {
    case jump
    case drop
    /// Read for the first time, and the month before was not read either: suspect if others' figures are.
    case first
  }

  package let organization: OrganizationID
  package let month: BillingMonth
  package let metric: Metric
  package let move: Move
  package let before: Int64
  package let after: Int64

  /// A counter that is eight times what its pace lets expect, or less than half of what it was.
  private static let jumpFactor = 8.0
  /// Below so many a single move says nothing of the vendor's figures as a whole.
  private static let leastCount: Int64 = 20
  /// How long into a month its own pace says little, so that the month before is asked, too.
  private static let firstDays = TimeSpan.days(3)

  /// Nil where nothing is beyond reason.
  ///
  /// - Parameter previous: what the month before came to; nil where that is not known, and a month that is read for the
  ///   first time has nothing to be held against.
  package init?(_ month: ObservedMonth, previous: Counters?) {
    let pace = Pace(month, previous: previous)
    for metric in Metric.allCases {
      let (old, new) = (month.before?.counters[metric] ?? 0, month.snapshot.counters[metric])
      let move: Move
      if new < old - old / 2 {
        move = .drop
      } else if new >= Self.leastCount, pace.isExceeded(by: new, from: old, metric) {
        move = .jump
      } else {
        continue
      }
      self.init(
        organization: month.snapshot.organization, month: month.snapshot.month, metric: metric, move: move, before: old,
        after: new)
      return
    }
    return nil
  }

  /// A month of which nothing is known yet; nil where nothing was used.
  package init?(first month: ObservedMonth) {
    let counters = month.snapshot.counters
    guard let metric = Metric.allCases.first(where: { counters[$0] > 0 }) else { return nil }
    self.init(
      organization: month.snapshot.organization, month: month.snapshot.month, metric: metric, move: .first, before: 0,
      after: counters[metric])
  }

  package init(
    organization: OrganizationID, month: BillingMonth, metric: Metric, move: Move, before: Int64, after: Int64
  ) {
    self.organization = organization
    self.month = month
    self.metric = metric
    self.move = move
    self.before = before
    self.after = after
  }

  /// Whether it counts when it is asked how many organizations are beyond reason.
  package var isTelling: Bool {
    switch move {
    case .jump: before >= Self.leastCount || before == 0
    case .drop: before >= Self.leastCount
    case .first: false
    }
  }

  /// Whether a later count takes the move back: it is nearer to what was before than to what was suspect.
  package func isTakenBack(by count: Int64) -> Bool {
    switch move {
    case .jump: count < before + (after - before) / 2
    case .drop: count > after + (before - after) / 2
    case .first: false
    }
  }

  /// How fast a counter may be expected to have grown.
  private struct Pace {
    /// The longer nobody has looked, the more a counter may have grown.
    private let growth: Double
    private let isFirst: Bool
    /// The part of a month that is over, a day at least; nil later than the first days.
    private let share: Double?
    private let previous: Counters?

    init(_ month: ObservedMonth, previous: Counters?) {
      let (start, end) = (month.period.lowerBound, month.period.upperBound)
      func elapsed(_ time: Date) -> Double { min(time, end).timeIntervalSince(start) }
      let now = elapsed(month.snapshot.lastSeenAt)
      let then = month.before.map { elapsed($0.lastSeenAt) } ?? 0
      growth = then > 0 && now > then ? now / then : 1
      isFirst = month.before == nil
      let isEarly = isFirst || now <= TimeInterval(Suspect.firstDays.seconds)
      share = isEarly ? max(now, 86_400) / end.timeIntervalSince(start) : nil
      self.previous = previous
    }

    func isExceeded(by new: Int64, from old: Int64, _ metric: Metric) -> Bool {
      if !isFirst, old > 0, Double(new) >= Suspect.jumpFactor * growth * Double(old) { return true }
      guard let share, let usual = previous?[metric], usual >= Suspect.leastCount,
        isFirst || (old > 0 && Double(new) >= Suspect.jumpFactor * Double(old))
      else { return false }
      return Double(new) >= Suspect.jumpFactor * share * Double(usual)
    }
  }
}
