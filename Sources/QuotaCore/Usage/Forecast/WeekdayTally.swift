/// Adds amounts up by weekday, Monday first.
struct WeekdayTally {
  /// Of eight numbers each, the last unused: sums, counts, the highest and the lowest.
  private let numbers: UnsafeMutableBufferPointer<Double>

  /// Has a tally for as long as `body` runs.
  static func with<Result>(_ body: (WeekdayTally) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 32) { numbers in
      numbers.initialize(repeating: 0)
      for index in 24..<32 { numbers[index] = .greatestFiniteMagnitude }
      return body(WeekdayTally(numbers: numbers))
    }
  }

  @inline(__always)
  func add(_ amount: Int64, on weekday: Int) { add(amount, ofDays: 1, between: amount, and: amount, on: weekday) }

  /// Adds some of successive days, all of one weekday.
  func add(_ amounts: UnsafeBufferPointer<Int64>, at numbers: DaySet, on weekday: Int) {
    guard !numbers.isEmpty else { return }
    var (sum, count, lowest, highest) = (Int64(0), 0, Int64.max, Int64.min)
    numbers.forEach { number in
      count += 1
      sum += amounts[number]
      lowest = min(lowest, amounts[number])
      highest = max(highest, amounts[number])
    }
    add(sum, ofDays: count, between: lowest, and: highest, on: weekday)
  }

  @inline(__always)
  private func add(_ sum: Int64, ofDays count: Int, between lowest: Int64, and highest: Int64, on weekday: Int) {
    numbers[weekday] += Double(sum)
    numbers[weekday + 8] += Double(count)
    numbers[weekday + 16] = max(numbers[weekday + 16], Double(highest))
    numbers[weekday + 24] = min(numbers[weekday + 24], Double(lowest))
  }

  var sums: SIMD8<Double> { vector(0) }
  var counts: SIMD8<Double> { vector(1) }
  var highest: SIMD8<Double> { vector(2) }
  var lowest: SIMD8<Double> { vector(3) }

  private func vector(_ index: Int) -> SIMD8<Double> {
    UnsafeRawBufferPointer(numbers).loadUnaligned(
      fromByteOffset: index * MemoryLayout<SIMD8<Double>>.size, as: SIMD8<Double>.self)
  }
}
