/// Some of up to 64 successive days, by their number from the first one, which is 0.
struct DaySet: Hashable, Sendable {
  private var bits: UInt64 = 0

  static let none = DaySet()

  private init() {}

  /// - Parameter numbers: from 0 to 64.
  init(_ numbers: Range<Int>) {
    if !numbers.isEmpty { bits = .max << UInt64(numbers.lowerBound) & .max >> UInt64(64 - numbers.upperBound) }
  }

  /// Some successive days, as far as they are among the 64.
  init(_ count: Int, from number: Int) {
    bits = (1 << UInt64(count) - 1) << number
  }

  /// The days of at most 64 on which no more than so much was used.
  init(of amounts: UnsafeBufferPointer<Int64>, upTo limit: Int64) {
    // The sign of a difference, since a branch costs more.
    for number in amounts.indices {
      bits |= (UInt64(bitPattern: amounts[number] - limit - 1) >> 63) &<< UInt64(number)
    }
  }

  /// One day in each week, from one of the first week on.
  static func weekly(from number: Int) -> DaySet {
    var days = DaySet()
    // Every seventh bit.
    days.bits = 0x8102_0408_1020_4081 << UInt64(number)
    return days
  }

  var isEmpty: Bool { bits == 0 }
  var count: Int { bits.nonzeroBitCount }

  func contains(_ number: Int) -> Bool { bits >> UInt64(number) & 1 == 1 }

  mutating func insert(_ other: DaySet) { bits |= other.bits }

  mutating func remove(_ other: DaySet) { bits &= ~other.bits }

  func and(_ other: DaySet) -> DaySet {
    var both = self
    both.bits &= other.bits
    return both
  }

  /// Visits the days in their order.
  @inline(__always)
  func forEach(_ body: (_ number: Int) -> Void) {
    var rest = bits
    while rest != 0 {
      body(rest.trailingZeroBitCount)
      rest &= rest &- 1
    }
  }

  /// Whether so many days, or more, follow one another.
  func hasRun(of count: Int) -> Bool {
    var (starts, known) = (bits, 1)
    while known < count {
      let step = min(known, count - known)
      starts &= starts >> UInt64(step)
      known += step
    }
    return starts != 0
  }

  /// Takes the first days away that follow one another.
  mutating func popRun() -> Range<Int>? {
    guard bits != 0 else { return nil }
    let begin = bits.trailingZeroBitCount
    let run = begin..<begin + (~(bits >> UInt64(begin))).trailingZeroBitCount
    remove(DaySet(run))
    return run
  }
}
