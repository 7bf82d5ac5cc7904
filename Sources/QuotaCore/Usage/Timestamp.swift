package import FoundationEssentials

extension Date {
  private static let milliseconds = ISO8601FormatStyle(includingFractionalSeconds: true)

  /// ISO 8601 in UTC with milliseconds and `Z`: the one way in which times are stored and printed for programs.
  package var iso8601: String { formatted(Self.milliseconds) }

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
