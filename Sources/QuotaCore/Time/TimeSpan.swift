package import FoundationEssentials

/// A length of time in whole seconds, written `30s`, `15m`, `6h`, `2d` or `2w`.
package struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// At least 1.
  package let seconds: Int64

  package static func seconds(_ count: Int64) -> TimeSpan { TimeSpan(seconds: count) }
  package static func minutes(_ count: Int64) -> TimeSpan { TimeSpan(seconds: count * 60) }
  package static func hours(_ count: Int64) -> TimeSpan { TimeSpan(seconds: count * 3_600) }
  package static func days(_ count: Int64) -> TimeSpan { TimeSpan(seconds: count * 86_400) }

  private init(seconds: Int64) {
    self.seconds = seconds
  }

  private static let units: [(suffix: Character, seconds: Int64)] = [
    ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
  ]

  /// Parses a positive whole number followed by `s`, `m`, `h`, `d` or `w`; at most ten years.
  package init?(_ text: String) {
    guard let unit = Self.units.first(where: { $0.suffix == text.last }),
      text.utf8.dropLast().allSatisfy(\.isDigit),
      text.utf8.first != UInt8(ascii: "0"), text.utf8.count <= 10, let count = Int64(text.dropLast()),
      count * unit.seconds <= 3_653 * 86_400
    else { return nil }
    self.init(seconds: count * unit.seconds)
  }

  /// In the largest unit up to days that divides it.
  package var description: String {
    let unit = Self.units.dropFirst().first { seconds % $0.seconds == 0 } ?? ("s", 1)
    return "\(seconds / unit.seconds)\(unit.suffix)"
  }

  package static func < (first: TimeSpan, second: TimeSpan) -> Bool { first.seconds < second.seconds }
}

extension Date {
  /// The moment so much later.
  package static func + (date: Date, span: TimeSpan) -> Date { date.addingTimeInterval(TimeInterval(span.seconds)) }

  /// The moment so much earlier.
  package static func - (date: Date, span: TimeSpan) -> Date { date.addingTimeInterval(-TimeInterval(span.seconds)) }
}
