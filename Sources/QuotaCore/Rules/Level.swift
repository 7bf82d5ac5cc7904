/// A mark on a counter: so many percent of the quota, or an absolute count.
package enum Level: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// In hundredths of a percent, so that `99.5` is exact; at least 1.
  case percent(hundredths: Int64)
  /// At least 1.
  case count(Int64)

  /// The count at which the level is reached: the smallest whole number that is not below it. Nil for a percentage
  /// without a quota. With a quota of 0 every use is over it, so every percentage is reached at 1.
  package func threshold(quota: Int64?) -> Int64? {
    switch self {
    case .count(let count): return count
    case .percent(let hundredths):
      guard let quota else { return nil }
      guard quota > 0 else { return 1 }
      let (small, overflows) = quota.multipliedReportingOverflow(by: hundredths)
      if !overflows { return small / 10_000 + (small % 10_000 == 0 ? 0 : 1) }
      let product = quota.multipliedFullWidth(by: hundredths)
      // The decoder keeps quotas and percentages small enough for the quotient to fit.
      let (quotient, remainder) = Int64(10_000).dividingFullWidth(product)
      return remainder == 0 ? quotient : quotient + 1
    }
  }

  /// `80%`, `99.5%` or `5000`.
  package var description: String {
    switch self {
    case .count(let count): "\(count)"
    case .percent(let hundredths): Self.decimal(hundredths) + "%"
    }
  }

  /// The same as people read it: `80%` or `5,000`.
  package var grouped: String {
    switch self {
    case .count(let count): count.grouped
    case .percent(let hundredths): Self.decimal(hundredths, whole: (hundredths / 100).grouped) + "%"
    }
  }

  /// Parses what ``description`` writes.
  package init?(_ text: String) {
    if text.utf8.last == UInt8(ascii: "%") {
      guard let hundredths = Self.hundredths(text.dropLast()) else { return nil }
      self = .percent(hundredths: hundredths)
    } else {
      guard let count = Int64(text), count > 0 else { return nil }
      self = .count(count)
    }
  }

  /// A percentage's hundredths as a decimal number without superfluous zeros.
  static func decimal(_ hundredths: Int64) -> String { decimal(hundredths, whole: "\(hundredths / 100)") }

  private static func decimal(_ hundredths: Int64, whole: String) -> String {
    let rest = hundredths % 100
    if rest == 0 { return whole }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// Parses a positive decimal number with at most two decimals, up to 100000.
  static func hundredths(_ text: some StringProtocol) -> Int64? {
    let digits = text.utf8
    let point = digits.firstIndex(of: UInt8(ascii: "."))
    let whole = digits[..<(point ?? digits.endIndex)]
    guard whole.count <= 6, var hundredths = whole.decimalNumber.map({ $0 * 100 }) else { return nil }
    if let point {
      let fraction = digits[point...].dropFirst()
      guard fraction.count <= 2, let number = fraction.decimalNumber else { return nil }
      hundredths += fraction.count == 1 ? number * 10 : number
    }
    return (1...10_000_000).contains(hundredths) ? Int64(hundredths) : nil
  }
}

extension Level: TextCoded {
  package static let expected = "a level"
}

extension Shape<Level> {
  /// A percentage above 0 with at most two decimals.
  package static var percentage: Shape {
    Shape(
      "percentage", plural: "percentages",
      [.init("type", "number"), .init("minimum", .number("0.01")), .init("maximum", 100_000)],
      accepts: [.number("0.01"), .number("99.5"), 100_000],
      refuses: [0, -5, .number("100000.5"), "50", .null], beyond: [.number("99.999"), .number("1e2")],
      encode: { if case .percent(let hundredths) = $0 { .number(Level.decimal(hundredths)) } else { nil } }
    ) { node in
      guard case .number(let text) = node.json.value, let hundredths = Level.hundredths(text) else {
        node.report("expected a percentage above 0 with at most two decimals, such as 80 or 99.5")
        return nil
      }
      return .percent(hundredths: hundredths)
    }
    .named("percentage", "A percentage above 0 with at most two decimals.")
  }

  static var countLevel: Shape {
    Shape<Int64>.count(from: 1, to: Quota.largest).map(Level.count)
  }
}
