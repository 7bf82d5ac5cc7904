/// How much of both metrics was used in each of the latest hours or days.
struct AmountSeries: Hashable, Sendable {
  /// The number of the latest unit: hours since 1970 in UTC, or local days since 1970.
  private(set) var last = 0
  /// From the oldest unit that is kept to ``last``; both are equally long.
  private(set) var pages: [Int64] = []
  private(set) var conversions: [Int64] = []
  /// The units of which only the sum over several is known.
  private(set) var gaps = UnitGaps()

  /// Above any true use, and small enough for sums not to overflow.
  static let largestAmount: Int64 = 1_000_000_000_000_000

  init() {}

  /// Nil if the parts do not fit together.
  init?(last: Int, pages: [Int64], conversions: [Int64], gaps: UnitGaps) {
    guard pages.count == conversions.count,
      (pages + conversions).allSatisfy({ (0...Self.largestAmount).contains($0) })
    else { return nil }
    self.last = last
    self.pages = pages
    self.conversions = conversions
    self.gaps = gaps
  }

  var count: Int { pages.count }
  var isEmpty: Bool { pages.isEmpty }
  /// The oldest unit that is kept.
  var first: Int { last - count + 1 }

  subscript(metric: Metric) -> [Int64] {
    metric == .pages ? pages : conversions
  }

  /// What was used in some units, as far as they are kept.
  func sum(of metric: Metric, in units: Range<Int>) -> Int64 {
    let range = units.clamped(to: first..<max(first, last + 1))
    return range.isEmpty || isEmpty ? 0 : self[metric][range.lowerBound - first..<range.upperBound - first].reduce(0, +)
  }

  /// Goes on to a later unit, and forgets what is older than so many units.
  mutating func advance(to unit: Int, keeping capacity: Int) {
    guard !isEmpty else {
      (last, pages, conversions) = (unit, [0], [0])
      return
    }
    guard unit > last else { return }
    let added = min(unit - last, capacity)
    let dropped = max(0, count + added - capacity)
    pages.removeFirst(dropped)
    conversions.removeFirst(dropped)
    pages.append(contentsOf: repeatElement(0, count: added))
    conversions.append(contentsOf: repeatElement(0, count: added))
    last = unit
    gaps.forget(before: first)
  }

  /// Notes that only the sum over these units is known.
  mutating func markUnobserved(_ units: ClosedRange<Int>) {
    gaps.insert(units)
    gaps.forget(before: first)
  }

  /// Adds to a unit; nothing happens for one that is not kept.
  mutating func add(_ amount: Int64, of metric: Metric, at unit: Int) {
    guard amount > 0, (first...last).contains(unit) else { return }
    let index = unit - first
    switch metric {
    case .pages: pages[index] = min(pages[index] + min(amount, Self.largestAmount), Self.largestAmount)
    case .conversions:
      conversions[index] = min(conversions[index] + min(amount, Self.largestAmount), Self.largestAmount)
    }
  }

  /// Takes an amount away again, the most recent first; what is not there is not taken.
  mutating func takeBack(_ amount: Int64, of metric: Metric, from unit: Int, downTo floor: Int) {
    guard !isEmpty else { return }
    var rest = amount
    var unit = min(unit, last)
    while rest > 0, unit >= max(floor, first) {
      let index = unit - first
      let taken = min(rest, self[metric][index])
      switch metric {
      case .pages: pages[index] -= taken
      case .conversions: conversions[index] -= taken
      }
      rest -= taken
      unit -= 1
    }
  }

  /// The latest unit in which there was any use of a metric, or of either.
  func lastUsed(of metric: Metric?) -> Int? {
    for index in pages.indices.reversed() {
      let isUsed =
        switch metric {
        case .pages: pages[index] > 0
        case .conversions: conversions[index] > 0
        case nil: pages[index] > 0 || conversions[index] > 0
        }
      if isUsed { return first + index }
    }
    return nil
  }
}

/// Runs of units of which only the sum is known.
struct UnitGaps: Hashable, Sendable {
  /// Ascending, neither overlapping nor adjacent.
  private(set) var ranges: [ClosedRange<Int>] = []

  var isEmpty: Bool { ranges.isEmpty }

  mutating func insert(_ range: ClosedRange<Int>) {
    var merged = range
    var kept: [ClosedRange<Int>] = []
    for other in ranges {
      if other.upperBound + 1 < merged.lowerBound || merged.upperBound + 1 < other.lowerBound {
        kept.append(other)
      } else {
        merged = min(other.lowerBound, merged.lowerBound)...max(other.upperBound, merged.upperBound)
      }
    }
    kept.append(merged)
    ranges = kept.sorted { $0.lowerBound < $1.lowerBound }
  }

  mutating func forget(before unit: Int) {
    guard let first = ranges.first, first.lowerBound < unit else { return }
    ranges = ranges.compactMap { range in
      range.upperBound < unit ? nil : max(range.lowerBound, unit)...range.upperBound
    }
  }

  func contains(_ unit: Int) -> Bool {
    for range in ranges where range.contains(unit) { return true }
    return false
  }
}
