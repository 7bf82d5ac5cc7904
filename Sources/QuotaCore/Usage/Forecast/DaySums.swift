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

  /// Adds a day.
  ///
  /// - Parameter isKnown: whether its own use is known, not only its share of a sum.
  @inline(__always)
  mutating func add(_ use: Double, weight: Double, age: Double, discount: Double, part: UInt8, isKnown: Bool) {
    var run = DayRun(part: part, discount: discount, age: age)
    run.add(use, weight: weight, isKnown: isKnown)
    add(run)
  }

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

  /// Adds how far a sum over several days, which ``add(_:weight:age:discount:part:isKnown:)`` was given one by one, lies
  /// from their weights.
  mutating func addScatter(ofSum use: Double, weight: Double) {
    parts.0 += SIMD8(0, 0, 0, use * use, use * weight, weight * weight, weight, 0)
    units += 1
  }

  /// Adds days of which only the sum is known, the last of them in part.
  ///
  /// - Parameter end: the first day that does not count, with ``age`` 0.
  mutating func add(
    sum: Double, over days: Range<Int>, _ weekdays: WeekdayProfile, before end: Int, partOfLast: Double = 1
  ) {
    guard !days.isEmpty else { return }
    let last = days.upperBound - 1
    func weight(of day: Int) -> Double { weekdays.weight(of: day) * (day == last ? partOfLast : 1) }
    let total = days.reduce(0.0) { $0 + weight(of: $1) }
    guard sum >= 1, total > 0, partOfLast >= 0 else { return }
    var discount = 1.0
    for day in (days.lowerBound..<max(end, days.upperBound)).reversed() {
      let age = max(end - 1 - day, 0)
      if day < end - 1 { discount *= Self.discount }
      guard day <= last else { continue }
      add(
        sum * weight(of: day) / total, weight: weight(of: day), age: Double(age), discount: discount, part: 0,
        isKnown: false)
    }
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
  private var discount: Double
  private var age: Double
  private(set) var discountedDays = 0.0
  private(set) var units = 0
  // One by one, since that is faster than a vector.
  private var (use, weight, squaredDiscount, weightedAge) = (0.0, 0.0, 0.0, 0.0)
  private var (squaredUse, product, squaredWeight, knownWeight) = (0.0, 0.0, 0.0, 0.0)

  init(part: UInt8, discount: Double, age: Double) {
    (self.part, self.discount, self.age) = (part, discount, age)
  }

  /// As ``DaySums`` keeps them.
  var terms: SIMD8<Double> {
    SIMD8(use, weight, squaredDiscount, squaredUse, product, squaredWeight, knownWeight, weightedAge)
  }

  @inline(__always)
  mutating func add(_ use: Double, weight: Double, isKnown: Bool) {
    let discounted = discount * weight
    self.use += discount * use
    self.weight += discounted
    squaredDiscount += discount * discounted
    weightedAge += discounted * age
    let (knownUse, knownWeight) = isKnown ? (use, weight) : (0, 0)
    squaredUse += knownUse * use
    product += knownUse * weight
    squaredWeight += knownWeight * weight
    self.knownWeight += knownWeight
    units += isKnown ? 1 : 0
    discountedDays += discount
    discount *= DaySums.discount
    age += 1
  }

  /// Goes on with the days of another part.
  mutating func begin(_ part: UInt8) {
    self = DayRun(part: part, discount: discount, age: age)
  }
}
