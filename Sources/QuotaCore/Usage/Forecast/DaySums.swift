/// What days add up to. `λ` is what a day counts, half as much after each twelve days; `x` is its use, `v` the weight of its
/// weekday.
struct DaySums: Sendable {
  /// Σλx, Σλv, Σλ²v, Σx², Σxv, Σv², Σv and Σλv·age, the age in days.
  private var parts = ByMonthPart(repeating: SIMD8<Double>.zero)
  /// Σλ.
  private(set) var discountedDays = 0.0
  /// Of how many days, and sums over several days, the scatter is known.
  private(set) var units = 0

  /// What a day counts as a part of what the day after it counts: 2^(−1/12).
  private static let discount = 0.943_874_312_681_693_5
  /// For a day of each age λ, λ², λ·age and 1.
  private static let discounts: [SIMD4<Double>] = {
    var (all, discount) = ([SIMD4<Double>](), 1.0)
    for age in 0..<64 {
      all.append(SIMD4(discount, discount * discount, discount * Double(age), 1))
      discount *= Self.discount
    }
    return all
  }()

  /// The mean use of a day.
  var level: Double {
    discountedDays > 0 ? (parts.between[0] + parts.beginning[0] + parts.end[0]) / discountedDays : 0
  }

  /// Adds days.
  ///
  /// - Parameters:
  ///   - amounts: what was used on at most 64 successive days, the last of which has age 0.
  ///   - days: the numbers of those that count.
  mutating func add(
    _ amounts: UnsafeBufferPointer<Int64>, from first: Int, _ days: ByMonthPart<DaySet>, _ weekdays: WeekdayProfile
  ) {
    Self.discounts.withUnsafeBufferPointer { discounts in
      func sums(_ days: DaySet) -> SIMD8<Double> {
        var (sums, weekday) = (SIMD8<Double>.zero, WeekdayProfile.weekday(first))
        for number in 0..<7 {
          let column = days.and(.weekly(from: number))
          if !column.isEmpty {
            let terms = Self.terms(amounts, column, discounts)
            sums += terms * Self.powers(weekdays[weekday])
            discountedDays += terms[1]
          }
          weekday = weekday == 6 ? 0 : weekday + 1
        }
        units += days.count
        return sums
      }
      parts.between += sums(days.between)
      parts.beginning += sums(days.beginning)
      parts.end += sums(days.end)
    }
  }

  /// The sums of days with a weight of 1.
  @inline(__always)
  private static func terms(
    _ amounts: UnsafeBufferPointer<Int64>, _ days: DaySet, _ discounts: UnsafeBufferPointer<SIMD4<Double>>
  ) -> SIMD8<Double> {
    var (sum, squares, discountedSum, counts) = (Int64(0), 0.0, 0.0, SIMD4<Double>.zero)
    days.forEach { number in
      let discount = discounts[amounts.count - 1 - number]
      let use = Double(amounts[number])
      sum &+= amounts[number]
      squares += use * use
      discountedSum += discount[0] * use
      counts += discount
    }
    return SIMD8(discountedSum, counts[0], counts[1], squares, Double(sum), counts[3], counts[3], counts[2])
  }

  /// With which power of a weight each sum grows.
  private static func powers(_ weight: Double) -> SIMD8<Double> {
    SIMD8(1, weight, weight, 1, weight, weight * weight, weight, weight)
  }

  /// Adds how far the use of a day, or a sum over several, lies from its weight, or takes that away again.
  mutating func addScatter(of use: Double, weight: Double, _ part: MonthPart, times sign: Int = 1) {
    let terms = Double(sign) * SIMD8(0, 0, 0, use * use, use * weight, weight * weight, weight, 0)
    switch part {
    case .between: parts.between += terms
    case .beginning: parts.beginning += terms
    case .end: parts.end += terms
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
    for day in days {
      let (weight, age) = (weight(of: day), max(end - 1 - day, 0))
      let discount = age < Self.discounts.count ? Self.discounts[age][0] : 0
      parts.between += SIMD8(
        discount * sum * weight / total, discount * weight, discount * discount * weight, 0, 0, 0, 0,
        discount * weight * Double(age))
      discountedDays += discount
    }
  }

  /// Of the days between the beginnings and the ends of months; of all where none of them counts.
  var between: SIMD8<Double> { parts.between[1] > 0 ? parts.between : total(with: .none) }

  /// With the weights of each part of the month multiplied by its factor; Σx², Σxv and Σv² are for the scatter.
  func total(with factors: MonthFactors) -> SIMD8<Double> {
    guard factors != .none else { return parts.between + parts.beginning + parts.end }
    return parts.between + parts.beginning * Self.powers(factors.beginning) + parts.end * Self.powers(factors.end)
  }
}
