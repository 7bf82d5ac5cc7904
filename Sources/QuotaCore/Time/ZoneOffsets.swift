package import FoundationEssentials

/// A zone's offsets from UTC, remembered by the hour, because asking the zone is slow and thousands of organizations
/// are observed within the same hours.
package struct ZoneOffsets: Sendable {
  private let zone: TimeZone
  private var known: [Int: Int] = [:]
  /// Nearly every question is about the same hour as the one before.
  private var latest: (hour: Int, offset: Int)?

  /// Enough for six weeks of hours; beyond that the oldest knowledge is of no use.
  private static let capacity = 2_048

  package init(_ zone: TimeZone) {
    self.zone = zone
  }

  /// Seconds east of UTC during an hour, counted in hours since 1970 in UTC.
  package mutating func offset(ofHour hour: Int) -> Int {
    if let latest, latest.hour == hour { return latest.offset }
    let offset = lookUp(hour)
    latest = (hour, offset)
    return offset
  }

  private mutating func lookUp(_ hour: Int) -> Int {
    if let offset = known[hour] { return offset }
    if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
    let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(hour) * 3_600))
    known[hour] = offset
    return offset
  }

  /// The local calendar day, in days since 1970, of a moment in seconds since 1970.
  mutating func day(of second: Int) -> Int {
    (second + offset(ofHour: second.floored(by: 3_600))).floored(by: 86_400)
  }
}
