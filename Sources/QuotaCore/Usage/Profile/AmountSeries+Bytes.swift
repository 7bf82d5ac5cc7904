extension VarintWriter {
  /// The latest unit, how many there are, in which there was use, how much it was, what rounding would take from the
  /// latest, and the gaps.
  ///
  /// In which units there was use is written as changes: of the pages from one unit to the next, and of the conversions
  /// from the pages. Amounts are their places among those that are kept, as differences from what is expected.
  ///
  /// - Parameter period: after so many units amounts are similar.
  mutating func write(_ series: AmountSeries, period: Int) {
    write(signed: series.last)
    write(UInt64(series.count))
    let used = (series.pages.map { $0 > 0 }, series.conversions.map { $0 > 0 })
    write(list: zip(used.0, [true] + used.0).map { $0 == $1 ? 0 : 1 })
    write(list: zip(used.0, used.1).map { $0 == $1 ? 0 : 1 })
    for metric in Metric.allCases {
      var expected = ExpectedPlaces(period: period)
      write(
        list: series[metric].map(series.precision.place).compactMap { place in
          let difference = expected.goOn(to: place)
          return place > 0 ? UInt64(zigzag: difference) : nil
        })
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
  mutating func series(_ precision: AmountPrecision, period: Int, atMost capacity: Int) -> AmountSeries? {
    guard let last = signed(), abs(last) < 1 << 40, let number = number(), number <= capacity else { return nil }
    let count = Int(number)
    guard let changes = list(count), let differences = list(count), (changes + differences).allSatisfy({ $0 < 2 })
    else { return nil }
    var pagesUsed: [Bool] = []
    for change in changes { pagesUsed.append((change == 0) == (pagesUsed.last ?? true)) }
    let conversionsUsed = zip(pagesUsed, differences).map { ($1 == 0) == $0 }
    guard let pages = amounts(precision, period: period, used: pagesUsed),
      let conversions = amounts(precision, period: period, used: conversionsUsed),
      let gaps = gaps(before: last, atMost: capacity)
    else { return nil }
    return AmountSeries(precision, last: last, pages: pages, conversions: conversions, gaps: gaps)
  }

  private mutating func amounts(_ precision: AmountPrecision, period: Int, used: [Bool]) -> [Int64]? {
    guard let differences = list(used.count { $0 }) else { return nil }
    var (expected, amounts, rest) = (ExpectedPlaces(period: period), [Int64](), differences[...])
    amounts.reserveCapacity(used.count)
    let largest = precision.place(of: AmountSeries.largestAmount)
    for isUsed in used {
      guard isUsed, let difference = rest.popFirst() else {
        _ = expected.goOn(to: 0)
        amounts.append(0)
        continue
      }
      guard let place = expected.goOn(by: difference.zigzagged, upTo: largest) else { return nil }
      amounts.append(precision.amount(at: place))
    }
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

/// What place an amount is expected to have: between that of the latest use and that of a period before.
private struct ExpectedPlaces {
  private var places: [Int] = []
  private var latest = 0
  private let period: Int

  init(period: Int) {
    self.period = period
  }

  private var expected: Int {
    let before = places.count < period ? 0 : places[places.count - period]
    return before > 0 ? (before + latest) / 2 : latest
  }

  /// Takes in the next place, 0 for no use, and returns its difference from what was expected.
  mutating func goOn(to place: Int) -> Int {
    let difference = place - expected
    places.append(place)
    if place > 0 { latest = place }
    return difference
  }

  /// The place that differs by so much from what was expected; nil unless it is 1 to `largest`.
  mutating func goOn(by difference: Int, upTo largest: Int) -> Int? {
    let (place, isTooFar) = expected.addingReportingOverflow(difference)
    guard !isTooFar, (1...largest).contains(place) else { return nil }
    _ = goOn(to: place)
    return place
  }
}
