package import FoundationEssentials

extension Date {
  private static let milliseconds = ISO8601FormatStyle(includingFractionalSeconds: true)

  /// ISO 8601 in UTC with milliseconds and `Z`: the one way in which times are stored and printed for programs.
  ///
  /// The style cuts off what is below a millisecond, and a time in floating point may lie just below the one that it
  /// stands for; hence the rounding and the tenth of a millisecond on top.
  package var iso8601: String { roundedToMilliseconds.addingTimeInterval(0.000_1).formatted(Self.milliseconds) }

  /// Parses what ``iso8601`` writes.
  package init?(iso8601 text: String) {
    guard let date = try? Date(text, strategy: Self.milliseconds) else { return nil }
    self = date.roundedToMilliseconds
  }

  /// The same moment to the millisecond, so that a stored time equals the one in memory.
  package var roundedToMilliseconds: Date {
    Date(timeIntervalSince1970: (timeIntervalSince1970 * 1_000).rounded() / 1_000)
  }
}
