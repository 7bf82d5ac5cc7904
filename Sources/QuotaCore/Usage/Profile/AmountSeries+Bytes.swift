extension VarintWriter {
  /// The latest unit, how many there are, in which there was use, how much it was, what rounding would take from the
  /// latest, and the gaps.
  ///
  /// In which units there was use is written as changes: of the pages from one unit to the next, and of the conversions
  /// from the pages. Amounts are their places among those that are kept, as distances below the largest: a place is about a
  /// logarithm, so that even half as much is only a few places less.
  mutating func write(_ series: AmountSeries) {
    write(signed: series.last)
    write(UInt64(series.count))
    let used = (series.pages.map { $0 > 0 }, series.conversions.map { $0 > 0 })
    write(list: zip(used.0, [true] + used.0).map { $0 == $1 ? 0 : 1 })
    write(list: zip(used.0, used.1).map { $0 == $1 ? 0 : 1 })
    for metric in Metric.allCases {
      let places = series[metric].map(series.precision.place)
      let largest = places.max() ?? 0
      write(UInt64(largest))
      write(list: places.filter { $0 > 0 }.map { UInt64(largest - $0) })
      for amount in series[metric].suffix(AmountSeries.exactUnits) {
        write(signed: Int(amount - series.precision.amount(at: series.precision.place(of: amount))))
      }
    }
    write(UInt64(series.gaps.ranges.count))
    for range in series.gaps.ranges {
      write(signed: series.last - range.lowerBound)
      write(UInt64(range.count))
    }
  }
}

extension VarintReader {
  mutating func series(_ precision: AmountPrecision, atMost capacity: Int) -> AmountSeries? {
    guard let last = signed(), abs(last) < 1 << 40, let number = number(), number <= capacity else { return nil }
    let count = Int(number)
    guard let changes = list(count), let differences = list(count), (changes + differences).allSatisfy({ $0 < 2 })
    else { return nil }
    var pagesUsed: [Bool] = []
    for change in changes { pagesUsed.append((change == 0) == (pagesUsed.last ?? true)) }
    let conversionsUsed = zip(pagesUsed, differences).map { ($1 == 0) == $0 }
    guard let pages = amounts(precision, used: pagesUsed), let conversions = amounts(precision, used: conversionsUsed),
      let gaps = gaps(before: last, atMost: capacity)
    else { return nil }
    return AmountSeries(precision, last: last, pages: pages, conversions: conversions, gaps: gaps)
  }

  private mutating func amounts(_ precision: AmountPrecision, used: [Bool]) -> [Int64]? {
    let highest = precision.place(of: AmountSeries.largestAmount)
    guard let largest = number(), largest <= highest, let distances = list(used.count { $0 }),
      distances.allSatisfy({ $0 < largest })
    else { return nil }
    var rest = distances[...]
    var amounts = used.map { $0 ? precision.amount(at: Int(largest - rest.removeFirst())) : 0 }
    for index in amounts.indices.suffix(AmountSeries.exactUnits) {
      guard let difference = signed(), abs(difference) < AmountSeries.largestAmount else { return nil }
      amounts[index] += Int64(difference)
    }
    return amounts
  }

  private mutating func gaps(before last: Int, atMost capacity: Int) -> UnitGaps? {
    guard let count = number(), count <= capacity else { return nil }
    var gaps = UnitGaps()
    for _ in 0..<count {
      guard let distance = signed(), abs(distance) <= capacity, let length = number(), (1...UInt64(capacity)) ~= length
      else { return nil }
      gaps.insert(last - distance...last - distance + Int(length) - 1)
    }
    return gaps
  }
}
