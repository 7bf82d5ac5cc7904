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
    let elapsed = Double(rest.today - rest.firstDay) + rest.elapsedOfToday
    return [Point(day: elapsed, expected: used, range: used...used)]
      + (rest.today + 1...rest.end).map { day in
        let outlook = outlook(at: day)
        return Point(
          day: Double(day - rest.firstDay), expected: max(Self.whole(outlook.expected), used),
          range: range(of: outlook))
      }
  }
}
