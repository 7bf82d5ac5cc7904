extension VarintWriter {
  /// The latest unit, how many there are, in which there was use, how much it was, what rounding would take from the
  /// latest, what it has taken and nobody got, and the gaps.
  ///
  /// In which units there was use is written as changes: of the pages from one unit to the next, and of the conversions
  /// from the pages. Amounts are their places among those that are kept, see ``AmountPrecision``. Where there are few of
  /// them, a place is written as how many were more frequent so far, and elsewhere as its distance below the largest.
  mutating func write(_ series: AmountSeries) {
    write(signed: series.last)
    write(UInt64(series.count))
    let used = (series.pages.map { $0 > 0 }, series.conversions.map { $0 > 0 })
    write(list: zip(used.0, [true] + used.0).map { $0 == $1 ? 0 : 1 })
    write(list: zip(used.0, used.1).map { $0 == $1 ? 0 : 1 })
    for metric in Metric.allCases {
      let places = series[metric].filter { $0 > 0 }.map(series.precision.place)
      let largest = places.max() ?? 0
      write(UInt64(largest))
      write(list: series.precision.isCoarse ? PlaceRanks.ranks(of: places) : places.map { UInt64(largest - $0) })
      for amount in series[metric].suffix(AmountSeries.exactUnits) {
        write(signed: Int(amount - series.precision.amount(at: series.precision.place(of: amount))))
      }
      write(signed: Int(series.pending[metric]))
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
    return AmountSeries(
      precision, last: last, pages: pages.amounts, conversions: conversions.amounts, gaps: gaps,
      pending: Counters(pages: pages.pending, conversions: conversions.pending))
  }

  private mutating func amounts(_ precision: AmountPrecision, used: [Bool]) -> (amounts: [Int64], pending: Int64)? {
    let highest = precision.place(of: AmountSeries.largestAmount)
    guard let largest = number(), largest <= highest, let list = list(used.count { $0 }),
      list.allSatisfy({ $0 < largest })
    else { return nil }
    var rest =
      (precision.isCoarse
      ? PlaceRanks.places(of: list, upTo: Int(largest)) : list.map { Int(largest - $0) })[...]
    var amounts = used.map { $0 ? precision.amount(at: rest.removeFirst()) : 0 }
    for index in amounts.indices.suffix(AmountSeries.exactUnits) {
      guard let difference = signed(), abs(difference) < AmountSeries.largestAmount else { return nil }
      amounts[index] += Int64(difference)
    }
    guard let pending = signed(), pending.magnitude <= AmountSeries.largestAmount else { return nil }
    return (amounts, Int64(pending))
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
