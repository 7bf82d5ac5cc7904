extension VarintWriter {
  /// How much later each month is than the one before, and whether it is measured, then all counters, then the courses of
  /// the measured ones as 64ths and 1, or 0 where nothing is known, and their lulls.
  mutating func write(_ months: [RememberedMonth]) {
    write(UInt64(months.count))
    for (month, before) in zip(months, [0] + months.map(\.month)) {
      write(UInt64(month.month - before) << 1 | (month.isMeasured ? 1 : 0))
    }
    write(list: months.flatMap { month in Metric.allCases.map { UInt64(clamping: month.counters[$0]) } })
    let courses = months.filter(\.isMeasured).flatMap { month in Metric.allCases.map { month[$0] } }
    write(
      list: courses.flatMap { [$0.beginning, $0.end, $0.misfit] }.map { UInt64(($0?.sixtyFourths ?? -1) + 1) })
    write(list: courses.map { UInt64($0.lulls) })
  }
}

extension VarintReader {
  mutating func months() -> [RememberedMonth]? {
    guard let count = number(), count <= RememberedMonth.capacity else { return nil }
    var heads: [UInt64] = []
    for _ in 0..<count {
      let before = heads.last.map { $0 >> 1 } ?? 0
      guard let head = number(), head < 1 << 20, head >> 1 > 0 else { return nil }
      heads.append(head + before << 1)
    }
    let measured = heads.filter { $0 & 1 == 1 }.count
    guard let counters = list(heads.count * 2), let shares = list(measured * 6),
      let lulls = list(measured * 2), lulls.allSatisfy({ $0 < UsageProfile.dayCapacity })
    else { return nil }
    var (months, rest, restOfLulls) = ([RememberedMonth](), shares[...], lulls[...])
    for (index, head) in heads.enumerated() {
      var month = RememberedMonth(
        month: Int(head >> 1),
        counters: Counters(
          pages: Int64(clamping: counters[2 * index]), conversions: Int64(clamping: counters[2 * index + 1])))
      month.isMeasured = head & 1 == 1
      for metric in Metric.allCases where month.isMeasured {
        guard let course = MonthCourse(sixtyFourthsAndOne: rest.prefix(3), restOfLulls.removeFirst()) else {
          return nil
        }
        month[metric] = course
        rest = rest.dropFirst(3)
      }
      months.append(month)
    }
    return months
  }
}

extension MonthCourse {
  /// Nil for a share beyond the largest.
  fileprivate init?(sixtyFourthsAndOne numbers: ArraySlice<UInt64>, _ lulls: UInt64) {
    let shares = numbers.map { $0 > 0 ? Share(sixtyFourths: Int(clamping: $0 - 1)) : nil }
    guard zip(numbers, shares).allSatisfy({ ($0 == 0) == ($1 == nil) }), shares.count == 3 else { return nil }
    self.init(beginning: shares[0], end: shares[1], misfit: shares[2], lulls: Int(lulls))
  }
}
