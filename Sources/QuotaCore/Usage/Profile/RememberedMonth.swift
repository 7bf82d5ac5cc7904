/// What a forecast has to know of a month beyond the days that are kept: what it came to, and how it went.
struct RememberedMonth: PerMetric, Hashable, Sendable {
  /// See ``BillingMonth/ordinal``.
  let month: Int
  /// As they were read last.
  var counters: Counters
  /// Whether ``pages`` and ``conversions`` say all that can be said.
  var isMeasured = false
  var pages = MonthCourse()
  var conversions = MonthCourse()

  /// The current month and the four before it.
  static let capacity = 5
}

/// How a month went, as whole numbers, so that it is the same before and after it was stored. Nil where it is not known.
struct MonthCourse: Hashable, Sendable {
  /// What was used on the first and on the last days of the month as a part of what the days between had led to expect.
  var beginning: Share?
  var end: Share?
  /// How far the days between were from what the weeks before had led to expect: the square of the error as a part of
  /// the variance that had been expected.
  var misfit: Share?
  /// How many lulls have ended within the month.
  var lulls = 0

  /// In 64ths, 0 to ``largest``.
  struct Share: Hashable, Sendable {
    private let stored: Int16

    var sixtyFourths: Int { Int(stored) }

    /// More says only that it is much.
    static let largest = 9.0

    var value: Double { Double(stored) / 64 }

    init(_ value: Double) {
      stored = Int16((min(max(value, 0), Self.largest) * 64).rounded())
    }

    /// Nil for more than ``largest``.
    init?(sixtyFourths: Int) {
      guard (0...Int(Self.largest) * 64).contains(sixtyFourths) else { return nil }
      stored = Int16(sixtyFourths)
    }
  }
}
