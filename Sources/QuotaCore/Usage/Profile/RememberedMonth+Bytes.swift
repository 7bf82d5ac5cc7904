extension VarintWriter {
  /// The month, whether it is measured, its counters, and its shapes as 64ths and 1, or 0 where nothing is known.
  mutating func write(_ month: RememberedMonth) {
    write(UInt64(month.month) << 1 | (month.isMeasured ? 1 : 0))
    for metric in Metric.allCases { write(UInt64(clamping: month.counters[metric])) }
    guard month.isMeasured else { return }
    for metric in Metric.allCases {
      let shape = month[metric]
      write(list: [shape.beginning, shape.end, shape.misfit].map { UInt64(($0?.sixtyFourths ?? -1) + 1) })
    }
  }
}

extension VarintReader {
  mutating func months() -> [RememberedMonth]? {
    guard let count = number(), count <= RememberedMonth.capacity else { return nil }
    var months: [RememberedMonth] = []
    for _ in 0..<count {
      guard let month = month(), months.last.map({ $0.month < month.month }) ?? true else { return nil }
      months.append(month)
    }
    return months
  }

  private mutating func month() -> RememberedMonth? {
    guard let head = number(), head < 1 << 20, let pages = number(), let conversions = number() else { return nil }
    var month = RememberedMonth(
      month: Int(head >> 1),
      counters: Counters(pages: Int64(clamping: pages), conversions: Int64(clamping: conversions)))
    guard head & 1 == 1 else { return month }
    month.isMeasured = true
    for metric in Metric.allCases {
      guard let shape = shape() else { return nil }
      month[metric] = shape
    }
    return month
  }

  private mutating func shape() -> MonthCourse? {
    guard let shares = list(3) else { return nil }
    var read: [MonthCourse.Share?] = []
    for share in shares {
      guard share > 0 else {
        read.append(nil)
        continue
      }
      guard let known = MonthCourse.Share(sixtyFourths: Int(share - 1)) else { return nil }
      read.append(known)
    }
    return MonthCourse(beginning: read[0], end: read[1], misfit: read[2])
  }
}
