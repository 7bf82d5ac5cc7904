/// What days add up to. `λ` is what a day counts, half as much after each twelve days; `x` is its use, `v` the weight of its
/// weekday.
struct DaySums: Sendable {
  /// By ``MonthPart``, each as Σλx, Σλv, Σλ²v, Σx², Σxv, Σv², Σv and Σλv·age, the age in days.
  private var parts: (SIMD8<Double>, SIMD8<Double>, SIMD8<Double>) = (.zero, .zero, .zero)
  /// Σλ.
  private(set) var discountedDays = 0.0
  /// Of how many days, and sums over several days, the scatter is known.
  private(set) var units = 0

  /// What a day counts as a part of what the day after it counts: 2^(−1/12).
  static let discount = 0.943_874_312_681_693_5

  /// The mean use of a day.
  var level: Double { discountedDays > 0 ? (parts.0[0] + parts.1[0] + parts.2[0]) / discountedDays : 0 }

  mutating func add(_ run: DayRun) {
    switch run.part {
    case MonthPart.between.rawValue: parts.0 += run.terms
    case MonthPart.beginning.rawValue: parts.1 += run.terms
    case MonthPart.end.rawValue: parts.2 += run.terms
    default: return
    }
    discountedDays += run.discountedDays
    units += run.units
  }

  /// Adds how far the use of a day, or a sum over several, lies from its weight, or takes that away again.
  mutating func addScatter(
    of use: Double, weight: Double, part: UInt8 = MonthPart.between.rawValue, times sign: Int = 1
  ) {
    let terms = Double(sign) * SIMD8(0, 0, 0, use * use, use * weight, weight * weight, weight, 0)
    switch part {
    case MonthPart.between.rawValue: parts.0 += terms
    case MonthPart.beginning.rawValue: parts.1 += terms
    default: parts.2 += terms
    }
    units += sign
  }

  /// Adds days of which only the sum is known, the last of them in part.
  ///
  /// - Parameters:
  ///   - doubt: by how much the sum may be wrong; what is not more than that is nothing.
  ///   - end: the first day that does not count, with ``age`` 0.
  mutating func add(
    sum: Double, doubt: Double = 0, over days: Range<Int>, _ weekdays: WeekdayProfile, before end: Int,
    partOfLast: Double = 1
  ) {
    guard !days.isEmpty else { return }
    let last = days.upperBound - 1
    func weight(of day: Int) -> Double { weekdays.weight(of: day) * (day == last ? partOfLast : 1) }
    let total = days.reduce(0.0) { $0 + weight(of: $1) }
    let sum = abs(sum) > doubt ? sum : 0
    // That nothing was used tells something only where nothing else is known: it may be before the first use.
    guard sum >= (discountedDays > 0 ? 1 : 0), total > 0, partOfLast >= 0 else { return }
    var run = DayRun(part: MonthPart.between.rawValue)
    for day in (days.lowerBound..<max(end, days.upperBound)).reversed() {
      if day <= last { run.addShare(sum * weight(of: day) / total, weight: weight(of: day)) }
      if day < end { run.goOn() }
    }
    add(run)
  }

  /// With the weights of each part of the month multiplied by its factor; Σx², Σxv and Σv² are for the scatter.
  func total(with factors: MonthFactors) -> SIMD8<Double> {
    func powers(_ factor: Double) -> SIMD8<Double> {
      SIMD8(1, factor, factor, 1, factor, factor * factor, factor, factor)
    }
    return parts.0 + parts.1 * powers(factors.beginning) + parts.2 * powers(factors.end)
  }
}

/// Successive days of one part of a month, or of those that are left out, from the latest back.
struct DayRun {
  private(set) var part: UInt8
  /// What the next day counts, and its age.
  private var discount = 1.0
  private var age = 0.0
  private(set) var discountedDays = 0.0
  private(set) var units = 0
  // One by one, since that is faster than a vector.
  private var (use, weight, squaredDiscount, weightedAge) = (0.0, 0.0, 0.0, 0.0)
  private var (squaredUse, product, squaredWeight, knownWeight) = (0.0, 0.0, 0.0, 0.0)

  init(part: UInt8) {
    self.part = part
  }

  /// As ``DaySums`` keeps them.
  var terms: SIMD8<Double> {
    SIMD8(use, weight, squaredDiscount, squaredUse, product, squaredWeight, knownWeight, weightedAge)
  }

  @inline(__always)
  mutating func add(_ use: Double, weight: Double) {
    addShare(use, weight: weight)
    squaredUse += use * use
    product += use * weight
    squaredWeight += weight * weight
    knownWeight += weight
    units += 1
    goOn()
  }

  /// Adds a day of which only its share of a sum is known, which says nothing of its scatter.
  @inline(__always)
  mutating func addShare(_ use: Double, weight: Double) {
    let discounted = discount * weight
    self.use += discount * use
    self.weight += discounted
    squaredDiscount += discount * discounted
    weightedAge += discounted * age
    discountedDays += discount
  }

  /// Goes on to the day before.
  @inline(__always)
  mutating func goOn() {
    discount *= DaySums.discount
    age += 1
  }

  /// Goes on with the days of another part.
  mutating func begin(_ part: UInt8) {
    let (discount, age) = (discount, age)
    self = DayRun(part: part)
    (self.discount, self.age) = (discount, age)
  }
}
