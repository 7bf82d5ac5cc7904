/// The parts of a projection, for whoever wants to follow it.
package struct ProjectionParts: Hashable, Codable, Sendable {
  package let metric: Metric
  package let used: Int64
  /// What is used on an average day now.
  package let pace: Double
  /// How many average days the days to come are like, by their weekdays, without the beginning's and the end's factor.
  package let daysToCome: Double
  /// What the first and the last three days of the month come to as a part of the days between; nil where all are alike.
  package let monthBeginning: Double?
  package let monthEnd: Double?
  /// What the days to come are multiplied with for the trend of the last months; nil where there is none.
  package let trend: Double?
  /// What the days to come are multiplied with, since there were several lulls in the last months; nil where there were
  /// not.
  package let lulls: Double?
  package let projected: Int64
  /// Between which the total lies in four of five cases.
  package let low: Int64
  package let high: Int64

  enum CodingKeys: String, CodingKey {
    case metric, used, pace
    case daysToCome = "days_to_come"
    case monthBeginning = "month_beginning"
    case monthEnd = "month_end"
    case trend, lulls, projected, low, high
  }

  /// `pages: 600 used + 100 a day × 14.3 average days to come, …`
  package var words: String {
    var parts = ["\(metric.rawValue): \(used.grouped) used, \(Self.decimal(pace)) on an average day"]
    parts.append("the days to come are like \(Self.decimal(daysToCome)) of these")
    if let monthBeginning { parts.append("the month's first days bring \(Self.decimal(monthBeginning)) times as much") }
    if let monthEnd { parts.append("its last days bring \(Self.decimal(monthEnd)) times as much") }
    if let trend { parts.append("the trend of the last months makes it \(Self.decimal(trend)) times as much") }
    if let lulls { parts.append("lulls such as those of the last months leave \(Self.decimal(lulls)) of it") }
    parts.append("which makes \(projected.grouped), \(low.grouped) to \(high.grouped) in four of five cases")
    return parts.joined(separator: "; ")
  }

  /// With at most two decimals.
  private static func decimal(_ value: Double) -> String {
    let hundredths = Int64((value * 100).rounded())
    let (whole, rest) = (hundredths / 100, hundredths % 100)
    let fraction = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
    return whole.grouped + fraction
  }
}

extension Forecast {
  package var parts: ProjectionParts {
    let average = estimate.weekdays.week / 7
    let plain = rest.weight(estimate.weekdays, .none)
    func told(_ factor: Double) -> Double? { Self.rounded(factor) == 1 ? nil : Self.rounded(factor) }
    return ProjectionParts(
      metric: metric, used: used, pace: Self.rounded(estimate.pace * average),
      daysToCome: Self.rounded(average > 0 ? plain / average : 0), monthBeginning: told(factors.beginning),
      monthEnd: told(factors.end), trend: told(growth),
      lulls: told(1 - lulls.share(of: rest.days)), projected: projected, low: range.lowerBound,
      high: range.upperBound)
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
