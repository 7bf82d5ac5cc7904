import FoundationEssentials

/// What one counter of one month has done that may yet turn out to be no use at all: its largest increase, and what it
/// has lost since.
struct CounterMove: Hashable, Sendable {
  /// See ``BillingMonth/ordinal``.
  let month: Int
  let metric: Metric
  var surge: Surge?
  var fall: Fall?

  /// An increase, in seconds since 1970.
  struct Surge: Hashable, Sendable {
    /// The count before.
    let level: Int64
    /// What of it is still taken for use.
    var amount: Int64
    let from: Int
    let to: Int
    /// When there was use before it; only where it is beyond reason.
    let usedBefore: Date?

    init(level: Int64, amount: Int64, from: Int, to: Int, usedBefore: Date?) {
      (self.level, self.amount, self.from, self.to) = (level, amount, from, to)
      self.usedBefore = Self.isBeyondReason(amount, above: level) ? usedBefore : nil
    }

    /// Whether a count is about the one before.
    func isUndone(at count: Int64) -> Bool { (count - level).magnitude < (amount / 2).magnitude }

    /// So steep that it is no use if it is undone.
    var isBeyondReason: Bool { Self.isBeyondReason(amount, above: level) }

    private static func isBeyondReason(_ amount: Int64, above level: Int64) -> Bool {
      level + min(amount, Int64.max - level) >= 20 && amount / 7 >= level
    }
  }

  /// A decrease that may come back.
  struct Fall: Hashable, Sendable {
    /// What has not come back.
    var lost: Int64
    /// The count before, and when it was seen last.
    let peak: Int64
    let since: Int
  }

  var isEmpty: Bool { surge == nil && fall == nil }

  /// How much of an increase is only what was lost: a good part of it comes at once, and much faster than the counter has
  /// ever grown.
  ///
  /// - Parameters:
  ///   - seconds: since the month was read before.
  ///   - start: when the month began.
  func returned(_ growth: Int64, to count: Int64, within seconds: Int, since start: Int) -> Int64 {
    guard let fall else { return 0 }
    // What it has grown by before at once, it may well have used again, unless just what is lost makes the same count.
    guard growth > surge?.amount ?? 0 || count == fall.peak && growth == fall.lost else { return 0 }
    let hasComeBack = count >= fall.peak && growth >= fall.lost / 2
    let pace = Double(fall.peak) / Double(max(fall.since - start, 3_600))
    let isSteep = growth >= fall.lost / 4 && Double(growth) > 8 * pace * Double(max(seconds, 3_600))
    return hasComeBack || isSteep ? min(growth, fall.lost) : 0
  }
}
