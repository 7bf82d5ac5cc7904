package import FoundationEssentials

/// A zone's offsets from UTC, remembered by the hour, because asking the zone is slow and thousands of organizations
/// are observed within the same hours.
package struct ZoneOffsets: Sendable {
  private let zone: TimeZone
  /// The latest hours that were asked for, each at a place that follows from its number.
  private var known = [Known](repeating: Known(), count: capacity)

  private struct Known {
    var hour = Int.min
    var offset = 0
  }

  /// Enough for six weeks of hours; a power of two.
  private static let capacity = 1_024

  package init(_ zone: TimeZone) {
    self.zone = zone
  }

  /// Seconds east of UTC during an hour, counted in hours since 1970 in UTC.
  package mutating func offset(ofHour hour: Int) -> Int {
    let place = hour & (Self.capacity - 1)
    if known[place].hour != hour {
      let moment = Date(timeIntervalSince1970: TimeInterval(hour) * 3_600)
      known[place] = Known(hour: hour, offset: zone.secondsFromGMT(for: moment))
    }
    return known[place].offset
  }

  /// The local calendar day, in days since 1970, of a moment in seconds since 1970.
  mutating func day(of second: Int) -> Int {
    (second + offset(ofHour: second.floored(by: 3_600))).floored(by: 86_400)
  }
}
