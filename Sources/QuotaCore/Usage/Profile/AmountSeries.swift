/// How much of both metrics was used in each of the latest hours or days: exactly in the three latest, and as exactly as
/// ``precision`` says in those before.
struct AmountSeries: Hashable, Sendable {
  let precision: AmountPrecision
  /// The number of the latest unit: hours since 1970 in UTC, or local days since 1970.
  private(set) var last = 0
  /// From the oldest unit that is kept to ``last``; both are equally long.
  private(set) var pages: [Int64] = []
  private(set) var conversions: [Int64] = []
  /// The units of which only the sum over several is known.
  private(set) var gaps = UnitGaps()
  /// What rounding has taken from units, or given if it is negative, and no later one has got yet.
  private(set) var pending = Counters.zero
  /// The oldest unit that may have changed since amounts were rounded.
  private var oldestChanged: Int?

  /// Above any true use, small enough for sums not to overflow, and kept exactly.
  static let largestAmount: Int64 = 1 << 50
  /// So many of the latest units are exact: the one that goes on, the one before, in which what is read now was used, and
  /// the one before that, of which the next reading may take something back.
  static let exactUnits = 3

  init(_ precision: AmountPrecision) {
    self.precision = precision
  }

  /// Nil if the parts do not fit together.
  init?(
    _ precision: AmountPrecision, last: Int, pages: [Int64], conversions: [Int64], gaps: UnitGaps, pending: Counters
  ) {
    guard pages.count == conversions.count,
      [pending.pages, pending.conversions].allSatisfy({ abs($0) <= Self.largestAmount }),
      (pages + conversions).allSatisfy({ (0...Self.largestAmount).contains($0) })
    else { return nil }
    self.precision = precision
    self.last = last
    self.pages = pages
    self.conversions = conversions
    self.gaps = gaps
    self.pending = pending
  }

  var count: Int { pages.count }
  var isEmpty: Bool { pages.isEmpty }
  /// The oldest unit that is kept.
  var first: Int { last - count + 1 }

  /// Whether a unit is one of the latest, which are not rounded.
  func isExact(_ unit: Int) -> Bool { unit > last - Self.exactUnits }

  subscript(metric: Metric) -> [Int64] {
    metric == .pages ? pages : conversions
  }

  /// What was used in some units, as far as they are kept.
  func sum(of metric: Metric, in units: Range<Int>) -> Int64 {
    let range = units.clamped(to: first..<max(first, last + 1))
    return range.isEmpty || isEmpty ? 0 : self[metric][range.lowerBound - first..<range.upperBound - first].reduce(0, +)
  }

  /// By how much a sum may differ from what was used, since amounts are rounded.
  func roundingError(of metric: Metric, in units: Range<Int>) -> Int64 {
    let range = units.clamped(to: first..<max(first, last - Self.exactUnits + 1))
    return range.reduce(0) { $0 + precision.step(at: self[metric][$1 - first]) / 2 }
  }

  /// Goes on to a later unit, and forgets what is older than so many units.
  mutating func advance(to unit: Int, keeping capacity: Int) {
    guard !isEmpty else {
      (last, pages, conversions) = (unit, [0], [0])
      return
    }
    guard unit > last else { return }
    noteChange(at: last - Self.exactUnits + 1)
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
    noteChange(at: unit)
    let index = unit - first
    switch metric {
    case .pages: pages[index] = min(pages[index] + min(amount, Self.largestAmount), Self.largestAmount)
    case .conversions:
      conversions[index] = min(conversions[index] + min(amount, Self.largestAmount), Self.largestAmount)
    }
  }

  /// Takes an amount away again, the most recent first; what is not there is not taken.
  ///
  /// - Parameter rest: what stays of that of which the amount is a part. What is left is this, if only rounding makes it
  ///   something else.
  mutating func takeBack(_ amount: Int64, leaving rest: Int64, of metric: Metric, from unit: Int, downTo floor: Int) {
    guard !isEmpty else { return }
    var (wanted, doubt) = (amount, Int64(0))
    let floor = max(floor, first)
    for unit in (floor..<max(floor, min(unit, last) + 1)).reversed() where wanted > 0 {
      let known = self[metric][unit - first]
      if !isExact(unit) { doubt += precision.step(at: known) / 2 }
      let left = known - wanted
      wanted = max(0, -left)
      let isLast = wanted == 0 || unit == floor
      let kept = isLast && doubt > 0 && abs(left - rest) <= doubt ? rest : max(0, left)
      switch metric {
      case .pages: pages[unit - first] = kept
      case .conversions: conversions[unit - first] = kept
      }
      noteChange(at: unit)
    }
  }

  private mutating func noteChange(at unit: Int) {
    oldestChanged = min(oldestChanged ?? unit, unit)
  }

  /// Rounds what has changed, but for the latest units.
  mutating func round() {
    guard let changed = oldestChanged else { return }
    oldestChanged = nil
    let indices = max(changed - first, 0)..<max(changed - first, 0, count - Self.exactUnits)
    guard !indices.isEmpty else { return }
    precision.round(&pages, indices, &pending.pages)
    precision.round(&conversions, indices, &pending.conversions)
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
