extension Forecast {
  /// What a counter is expected to show at one moment of its month.
  package struct Point: Hashable, Sendable {
    /// Days since the month's beginning.
    package let day: Double
    package let expected: Int64
    /// Between which it lies in four of five cases.
    package let range: ClosedRange<Int64>
  }

  /// The way from the reading to the month's end: the reading itself, and the end of each day from its own on.
  package var path: [Point] {
    let elapsed = Double(rest.today - rest.month.firstDay) + rest.elapsedOfToday
    return [Point(day: elapsed, expected: used, range: used...used)]
      + (rest.today + 1...rest.month.end).map { day in
        let (weight, days) = (rest.weight(estimate.weekdays, factors, upTo: day) * growth, rest.days(upTo: day))
        let middle = Double(used) + estimate.pace * weight
        let margin = Normal.fourOfFive * (surprise * estimate.variance(ofWeight: weight, days: days)).squareRoot()
        return Point(
          day: Double(day - rest.month.firstDay), expected: max(Self.whole(middle), used),
          range: max(Self.whole(middle - margin), used)...max(Self.whole(middle + margin), used))
      }
  }
}
